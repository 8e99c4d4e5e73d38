"""What travels in files: schools by their UAI, organisations by kind and name, classes by school, year and name.

Schools only travel out this way; they come in with `manage.py import_schools`, which knows the official files.
"""

from import_export import fields, resources
from import_export.widgets import ForeignKeyWidget

from participants.organisations.models import ClassGroup, Organisation, School, Territory


class CheckedResource(resources.ModelResource):
    """Rows go through the model's own rules, and unchanged ones are left alone."""

    class Meta:
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True


class OrganisationResource(CheckedResource):
    parent = fields.Field("parent", "parent", ForeignKeyWidget(Organisation, "name"))

    class Meta(CheckedResource.Meta):
        model = Organisation
        import_id_fields = ["kind", "name"]
        fields = [
            *("kind", "name", "short_name", "parent", "uai", "siret", "email_domain", "website", "city"),
            *("latitude", "longitude", "is_active"),
        ]


class SchoolResource(CheckedResource):
    departement = fields.Field("departement", "departement", ForeignKeyWidget(Territory, "code"))
    academie = fields.Field("academie", "academie", ForeignKeyWidget(Territory, "code"))

    class Meta(CheckedResource.Meta):
        model = School
        import_id_fields = ["uai"]
        fields = [
            *("uai", "name", "kind", "sector", "state", "address", "postcode", "commune_code", "commune"),
            *("departement", "academie", "latitude", "longitude", "email", "phone", "website"),
        ]


class ClassGroupResource(CheckedResource):
    school = fields.Field("school", "school", ForeignKeyWidget(School, "uai"))

    class Meta(CheckedResource.Meta):
        model = ClassGroup
        import_id_fields = ["school", "school_year", "name"]
        fields = ["school", "school_year", "name", "level", "head_count"]
