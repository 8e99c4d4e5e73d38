from django.contrib import admin
from unfold.admin import TabularInline

from participants.accounts.admin import Comes, LookedAtAdmin, OfficeAdmin, ReadOnlyAdmin, Travels, TravelsByAction
from participants.accounts.roles import Permission
from participants.people.models import (
    ByHand,
    Clearance,
    Consent,
    ConsentText,
    DuplicatePair,
    DuplicateSearch,
    Enrolment,
    Farewell,
    Guardian,
    Guardianship,
    Look,
    Merge,
    PromotedClass,
    Promotion,
    PromotionRow,
    Pupil,
    PupilList,
    PupilNote,
    RetentionRun,
    RetentionTerm,
    RightsRequest,
    Roster,
    RosterEffect,
    RosterRow,
    SchoolContact,
    SchoolPost,
    Study,
    Tombstone,
    Volunteer,
)
from participants.people.resources import (
    GuardianResource,
    PupilResource,
    SchoolContactResource,
    VolunteerResource,
)
from participants.people.rights import looks


class ClearanceInline(TabularInline):
    model = Clearance
    extra = 0


class SchoolPostInline(TabularInline):
    model = SchoolPost
    extra = 0
    autocomplete_fields = ["school"]
    readonly_fields = ["state", "proof", "decided_at", "decided_by"]


class EnrolmentInline(TabularInline):
    model = Enrolment
    extra = 0
    autocomplete_fields = ["school", "class_group"]


class GuardianshipInline(TabularInline):
    model = Guardianship
    extra = 0
    autocomplete_fields = ["guardian", "pupil"]


@admin.register(Volunteer)
class VolunteerAdmin(Travels, OfficeAdmin):
    resource_classes = [VolunteerResource]
    list_display = ["__str__", "kind", "member_school", "club", "joined_on", "ended_on"]
    list_filter = ["kind", "member_school", "club"]
    list_select_related = ["member_school", "club"]
    search_fields = ["sort_name", "user__email"]
    autocomplete_fields = ["user", "member_school", "club", "home_departement", "former_school"]
    inlines = [ClearanceInline]


@admin.register(Clearance)
class ClearanceAdmin(OfficeAdmin):
    list_display = ["volunteer", "kind", "checked_on", "valid_until"]
    list_filter = ["kind"]
    search_fields = ["volunteer__sort_name"]
    autocomplete_fields = ["volunteer"]


@admin.register(SchoolContact)
class SchoolContactAdmin(Travels, OfficeAdmin):
    resource_classes = [SchoolContactResource]
    list_display = ["__str__", "user"]
    list_filter = ["user__language", "user__is_active"]
    list_select_related = ["user"]
    search_fields = ["sort_name", "user__email"]
    autocomplete_fields = ["user"]
    inlines = [SchoolPostInline]


@admin.register(SchoolPost)
class SchoolPostAdmin(OfficeAdmin):
    list_display = ["contact", "school", "function", "state", "proof"]
    ordering = ["-pk"]
    list_filter = ["state", "proof", "function"]
    list_select_related = ["contact", "school"]
    search_fields = ["contact__sort_name", "school__sort_name"]
    autocomplete_fields = ["contact", "school"]
    readonly_fields = ["state", "proof", "decided_at", "decided_by"]


class NamesPupil:
    """Whoever opens a row that tells of a pupil, or its history, leaves the same trace as on the pages. Named before the
    admin, whose pages it watches."""

    def get_object(self, request, object_id, from_field=None):
        found = super().get_object(request, object_id, from_field)
        if found:
            looks.note(request.user, self.pupils_in(found))
        return found

    def pupils_in(self, found):
        return [found.pupil_id]


@admin.register(Pupil)
class PupilAdmin(NamesPupil, Comes, OfficeAdmin):
    resource_classes = [PupilResource]
    skip_admin_log = True  # the history of each row says more
    list_display = ["__str__", "birth_date", "sex"]
    list_filter = ["sex"]
    search_fields = ["sort_name"]
    autocomplete_fields = ["user"]
    inlines = [EnrolmentInline, GuardianshipInline]

    def pupils_in(self, found):
        return [found.pk]


@admin.register(Enrolment)
class EnrolmentAdmin(NamesPupil, OfficeAdmin):
    list_display = ["pupil", "school_year", "school", "level"]
    list_filter = ["school_year", "level", "scholarship"]
    list_select_related = ["pupil", "school"]
    search_fields = ["pupil__sort_name"]
    autocomplete_fields = ["pupil", "school", "class_group"]


@admin.register(Guardian)
class GuardianAdmin(NamesPupil, OfficeAdmin):
    list_display = ["__str__", "email", "language"]
    list_filter = ["language"]
    search_fields = ["sort_name", "email"]
    autocomplete_fields = ["user"]
    inlines = [GuardianshipInline]

    def pupils_in(self, found):
        return list(found.guardianships.values_list("pupil", flat=True))


@admin.register(Guardianship)
class GuardianshipAdmin(NamesPupil, TravelsByAction, OfficeAdmin):
    resource_classes = [GuardianResource]
    export_permission = Permission.PUPIL_EXPORT
    list_display = ["guardian", "pupil"]
    ordering = ["-pk"]
    list_filter = ["rank"]
    list_select_related = ["guardian", "pupil"]
    search_fields = ["guardian__sort_name", "pupil__sort_name"]
    autocomplete_fields = ["guardian", "pupil"]


@admin.register(ConsentText)
class ConsentTextAdmin(OfficeAdmin):
    list_display = ["purpose", "version", "title_fr", "published_at", "retired_at"]
    list_filter = ["purpose"]
    search_fields = ["title_fr", "title_en"]


@admin.register(Consent)
class ConsentAdmin(NamesPupil, OfficeAdmin):
    list_display = ["pupil", "purpose", "decision", "channel", "said_at", "valid_until", "withdrawn_at"]
    list_filter = ["purpose", "decision", "channel"]
    list_select_related = ["pupil"]
    search_fields = ["pupil__sort_name"]
    autocomplete_fields = ["pupil", "guardian", "text"]


@admin.register(Look)
class LookAdmin(LookedAtAdmin):
    list_display = ["hour", "user", "pupil", "what"]
    list_filter = ["what", "hour"]
    list_select_related = ["user", "pupil"]
    search_fields = ["pupil__sort_name", "user__name", "user__email"]


@admin.register(Roster)
class RosterAdmin(OfficeAdmin):
    list_display = ["school", "school_year", "state", "created_at"]
    ordering = ["-pk"]
    list_filter = ["state", "school_year"]
    list_select_related = ["school"]
    search_fields = ["school__sort_name"]


@admin.register(RosterRow)
class RosterRowAdmin(OfficeAdmin):
    list_display = ["roster", "line", "state"]
    list_filter = ["state"]
    list_select_related = ["roster__school"]
    search_fields = ["roster__school__sort_name"]


@admin.register(RosterEffect)
class RosterEffectAdmin(OfficeAdmin):
    list_display = ["roster", "kind", "object_id", "is_new"]
    list_filter = ["kind", "is_new"]
    list_select_related = ["roster__school"]
    search_fields = ["roster__school__sort_name"]


@admin.register(PupilList)
class PupilListAdmin(OfficeAdmin):
    list_display = ["taken_at", "sender", "undone_at"]
    list_filter = ["taken_at"]
    list_select_related = ["sender"]
    search_fields = ["sender__name", "sender__email"]


@admin.register(PupilNote)
class PupilNoteAdmin(NamesPupil, LookedAtAdmin):
    list_display = ["pupil", "author", "written_at"]
    ordering = ["-pk"]
    list_filter = ["written_at"]
    list_select_related = ["pupil", "author"]
    search_fields = ["pupil__sort_name"]


@admin.register(Study)
class StudyAdmin(NamesPupil, LookedAtAdmin):
    list_display = ["pupil", "school_year", "kind", "member_school", "source"]
    ordering = ["-pk"]
    list_filter = ["school_year", "kind", "source"]
    list_select_related = ["pupil", "member_school"]
    search_fields = ["pupil__sort_name"]


@admin.register(Promotion)
class PromotionAdmin(LookedAtAdmin):
    list_display = ["school", "school_year", "done_at", "done_by", "undone_at"]
    list_filter = ["school_year"]
    list_select_related = ["school", "done_by"]
    search_fields = ["school__sort_name"]


@admin.register(PromotedClass)
class PromotedClassAdmin(LookedAtAdmin):
    list_display = ["promotion", "class_group", "was_made"]
    list_filter = ["was_made"]
    list_select_related = ["promotion__school", "class_group"]
    search_fields = ["promotion__school__sort_name"]


@admin.register(PromotionRow)
class PromotionRowAdmin(LookedAtAdmin):
    list_display = ["promotion", "pupil", "outcome"]
    list_filter = ["outcome"]
    list_select_related = ["promotion__school", "pupil"]
    search_fields = ["pupil__sort_name"]


@admin.register(ByHand)
class ByHandAdmin(NamesPupil, OfficeAdmin):
    list_display = ["pupil", "task", "audience", "asked_at", "done_at"]
    list_filter = ["task", "audience"]
    list_select_related = ["pupil"]
    search_fields = ["pupil__sort_name"]
    autocomplete_fields = ["pupil"]


@admin.register(RightsRequest)
class RightsRequestAdmin(LookedAtAdmin):
    list_display = ["__str__", "subject", "received_on", "due_on", "state", "done_on"]
    ordering = ["-pk"]
    search_fields = ["about", "asked_by"]
    list_filter = ["kind", "state", "subject"]


@admin.register(Tombstone)
class TombstoneAdmin(LookedAtAdmin):
    list_display = ["__str__", "month", "ground"]
    search_fields = ["ground"]
    list_filter = ["model", "ground"]


@admin.register(RetentionTerm)
class RetentionTermAdmin(LookedAtAdmin):
    list_display = ["category", "months_active", "months_grace", "then", "applied_on", "applied_by"]
    list_select_related = ["applied_by"]
    list_filter = ["then"]
    search_fields = ["category"]


@admin.register(Farewell)
class FarewellAdmin(LookedAtAdmin):
    list_display = ["__str__", "announced_on", "told_on", "due_on"]
    search_fields = ["=person_id"]
    list_filter = ["model"]


@admin.register(RetentionRun)
class RetentionRunAdmin(LookedAtAdmin):
    list_display = ["ran_on", "announced", "active_again", "erased", "held_back", "rows_deleted"]
    list_filter = ["ran_on"]


@admin.register(DuplicatePair)
class DuplicatePairAdmin(LookedAtAdmin):
    list_display = ["one", "other", "score", "state", "found_at"]
    ordering = ["-pk"]
    list_filter = ["state"]
    list_select_related = ["one", "other"]
    search_fields = ["one__sort_name", "other__sort_name"]


@admin.register(Merge)
class MergeAdmin(LookedAtAdmin):
    list_display = ["kept", "gone_id", "merged_at", "merged_by", "undone_at"]
    list_filter = ["merged_at"]
    list_select_related = ["kept", "merged_by"]
    search_fields = ["kept__sort_name"]
    exclude = ["journal"]


@admin.register(DuplicateSearch)
class DuplicateSearchAdmin(ReadOnlyAdmin):
    list_display = ["started_at", "is_full", "compared", "found"]
    list_filter = ["is_full", "started_at"]
