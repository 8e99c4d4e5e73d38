from django.contrib import admin
from unfold.admin import ModelAdmin

from eocenter.models import Heartbeat


@admin.register(Heartbeat)
class HeartbeatAdmin(ModelAdmin):
    list_display = ["queue", "beaten_at"]
    search_fields = ["queue"]
    list_filter = ["beaten_at"]
    readonly_fields = ["queue", "beaten_at"]

    def has_add_permission(self, request):
        return False
