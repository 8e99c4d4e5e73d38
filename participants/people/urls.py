from django.urls import path

from participants.people import views

app_name = "people"

door_urls = [
    path("join/school/", views.contact_join, name="contact-join"),
    path("join/school/<int:pk>/", views.contact_join_school, name="contact-join-school"),
    path("join/volunteer/", views.volunteer_join, name="volunteer-join"),
]
contact_urls = [
    path("contacts/", views.contact_list, name="contact-list"),
    path("contacts/posts/<int:pk>/approve/", views.post_decide, {"decision": "approve"}, name="post-approve"),
    path("contacts/posts/<int:pk>/refuse/", views.post_decide, {"decision": "refuse"}, name="post-refuse"),
    path("contacts/posts/<int:pk>/end/", views.post_decide, {"decision": "end"}, name="post-end"),
]
volunteer_urls = [
    path("volunteers/", views.volunteer_list, name="volunteer-list"),
    path("volunteers/me/", views.volunteer_profile, name="volunteer-profile"),
    path("volunteers/<int:pk>/approve/", views.volunteer_approve, name="volunteer-approve"),
]
travel_urls = [
    path("pupils/import/", views.pupil_import, name="pupil-import"),
    path("pupils/import/<int:pk>/", views.pupil_import_confirm, name="pupil-import-confirm"),
    path("pupils/export/", views.pupil_export, name="pupil-export"),
]
roster_urls = [
    path("class-lists/", views.roster_list, name="roster-list"),
    path("class-lists/new/", views.roster_new, name="roster-new"),
    path("class-lists/new/<int:school_pk>/", views.roster_send, name="roster-send"),
    path("class-lists/new/<int:school_pk>/template/", views.roster_template, name="roster-template"),
    path("class-lists/<int:pk>/", views.roster_detail, name="roster-detail"),
    path("class-lists/<int:pk>/columns/", views.roster_columns, name="roster-columns"),
    path("class-lists/<int:pk>/choose/", views.roster_choose, name="roster-choose"),
    path("class-lists/<int:pk>/confirm/", views.roster_confirm, name="roster-confirm"),
    path("class-lists/<int:pk>/discard/", views.roster_discard, name="roster-discard"),
    path("class-lists/<int:pk>/undo/", views.roster_undo, name="roster-undo"),
    path("class-lists/<int:pk>/refused/", views.roster_refused, name="roster-refused"),
]
right_urls = [
    path("rights/", views.right_list, name="right-list"),
    path("rights/new/", views.right_new, name="right-new"),
    path("rights/<int:pk>/", views.right_detail, name="right-detail"),
    path("rights/<int:pk>/person/", views.right_person, name="right-person"),
    path("rights/<int:pk>/correct/", views.right_correct, name="right-correct"),
    path("rights/<int:pk>/erase/", views.right_erase, name="right-erase"),
    path("rights/<int:pk>/archive/", views.right_archive, name="right-archive"),
    path("rights/<int:pk>/answer/", views.right_answer, name="right-answer"),
    path("rights/terms/", views.term_list, name="term-list"),
    path("rights/terms/<int:pk>/", views.term_edit, name="term-edit"),
    path("rights/trace/", views.trace_list, name="trace-list"),
    path("rights/trace/<int:pk>/", views.trace_pupil, name="trace-pupil"),
    path("rights/record/", views.processing_record, name="processing-record"),
    path("my-data/", views.own_data, name="own-data"),
]

pupil_urls = [
    path("pupils/", views.pupil_list, name="pupil-list"),
    path("pupils/new/", views.pupil_new, name="pupil-new"),
    path("pupils/<int:pk>/", views.pupil_detail, name="pupil-detail"),
    path("pupils/<int:pk>/edit/", views.pupil_edit, name="pupil-edit"),
    path("pupils/<int:pk>/history/", views.pupil_history, name="pupil-history"),
    path("pupils/<int:pk>/years/new/", views.pupil_enrol, name="pupil-enrol"),
    path("pupils/<int:pk>/notes/", views.note_write, name="note-write"),
    path("pupils/notes/<int:pk>/remove/", views.note_remove, name="note-remove"),
    path("pupils/years/<int:pk>/", views.enrolment_edit, name="enrolment-edit"),
    path("pupils/years/<int:pk>/facts/", views.enrolment_facts, name="enrolment-facts"),
    path("pupils/years/<int:pk>/move/", views.enrolment_move, name="enrolment-move"),
    path("pupils/years/<int:pk>/left/", views.enrolment_state, {"has_left": True}, name="enrolment-left"),
    path("pupils/years/<int:pk>/back/", views.enrolment_state, {"has_left": False}, name="enrolment-back"),
    path("pupils/promotions/", views.promotion_list, name="promotion-list"),
    path("pupils/promotions/schools/<int:pk>/", views.promotion_school, name="promotion-school"),
    path("pupils/promotions/<int:pk>/undo/", views.promotion_undo, name="promotion-undo"),
    path("pupils/promotions/classes/<int:pk>/confirm/", views.class_confirm, name="class-confirm"),
]

urlpatterns = door_urls + contact_urls + volunteer_urls + pupil_urls + travel_urls + roster_urls + right_urls
