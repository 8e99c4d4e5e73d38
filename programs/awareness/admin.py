from django.contrib import admin
from unfold.admin import TabularInline

from participants.accounts.admin import LookedAtAdmin, OfficeAdmin
from programs.awareness.models import (
    Campaign,
    CampaignPlan,
    CampaignSchool,
    CampaignSpeaker,
    CampaignTalk,
    Nomination,
    PairRule,
    PlannedSpeaker,
    PlannedTalk,
    PoolEntry,
    PoolInvitation,
    PoolRound,
    RequestedClass,
    RequestedSlot,
    SelfEntry,
    TalkRequest,
)


class RequestedClassInline(TabularInline):
    model = RequestedClass
    extra = 0
    autocomplete_fields = ["class_group"]


class RequestedSlotInline(TabularInline):
    model = RequestedSlot
    extra = 0


@admin.register(TalkRequest)
class TalkRequestAdmin(OfficeAdmin):
    """To look up and to correct; requests are answered on the planning board."""

    list_display = ["school", "contact", "state", "school_year", "sent_at", "handled_by", "handled_at"]
    ordering = ["-pk"]
    list_filter = ["state", "school_year", "format", "language", "decline_reason", "topics"]
    list_select_related = ["school", "contact", "handled_by"]
    search_fields = ["school__sort_name", "contact__sort_name", "contact__user__email"]
    autocomplete_fields = ["school", "contact"]
    filter_horizontal = ["topics"]
    readonly_fields = [
        "state",
        "sent_at",
        "taken_by",
        "taken_at",
        "handled_by",
        "handled_at",
        "decline_reason",
        "decline_text",
        "activity",
        "version",
    ]
    inlines = [RequestedClassInline, RequestedSlotInline]


@admin.register(RequestedClass)
class RequestedClassAdmin(OfficeAdmin):
    list_display = ["name", "level", "head_count", "request"]
    list_filter = ["level"]
    list_select_related = ["request__school"]
    search_fields = ["name", "request__school__sort_name"]
    autocomplete_fields = ["request", "class_group"]


@admin.register(RequestedSlot)
class RequestedSlotAdmin(OfficeAdmin):
    list_display = ["week", "weekday", "half_day", "request"]
    list_filter = ["half_day", "weekday"]
    list_select_related = ["request__school"]
    search_fields = ["request__school__sort_name"]
    autocomplete_fields = ["request"]


@admin.register(Campaign)
class CampaignAdmin(LookedAtAdmin):
    """To look up: campaigns are run on their own pages."""

    list_display = ["__str__", "school_year", "first_week", "last_week", "organisation"]
    list_filter = ["school_year"]
    list_select_related = ["organisation"]
    search_fields = ["name_fr", "name_en"]


@admin.register(CampaignSchool)
class CampaignSchoolAdmin(LookedAtAdmin):
    list_display = ["school", "campaign", "state", "wave", "invited_at", "answered_at"]
    list_filter = ["state", "wave"]
    list_select_related = ["school", "campaign"]
    search_fields = ["school__sort_name"]


@admin.register(CampaignSpeaker)
class CampaignSpeakerAdmin(LookedAtAdmin):
    """Without what was said for the composition of groups: only the search reads it."""

    list_display = ["volunteer", "campaign", "state", "most_talks", "answered_at"]
    list_filter = ["state"]
    list_select_related = ["volunteer", "campaign"]
    search_fields = ["volunteer__sort_name"]
    exclude = ["gender"]


@admin.register(CampaignTalk)
class CampaignTalkAdmin(LookedAtAdmin):
    list_display = ["class_group", "place", "session"]
    list_filter = ["place__campaign"]
    search_fields = ["class_group__name", "place__school__name"]
    list_select_related = ["class_group", "place__school", "place__campaign", "session__activity"]


@admin.register(CampaignPlan)
class CampaignPlanAdmin(LookedAtAdmin):
    list_display = ["campaign", "state", "asked_by", "asked_at", "applied_at"]
    search_fields = ["campaign__name_fr", "campaign__name_en"]
    list_filter = ["state"]
    list_select_related = ["campaign", "asked_by"]


@admin.register(PairRule)
class PairRuleAdmin(LookedAtAdmin):
    list_display = ["speaker", "talk", "kind", "made_by", "made_at"]
    search_fields = ["speaker__volunteer__sort_name"]
    list_filter = ["kind"]
    list_select_related = [
        "speaker__volunteer",
        "speaker__campaign",
        "talk__class_group",
        "talk__place__school",
        "made_by",
    ]


@admin.register(PlannedTalk)
class PlannedTalkAdmin(LookedAtAdmin):
    list_display = ["talk", "plan", "day", "half_day", "applied_at"]
    list_filter = ["half_day"]
    search_fields = ["talk__class_group__name"]
    list_select_related = ["talk__class_group", "talk__place__school", "plan__campaign"]


@admin.register(PlannedSpeaker)
class PlannedSpeakerAdmin(LookedAtAdmin):
    list_display = ["speaker", "planned"]
    list_filter = ["planned__half_day"]
    search_fields = ["speaker__volunteer__sort_name"]
    list_select_related = [
        "speaker__volunteer",
        "speaker__campaign",
        "planned__talk__class_group",
        "planned__talk__place__school",
    ]


@admin.register(PoolEntry)
class PoolEntryAdmin(LookedAtAdmin):
    list_display = ["pupil", "door", "entered_at", "left_at"]
    ordering = ["-pk"]
    list_filter = ["door"]
    list_select_related = ["pupil"]
    search_fields = ["pupil__sort_name"]


@admin.register(Nomination)
class NominationAdmin(LookedAtAdmin):
    list_display = ["pupil", "school", "school_year", "nominated_by", "nominated_at"]
    ordering = ["-pk"]
    list_filter = ["school_year", *Nomination.FACTS]
    list_select_related = ["pupil", "school", "nominated_by"]
    search_fields = ["pupil__sort_name", "school__sort_name"]


@admin.register(PoolRound)
class PoolRoundAdmin(LookedAtAdmin):
    list_display = ["activity", "made_at", "made_by", "reason"]
    list_filter = ["made_at"]
    search_fields = ["activity__title_fr", "activity__title_en"]
    list_select_related = ["activity", "made_by"]


@admin.register(PoolInvitation)
class PoolInvitationAdmin(LookedAtAdmin):
    list_display = ["pupil", "activity", "invited_on"]
    list_filter = ["invited_on"]
    list_select_related = ["pupil", "activity"]
    search_fields = ["pupil__sort_name"]


@admin.register(SelfEntry)
class SelfEntryAdmin(LookedAtAdmin):
    list_display = ["last_name", "first_name", "school", "state", "asked_at"]
    list_filter = ["state"]
    list_select_related = ["school"]
    search_fields = ["last_name", "school__sort_name"]
