from django.contrib import admin
from unfold.admin import TabularInline

from participants.accounts.admin import OfficeAdmin
from programs.awareness.models import RequestedClass, RequestedSlot, TalkRequest


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
