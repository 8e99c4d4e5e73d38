"""What travels in files: the columns that people outside know a row by, never our keys."""

from import_export import fields, resources
from import_export.widgets import ForeignKeyWidget

from participants.accounts.models import User
from participants.organisations.models import Organisation
from participants.people.models import SchoolContact, Volunteer


class PersonResource(resources.ModelResource):
    """A person is known by the address of their account, which must exist."""

    email = fields.Field("user", "email", ForeignKeyWidget(User, "email"))

    class Meta:
        import_id_fields = ["email"]
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True


class VolunteerResource(PersonResource):
    member_school = fields.Field("member_school", "member_school", ForeignKeyWidget(Organisation, "name"))
    club = fields.Field("club", "club", ForeignKeyWidget(Organisation, "name"))

    class Meta(PersonResource.Meta):
        model = Volunteer
        fields = [
            "email",
            "first_name",
            "last_name",
            "kind",
            "member_school",
            "club",
            "graduation_year",
            "joined_on",
            "ended_on",
        ]


class SchoolContactResource(PersonResource):
    class Meta(PersonResource.Meta):
        model = SchoolContact
        fields = ["email", "first_name", "last_name", "phone"]
