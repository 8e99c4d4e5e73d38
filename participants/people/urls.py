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
    path("pupils/import/lists/<int:pk>/", views.pupil_list_taken, name="pupil-list-taken"),
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
    path("rights/terms/<int:pk>/apply/", views.term_switch, {"is_on": True}, name="term-apply"),
    path("rights/terms/<int:pk>/suspend/", views.term_switch, {"is_on": False}, name="term-suspend"),
    path("rights/trace/", views.trace_list, name="trace-list"),
    path("rights/trace/<int:pk>/", views.trace_pupil, name="trace-pupil"),
    path("rights/record/", views.processing_record, name="processing-record"),
    path("my-data/", views.own_data, name="own-data"),
]
duplicate_urls = [
    path("pupils/duplicates/", views.duplicate_list, name="duplicate-list"),
    path("pupils/duplicates/merged/", views.merge_list, name="merge-list"),
    path("pupils/duplicates/merged/<int:pk>/undo/", views.merge_undo, name="merge-undo"),
    path("pupils/duplicates/<int:pk>/", views.duplicate_detail, name="duplicate-detail"),
    path("pupils/duplicates/<int:pk>/apart/", views.duplicate_apart, name="duplicate-apart"),
]

pupil_urls = [
    path("pupils/", views.pupil_list, name="pupil-list"),
    path("pupils/new/", views.pupil_new, name="pupil-new"),
    path("pupils/<int:pk>/", views.pupil_detail, name="pupil-detail"),
    path("pupils/<int:pk>/edit/", views.pupil_edit, name="pupil-edit"),
    path("pupils/<int:pk>/history/", views.pupil_history, name="pupil-history"),
    path("pupils/<int:pk>/years/new/", views.pupil_enrol, name="pupil-enrol"),
    path("pupils/<int:pk>/studies/", views.pupil_studies, name="pupil-studies"),
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
    path("pupils/promotions/<int:pk>/confirm/", views.alone_confirm, name="alone-confirm"),
    path("pupils/promotions/classes/<int:pk>/confirm/", views.class_confirm, name="class-confirm"),
]

family_urls = [
    path("family/new-link/", views.family_new_link, name="family-new-link"),
    path("family/<str:token>/", views.family_page, name="family-page"),
    path("family/<str:token>/withdraw/", views.family_withdraw, name="family-withdraw"),
    path("family/<str:token>/studies/", views.family_studies, name="family-studies"),
    path("my-studies/", views.own_studies, name="own-studies"),
    path("agreements/", views.consent_page, name="consent-page"),
    path("agreements/withdraw/", views.consent_withdraw, name="consent-withdraw"),
]
consent_urls = [
    path("families/", views.family_list, name="family-list"),
    path("families/classes/<int:pk>/ask/", views.class_ask, name="class-ask"),
    path("families/classes/<int:pk>/papers/", views.class_papers, name="class-papers"),
    path("families/classes/<int:pk>/photos/", views.class_photos, name="class-photos"),
    path("families/pupils/<int:pk>/", views.family_detail, name="family-detail"),
    path("families/pupils/<int:pk>/ask/", views.family_ask, name="family-ask"),
    path("families/pupils/<int:pk>/paper/", views.family_paper, name="family-paper"),
    path("families/pupils/<int:pk>/scan/", views.family_scan, name="family-scan"),
    path("families/pupils/<int:pk>/guardians/<int:rank>/", views.guardian_edit, name="guardian-edit"),
    path("families/pupils/<int:pk>/guardians/<int:rank>/remove/", views.guardian_remove, name="guardian-remove"),
    path("families/pupils/<int:pk>/ledger/", views.consent_ledger, name="consent-ledger"),
    path("families/scans/<int:pk>/", views.consent_scan, name="consent-scan"),
    path("families/agreements/<int:pk>/end/", views.consent_end, name="consent-end"),
    path("families/texts/", views.consent_text_list, name="consent-text-list"),
    path("families/texts/<str:purpose>/", views.consent_text_edit, name="consent-text-edit"),
    path("families/by-hand/", views.by_hand_list, name="by-hand-list"),
    path("families/by-hand/<int:pk>/done/", views.by_hand_finish, {"is_done": True}, name="by-hand-done"),
    path("families/by-hand/<int:pk>/reopen/", views.by_hand_finish, {"is_done": False}, name="by-hand-reopen"),
]

own_urls = door_urls + contact_urls + volunteer_urls
families_urls = family_urls + consent_urls
urlpatterns = own_urls + pupil_urls + travel_urls + roster_urls + duplicate_urls + families_urls + right_urls
