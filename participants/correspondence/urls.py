from django.urls import path

from participants.correspondence.views import jobs, messages, rules

app_name = "correspondence"

message_urls = [
    path("messages/", messages.message_list, name="message-list"),
    path("messages/<int:pk>/", messages.message_detail, name="message-detail"),
    path("messages/<int:pk>/hold/", messages.message_hold, name="message-hold"),
    path("messages/<int:pk>/release/", messages.message_release, name="message-release"),
    path("messages/<int:pk>/resend/", messages.message_resend, name="message-resend"),
    path("messages/<int:pk>/cancel/", messages.message_cancel, name="message-cancel"),
]
rule_urls = [
    path("messages/rules/", rules.rule_list, name="rule-list"),
    path("messages/rules/<int:pk>/", rules.rule_edit, name="rule-edit"),
    path("messages/rules/<int:pk>/preview/", rules.rule_preview, name="rule-preview"),
    path("messages/rules/<int:pk>/test/", rules.rule_test, name="rule-test"),
]
job_urls = [
    path("files/", jobs.job_list, name="job-list"),
    path("files/<int:pk>/", jobs.job_detail, name="job-detail"),
    path("files/<int:pk>/seen/", jobs.job_seen, name="job-seen"),
    path("files/<int:pk>/download/", jobs.job_download, name="job-download"),
]
urlpatterns = [*message_urls, *rule_urls, *job_urls]
