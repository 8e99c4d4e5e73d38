from django.contrib import admin
from unfold.admin import ModelAdmin

from eocenter.models import DoorMark, Heartbeat


@admin.register(Heartbeat)
class HeartbeatAdmin(ModelAdmin):
    list_display = ["queue", "beaten_at"]
    search_fields = ["queue"]
    list_filter = ["beaten_at"]
    readonly_fields = ["queue", "beaten_at"]

    def has_add_permission(self, request):
        return False


@admin.register(DoorMark)
class DoorMarkAdmin(ModelAdmin):
    """That there are some says that Redis was away; what they say is nobody's business."""

    list_display = ["cache_key", "expires"]
    list_filter = ["expires"]
    fields = readonly_fields = ["cache_key", "expires"]

    def has_add_permission(self, request):
        return False
