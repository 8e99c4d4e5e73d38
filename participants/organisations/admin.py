from django.contrib import admin
from unfold.admin import ModelAdmin

from participants.organisations.models import ClassGroup, GrantScope, Organisation, School, SchoolYearProfile, Territory


@admin.register(Territory)
class TerritoryAdmin(ModelAdmin):
    list_display = ["name", "kind", "code", "zone"]
    list_filter = ["kind", "zone"]
    search_fields = ["name", "code"]
    autocomplete_fields = ["region", "academie"]


@admin.register(Organisation)
class OrganisationAdmin(ModelAdmin):
    list_display = ["name", "kind", "parent", "is_active"]
    list_filter = ["kind", "is_active"]
    search_fields = ["sort_name", "short_name", "uai"]
    autocomplete_fields = ["parent"]


@admin.register(GrantScope)
class GrantScopeAdmin(ModelAdmin):
    list_display = ["grant", "organisation", "school", "territory"]
    search_fields = ["grant__user__email"]
    autocomplete_fields = ["grant", "organisation", "school", "territory"]


@admin.register(School)
class SchoolAdmin(ModelAdmin):
    list_display = ["name", "commune", "uai", "kind", "state"]
    list_filter = ["kind", "state", "sector"]
    search_fields = ["sort_name", "uai"]
    autocomplete_fields = ["departement", "academie", "mother"]


@admin.register(SchoolYearProfile)
class SchoolYearProfileAdmin(ModelAdmin):
    list_display = ["school", "school_year", "priority_education", "ips", "ips_quintile"]
    list_filter = ["school_year", "priority_education", "ips_quintile"]
    search_fields = ["school__sort_name"]
    autocomplete_fields = ["school"]


@admin.register(ClassGroup)
class ClassGroupAdmin(ModelAdmin):
    list_display = ["name", "level", "school", "school_year", "head_count"]
    list_filter = ["school_year", "level"]
    search_fields = ["name", "school__sort_name"]
    autocomplete_fields = ["school"]
