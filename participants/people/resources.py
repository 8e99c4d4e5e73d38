"""What travels in files: the columns that people outside know a row by, never our keys."""

from django.core.exceptions import ValidationError
from django.utils.html import escape
from django.utils.translation import gettext as _
from import_export import fields, resources
from import_export.results import Error, Result, RowResult

from participants.accounts.models import User
from participants.accounts.travel import Known, TravelResource
from participants.organisations.models import Organisation
from participants.people.actions import staging
from participants.people.actions.importing import import_pupils
from participants.people.columns import COLUMNS
from participants.people.models import Pupil, SchoolContact, Volunteer
from participants.people.refusals import said


class PersonResource(TravelResource):
    """A person is known by the address of their account, which must exist."""

    email = fields.Field("user", "email", Known(User, "email"))

    class Meta(TravelResource.Meta):
        import_id_fields = ["email"]


class VolunteerResource(PersonResource):
    member_school = fields.Field("member_school", "member_school", Known(Organisation, "name"))
    club = fields.Field("club", "club", Known(Organisation, "name"))

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


class PupilResource(resources.Resource):
    """Pupils with their school year, through the same sets as the page of lists: the preview says what each line does."""

    @classmethod
    def get_display_name(cls):
        return str(Pupil._meta.verbose_name_plural)

    def get_user_visible_fields(self):
        return [fields.Field(column_name=str(column.label)) for column in COLUMNS.values()]

    def get_import_fields(self):
        return self.get_user_visible_fields()

    def import_data(self, dataset, dry_run=False, user=None, **kwargs):
        cells = [["" if cell is None else str(cell) for cell in row] for row in dataset]
        result = Result()
        result.diff_headers = [*dataset.headers, _("Remark")]
        result.add_dataset_headers(dataset.headers)

        def look(_counts):
            for line, kind, refusals in staging.outcome_by_line():
                result.append_row_result(_row_result(line, kind, cells[line - 2], refusals))

        result.total_rows = len(cells)
        try:
            found = import_pupils(rows=[dataset.headers, *cells], by=user, write=not dry_run, look=look)
        except ValidationError as refusal:
            result.append_base_error(result_error(refusal))
        else:
            totals = {"new": found["new"], "update": found["changed"], "skip": found["same"] + found["refused"]}
            result.totals.update(totals)
        return result


def result_error(refusal):
    return Error(" ".join(refusal.messages))


def _row_result(line, kind, cells, refusals):
    row = RowResult()
    row.number, row.import_type = line, kind
    row.diff = [*(escape(cell) for cell in cells), escape(said(refusals))]
    return row
