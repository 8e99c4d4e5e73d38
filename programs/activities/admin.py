"""The spine in the back office: programmes, activities and places are edited here; what people do (bookings,
assignments, counts) is only looked at here: it changes on the work pages and by files, both by the same rules."""

from django.contrib import admin
from django.db.models import URLField
from django.utils.translation import gettext_lazy as _

from participants.accounts.admin import LookedAtAdmin, OfficeAdmin, ReadOnlyAdmin, TravelsByAction
from participants.accounts.roles import Permission
from programs.activities.models import (
    Activity,
    Answer,
    AskedQuestion,
    Asking,
    Assignment,
    Attendance,
    Booking,
    Change,
    Feedback,
    Guest,
    Headcount,
    InboxMark,
    Inquiry,
    Kit,
    KitDocument,
    KitOpening,
    LevelQuota,
    PeriodLock,
    PriorityCriterion,
    Programme,
    ProgrammeScope,
    Question,
    Questionnaire,
    QuietVolunteer,
    Reply,
    RollEntry,
    Session,
    SpeakerSearch,
    Subscription,
    Topic,
    WhatIf,
)
from programs.activities.resources import (
    AssignmentResource,
    AttendanceResource,
    BookingResource,
    HeadcountResource,
    SessionResource,
)


class ManagedAdmin(OfficeAdmin):
    """Rows that many may read on the pages, and that only those who manage them find here."""

    def get_queryset(self, request):
        return super().get_queryset(request).managed_by(request.user, Permission.SESSION_MANAGE)


@admin.register(Topic)
class TopicAdmin(OfficeAdmin):
    list_display = ["name_fr", "name_en"]
    list_filter = ["activities__kind"]
    search_fields = ["name_fr", "name_en"]


@admin.register(Programme)
class ProgrammeAdmin(ManagedAdmin):
    list_display = ["name_fr", "code", "pillar", "lead", "starts_on", "ends_on"]
    list_filter = ["pillar", "lead"]
    list_select_related = ["lead"]
    search_fields = ["name_fr", "name_en", "code"]
    autocomplete_fields = ["lead"]


@admin.register(ProgrammeScope)
class ProgrammeScopeAdmin(OfficeAdmin):
    list_display = ["grant", "programme"]
    list_filter = ["grant__role"]
    list_select_related = ["grant__user", "programme"]
    search_fields = ["grant__user__email", "programme__name_fr"]
    autocomplete_fields = ["grant", "programme"]


@admin.register(Activity)
class ActivityAdmin(ManagedAdmin):
    list_display = ["title_fr", "kind", "programme", "organisation", "school_year", "state", "is_public"]
    list_filter = ["school_year", "kind", "state", "is_public", "programme", "organisation"]
    list_select_related = ["programme", "organisation"]
    search_fields = ["title_fr", "title_en"]
    autocomplete_fields = ["programme", "organisation", "topics"]
    readonly_fields = ["seats_taken", "seats_overridden"]


@admin.register(Session)
class SessionAdmin(TravelsByAction, LookedAtAdmin):
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    resource_classes = [SessionResource]
    list_display = ["activity", "starts_at", "school", "campus", "state", "volunteers_confirmed", "volunteer_places"]
    list_filter = ["state", "activity__school_year", "activity__kind", "activity__organisation"]
    list_select_related = ["activity", "school", "campus"]
    search_fields = ["activity__title_fr", "school__sort_name"]


@admin.register(Assignment)
class AssignmentAdmin(TravelsByAction, LookedAtAdmin):
    resource_classes = [AssignmentResource]
    list_display = ["volunteer", "session", "role", "state", "applied_at"]
    ordering = ["-pk"]
    list_filter = ["state", "role"]
    list_select_related = ["volunteer", "session__activity"]
    search_fields = ["volunteer__sort_name", "session__activity__title_fr"]


@admin.register(Booking)
class BookingAdmin(TravelsByAction, LookedAtAdmin):
    resource_classes = [BookingResource]
    export_permission = Permission.PUPIL_EXPORT
    list_display = ["class_group", "pupil", "guest", "session", "activity", "seats", "stage", "booked_at"]
    ordering = ["-pk"]
    list_filter = ["stage", "reason"]
    list_select_related = ["class_group", "pupil", "guest", "session__activity", "activity"]
    search_fields = ["class_group__name", "session__activity__title_fr"]


@admin.register(Guest)
class GuestAdmin(LookedAtAdmin):
    list_display = ["booking", "email", "is_proven", "language"]
    list_filter = ["is_proven", "language"]
    list_select_related = ["booking__session__activity", "booking__activity"]
    search_fields = ["email"]


@admin.register(Subscription)
class SubscriptionAdmin(LookedAtAdmin):
    list_display = ["email", "language", "query", "asked_at", "confirmed_at"]
    list_filter = ["language", "asked_at"]
    search_fields = ["email"]


@admin.register(LevelQuota)
class LevelQuotaAdmin(LookedAtAdmin):
    list_display = ["activity", "level_labels", "seats"]
    list_filter = ["activity__kind"]
    search_fields = ["activity__title_fr", "activity__title_en"]
    list_select_related = ["activity"]

    @admin.display(description=_("levels"))
    def level_labels(self, quota):
        return ", ".join(quota.level_labels)


@admin.register(PriorityCriterion)
class PriorityCriterionAdmin(LookedAtAdmin):
    list_display = ["activity", "criterion", "weight"]
    search_fields = ["activity__title_fr", "activity__title_en"]
    list_filter = ["criterion"]
    list_select_related = ["activity"]


@admin.register(Inquiry)
class InquiryAdmin(LookedAtAdmin):
    list_display = ["text_fr", "kind", "organisation", "is_sensitive"]
    list_filter = ["kind", "is_sensitive"]
    list_select_related = ["organisation"]
    search_fields = ["text_fr", "text_en"]


@admin.register(AskedQuestion)
class AskedQuestionAdmin(LookedAtAdmin):
    list_display = ["question", "activity", "moment", "rank", "is_required"]
    search_fields = ["activity__title_fr", "activity__title_en", "question__text_fr", "question__text_en"]
    list_filter = ["moment"]
    list_select_related = ["question", "activity"]


@admin.register(Answer)
class AnswerAdmin(LookedAtAdmin):
    list_display = ["asked", "answered_at"]
    list_filter = ["answered_at", "asked__question__kind"]
    search_fields = ["asked__question__text_fr", "asked__question__text_en"]
    list_select_related = ["asked__question"]
    fields = ["asked", "answered_at"]


@admin.register(Kit)
class KitAdmin(LookedAtAdmin):
    list_display = ["activity"]
    list_filter = ["activity__kind"]
    search_fields = ["activity__title_fr", "activity__title_en"]
    list_select_related = ["activity"]


@admin.register(WhatIf)
class WhatIfAdmin(LookedAtAdmin):
    list_display = ["question_fr", "kit"]
    list_filter = ["kit__activity__kind"]
    search_fields = ["question_fr", "question_en"]
    list_select_related = ["kit__activity"]


@admin.register(KitDocument)
class KitDocumentAdmin(LookedAtAdmin):
    list_display = ["title", "kit", "added_at"]
    list_filter = ["added_at"]
    search_fields = ["title"]
    list_select_related = ["kit__activity"]


@admin.register(KitOpening)
class KitOpeningAdmin(LookedAtAdmin):
    list_display = ["assignment", "opened_at"]
    list_filter = ["opened_at"]
    search_fields = ["assignment__volunteer__sort_name"]
    list_select_related = ["assignment__volunteer", "assignment__session__activity"]


@admin.register(SpeakerSearch)
class SpeakerSearchAdmin(LookedAtAdmin):
    list_display = ["session", "state", "round", "size", "minutes", "started_at"]
    search_fields = ["session__activity__title_fr"]
    list_filter = ["state"]
    list_select_related = ["session__activity"]


@admin.register(Asking)
class AskingAdmin(LookedAtAdmin):
    list_display = ["assignment", "search", "round", "asked_at"]
    list_filter = ["asked_at"]
    search_fields = ["assignment__volunteer__sort_name"]
    list_select_related = ["assignment__volunteer", "assignment__session__activity", "search__session__activity"]


@admin.register(QuietVolunteer)
class QuietVolunteerAdmin(LookedAtAdmin):
    list_display = ["volunteer", "since"]
    list_filter = ["since"]
    search_fields = ["volunteer__sort_name"]
    list_select_related = ["volunteer"]


@admin.register(Attendance)
class AttendanceAdmin(TravelsByAction, LookedAtAdmin):
    resource_classes = [AttendanceResource]
    export_permission = Permission.PUPIL_EXPORT
    list_display = ["pupil", "session", "status", "minutes"]
    ordering = ["-pk"]
    list_filter = ["status"]
    list_select_related = ["pupil", "session__activity"]
    search_fields = ["pupil__sort_name", "session__activity__title_fr"]


@admin.register(Headcount)
class HeadcountAdmin(TravelsByAction, LookedAtAdmin):
    resource_classes = [HeadcountResource]
    list_display = ["session", "class_group", "level", "total", "girls", "boys", "source", "confirmed_at"]
    ordering = ["-pk"]
    list_filter = ["source", "level"]
    list_select_related = ["session__activity", "class_group"]
    search_fields = ["session__activity__title_fr", "class_group__name"]


@admin.register(PeriodLock)
class PeriodLockAdmin(OfficeAdmin):
    list_display = ["starts_on", "ends_on", "reason", "locked_by"]
    list_filter = ["starts_on"]
    search_fields = ["reason"]
    fields = ["starts_on", "ends_on", "reason"]

    def save_model(self, request, obj, form, change):
        if not change:
            obj.locked_by = request.user
        super().save_model(request, obj, form, change)


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    list_display = ["id", "session_id", "class_group_id", "noted_at"]
    list_filter = ["noted_at"]
    search_fields = ["session_id"]


@admin.register(RollEntry)
class RollEntryAdmin(LookedAtAdmin):
    list_display = ["session", "pupil", "status", "class_group", "total", "way", "observed_at", "is_standing"]
    list_filter = ["way", "status", "is_standing"]
    list_select_related = ["session__activity", "pupil", "class_group"]
    search_fields = ["session__activity__title_fr"]


class QuestionInline(admin.TabularInline):
    """The questions of a version that nobody has answered yet."""

    model = Question
    extra = 3

    def has_change_permission(self, request, obj=None):
        return (obj is None or not obj.sheets.exists()) and super().has_change_permission(request, obj)

    def has_add_permission(self, request, obj=None):
        return (obj is None or not obj.sheets.exists()) and super().has_add_permission(request, obj)

    has_delete_permission = has_change_permission


@admin.register(Questionnaire)
class QuestionnaireAdmin(OfficeAdmin):
    inlines = [QuestionInline]
    list_display = ["audience", "version", "first_school_year"]
    list_filter = ["audience"]
    search_fields = ["questions__text_fr"]

    def has_change_permission(self, request, obj=None):
        return (obj is None or not obj.sheets.exists()) and super().has_change_permission(request, obj)

    has_delete_permission = has_change_permission


@admin.register(Question)
class QuestionAdmin(ReadOnlyAdmin):
    list_display = ["questionnaire", "rank", "code", "kind", "text_fr"]
    list_filter = ["kind"]
    search_fields = ["text_fr", "text_en"]


@admin.register(Feedback)
class FeedbackAdmin(LookedAtAdmin):
    list_display = ["session", "questionnaire", "given_on"]
    list_filter = ["questionnaire"]
    list_select_related = ["session__activity", "questionnaire"]
    search_fields = ["session__activity__title_fr"]


@admin.register(Reply)
class ReplyAdmin(LookedAtAdmin):
    list_display = ["feedback", "question", "value", "text"]
    list_filter = ["question__kind"]
    list_select_related = ["feedback__session__activity", "feedback__questionnaire", "question"]
    search_fields = ["text"]


@admin.register(InboxMark)
class InboxMarkAdmin(LookedAtAdmin):
    list_display = ["key", "snoozed_until", "assigned_to", "changed_at"]
    list_filter = ["snoozed_until"]
    search_fields = ["key"]
    list_select_related = ["assigned_to"]
