"""The back office looks; what changes a message or a rule is done on the pages, where its rules are."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from participants.accounts.admin import LookedAtAdmin
from participants.correspondence.models import Job, Message, Rule


@admin.register(Rule)
class RuleAdmin(LookedAtAdmin):
    list_display = ["__str__", "subject", "is_active"]
    list_filter = ["is_active", "occasion"]
    search_fields = ["code", "subject_fr", "subject_en"]

    @admin.display(description=_("subject"))
    def subject(self, rule):
        return rule.subject


@admin.register(Message)
class MessageAdmin(LookedAtAdmin):
    list_display = ["title", "address", "due_at", "state", "reason_text"]
    list_filter = ["state", "occasion", "due_at"]
    list_select_related = ["rule", "recipient"]
    search_fields = ["address", "recipient__name"]  # shows the field; the pages say what it finds
    # What a mail of the house says (a sign-in code) is shown to nobody.
    exclude = ["text", "html"]

    @admin.display(description=_("title"))
    def title(self, message):
        return message.title

    @admin.display(description=_("reason"))
    def reason_text(self, message):
        return message.reason_text

    def get_search_results(self, request, queryset, search_term):
        return (queryset.matching(search_term) if search_term else queryset), False


@admin.register(Job)
class JobAdmin(LookedAtAdmin):
    list_display = ["label", "owner", "state", "created_at", "finished_at", "attempts"]
    list_filter = ["state", "kind"]
    list_select_related = ["owner"]
    search_fields = ["owner__email"]

    @admin.display(description=_("job"))
    def label(self, job):
        return job.label
