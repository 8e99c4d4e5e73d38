"""What travels in files: schools by their UAI, organisations by kind and name, classes by school, year and name.

Schools only travel out this way; they come in with `manage.py import_schools`, which knows the official files.
"""

from import_export import fields

from participants.accounts.travel import Known, TravelResource
from participants.organisations.models import ClassGroup, Organisation, School, Territory


class OrganisationResource(TravelResource):
    parent = fields.Field("parent", "parent", Known(Organisation, "name"))

    class Meta(TravelResource.Meta):
        model = Organisation
        import_id_fields = ["kind", "name"]
        fields = [
            *("kind", "name", "short_name", "parent", "uai", "siret", "email_domain", "website", "city"),
            *("latitude", "longitude", "is_active"),
        ]


class SchoolResource(TravelResource):
    departement = fields.Field("departement", "departement", Known(Territory, "code"))
    academie = fields.Field("academie", "academie", Known(Territory, "code"))

    class Meta(TravelResource.Meta):
        model = School
        import_id_fields = ["uai"]
        fields = [
            *("uai", "name", "kind", "sector", "state", "address", "postcode", "commune_code", "commune"),
            *("departement", "academie", "latitude", "longitude", "email", "phone", "website"),
        ]


class ClassGroupResource(TravelResource):
    school = fields.Field("school", "school", Known(School, "uai"))

    class Meta(TravelResource.Meta):
        model = ClassGroup
        import_id_fields = ["school", "school_year", "name"]
        fields = ["school", "school_year", "name", "level", "head_count"]
