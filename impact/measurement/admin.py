from django.contrib import admin

from impact.measurement.models import Participation, ReachUnit, Target
from participants.accounts.admin import OfficeAdmin


class FactAdmin(OfficeAdmin):
    """Facts are read here, never written: they come from records."""

    list_filter = ["within", "school_year", "level"]
    search_fields = ["school__sort_name"]
    list_select_related = ["school", "organisation", "class_group", "session__activity"]
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(ReachUnit)
class ReachUnitAdmin(FactAdmin):
    list_display = ["__str__", "within", "school_year", "school", "level", "count", "girls", "boys", "session"]


@admin.register(Participation)
class ParticipationAdmin(FactAdmin):
    list_display = ["__str__", "within", "school_year", "school", "level", "attended", "expected", "minutes"]


@admin.register(Target)
class TargetAdmin(OfficeAdmin):
    list_display = ["__str__", "school_year", "programme", "indicator", "value"]
    list_select_related = ["programme"]
    list_filter = ["school_year", "indicator"]
    search_fields = ["programme__name_fr", "programme__name_en"]
    autocomplete_fields = ["programme"]
