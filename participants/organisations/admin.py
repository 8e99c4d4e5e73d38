from django.contrib import admin
from django.db.models import URLField
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from participants.accounts.admin import GrantAdmin, Leaves, OfficeAdmin, Travels
from participants.accounts.models import Grant
from participants.organisations.models import ClassGroup, GrantScope, Organisation, School, SchoolYearProfile, Territory
from participants.organisations.resources import ClassGroupResource, OrganisationResource, SchoolResource
from participants.organisations.school_years import SchoolYearField, current_school_year, school_year_label

# Without it Django asks which scheme an address without one means.
HTTPS = {URLField: {"assume_scheme": "https"}}


YEARS_BACK = 10


class SchoolYearFilter(admin.ChoicesFieldListFilter):
    """The next school year and the last ten: to ask a table which it holds would be to read all of it."""

    def choices(self, changelist):
        yield from super().choices(changelist)
        now = current_school_year()
        for year in range(now + 1, now - YEARS_BACK, -1):
            yield {
                "selected": str(year) in (self.lookup_val or []),
                "query_string": changelist.get_query_string({self.lookup_kwarg: year}, [self.lookup_kwarg_isnull]),
                "display": school_year_label(year),
            }


admin.FieldListFilter.register(lambda field: isinstance(field, SchoolYearField), SchoolYearFilter, take_priority=True)


class GrantScopeInline(TabularInline):
    model = GrantScope
    extra = 0
    autocomplete_fields = ["organisation", "school", "territory"]
    verbose_name_plural = _("where it counts")


admin.site.unregister(Grant)


@admin.register(Grant)
class ScopedGrantAdmin(GrantAdmin):
    """A grant with where it counts: accounts know the role, organisations know the places."""

    inlines = [GrantScopeInline]


@admin.register(GrantScope)
class GrantScopeAdmin(OfficeAdmin):
    list_display = ["grant", "organisation", "school", "territory"]
    list_filter = ["grant__role"]
    list_select_related = ["grant__user", "organisation", "school", "territory"]
    search_fields = ["grant__user__email", "organisation__sort_name", "school__sort_name", "territory__name"]
    autocomplete_fields = ["grant", "organisation", "school", "territory"]


@admin.register(Territory)
class TerritoryAdmin(OfficeAdmin):
    list_display = ["name", "kind", "code", "region", "academie", "zone"]
    list_filter = ["kind", "zone"]
    list_select_related = ["region", "academie"]
    search_fields = ["name", "code"]
    autocomplete_fields = ["region", "academie"]


@admin.register(Organisation)
class OrganisationAdmin(Travels, OfficeAdmin):
    resource_classes = [OrganisationResource]
    formfield_overrides = HTTPS
    list_display = ["name", "kind", "parent", "city", "is_active"]
    list_filter = ["kind", "is_active"]
    list_select_related = ["parent"]
    search_fields = ["sort_name", "short_name", "uai"]
    autocomplete_fields = ["parent"]


class SchoolYearProfileInline(TabularInline):
    model = SchoolYearProfile
    extra = 0
    ordering = ["-school_year"]


@admin.register(School)
class SchoolAdmin(Leaves, OfficeAdmin):
    resource_classes = [SchoolResource]
    formfield_overrides = HTTPS
    list_display = ["name", "commune", "departement", "uai", "kind", "state"]
    list_filter = ["state", "kind", "sector", "academie"]
    list_select_related = ["departement"]
    search_fields = ["uai"]
    search_help_text = _("Name, town or UAI; a typing mistake does no harm.")
    autocomplete_fields = ["departement", "academie", "mother"]
    readonly_fields = ["imported_at"]
    inlines = [SchoolYearProfileInline]

    def get_search_results(self, request, queryset, search_term):
        return (queryset.search(search_term) if search_term else queryset), False


@admin.register(SchoolYearProfile)
class SchoolYearProfileAdmin(OfficeAdmin):
    list_display = ["school", "school_year", "priority_education", "ips", "ips_series", "ips_quintile"]
    list_filter = ["school_year", "priority_education", "neighbourhood", "ips_quintile"]
    list_select_related = ["school"]
    search_fields = ["school__sort_name", "school__uai"]
    autocomplete_fields = ["school"]


@admin.register(ClassGroup)
class ClassGroupAdmin(Travels, OfficeAdmin):
    resource_classes = [ClassGroupResource]
    list_display = ["name", "level", "school", "school_year", "head_count"]
    list_filter = ["school_year", "level"]
    list_select_related = ["school"]
    search_fields = ["name", "school__sort_name", "school__uai"]
    autocomplete_fields = ["school"]
