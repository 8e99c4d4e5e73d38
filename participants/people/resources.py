"""What travels in files: the columns that people outside know a row by, never our keys."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.utils.html import escape
from django.utils.translation import gettext as _
from import_export import fields, resources
from import_export.results import Result, RowResult

from participants.accounts.actions import open_account
from participants.accounts.models import User
from participants.accounts.roles import Permission
from participants.accounts.travel import ActedResource, Known, Sentence, TravelResource
from participants.organisations.models import Organisation
from participants.people.actions import staging
from participants.people.actions.guardians import set_guardian
from participants.people.actions.importing import import_pupils
from participants.people.actions.joining import let_in_if_proven
from participants.people.columns import COLUMNS
from participants.people.forms.lines import GuardianLine
from participants.people.models import (
    Guardianship,
    Look,
    Pupil,
    Purpose,
    SchoolContact,
    Volunteer,
)
from participants.people.models.enrolment import uai_of
from participants.people.refusals import said
from participants.people.rights import looks

NAME, CONTACT = ("first_name", "last_name"), ("email", "phone", "language")


class AccountOf(Known):
    """The account of somebody whom the user may see, as an account or as the person behind it; opened when nobody has
    this address: its owner comes in by a code."""

    def get_queryset(self, value, row, *args, **kwargs):
        people = (model.objects.visible_to(self.user) for model in (Volunteer, SchoolContact))
        volunteers, contacts = (seen.values("user") for seen in people)
        seen = User.objects.visible_to(self.user)
        return seen | User.objects.filter(pk__in=volunteers) | User.objects.filter(pk__in=contacts)

    def clean(self, value, row=None, **kwargs):
        email = str(value or "").strip().lower()
        # Only who sees everybody learns here whether an address is known.
        if email and self.user.can_everywhere(Permission.CONTACT_APPROVE) and not self._is_known(email):
            return self._open(email, row)
        return super().clean(email, row, **kwargs)

    def _is_known(self, email):
        return User.objects.filter(email=email).exists()

    def _open(self, email, row):
        try:
            validate_email(email)
        except ValidationError:
            raise ValueError(_("“%(value)s” is no e-mail address: check it.") % {"value": email}) from None
        names = [row.get(name) for name in NAME]
        if not all(names):
            raise ValueError(_("“%(value)s” is new here: give the first and the last name.") % {"value": email})
        return open_account(email=email, name=" ".join(names))


class PersonResource(TravelResource):
    """A person is known by the address of their account."""

    email = fields.Field("user", "email", AccountOf(User, "email"))

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

    def do_instance_save(self, instance, is_create):
        super().do_instance_save(instance, is_create)
        if is_create:
            let_in_if_proven(instance)


class SchoolContactResource(PersonResource):
    class Meta(PersonResource.Meta):
        model = SchoolContact
        fields = ["email", "first_name", "last_name", "phone"]


def leaving(user):
    """The pupils who may be named in a file of this user: seen by them, and with the agreement of the family."""
    return Pupil.outgoing.allowing(Purpose.TAKING_PART).visible_to(user)


class OfPupilResource(ActedResource):
    """A row that names a pupil: it leaves with the agreement of the family and leaves a trace."""

    pupil_last_name = fields.Field("pupil__last_name", "pupil_last_name")
    pupil_first_name = fields.Field("pupil__first_name", "pupil_first_name")
    pupil_birth_date = fields.Field("pupil__birth_date", "pupil_birth_date")
    pupil_uai = fields.Field("school_of_pupil", "pupil_uai")

    PUPIL = ("pupil_last_name", "pupil_first_name", "pupil_birth_date", "pupil_uai")

    def named(self, queryset):
        return super().named(queryset).select_related("pupil").annotate(school_of_pupil=uai_of("pupil"))

    def filter_export(self, queryset, **kwargs):
        # Settled before the first line is written, so that trace and file name the same people.
        leaves = dict(queryset.filter(self.may_leave()).order_by().values_list("pk", "pupil"))
        looks.note_many(self.user, list({pupil for pupil in leaves.values() if pupil}), Look.What.EXPORT)
        return super().filter_export(queryset.filter(pk__in=leaves), **kwargs)

    def may_leave(self):
        """Which rows leave."""
        return Q(pupil__in=leaving(self.user))


class GuardianResource(OfPupilResource):
    """Guardians with the pupil for whom they answer: a line for each of the two."""

    last_name = fields.Field("guardian__last_name", "last_name")
    first_name = fields.Field("guardian__first_name", "first_name")
    email = fields.Field("guardian__email", "email")
    phone = fields.Field("guardian__phone", "phone")
    language = fields.Field("guardian__language", "language")

    line = GuardianLine

    class Meta(TravelResource.Meta):
        model = Guardianship
        fields = [*OfPupilResource.PUPIL, "rank", "last_name", "first_name", "email", "phone", "language"]
        export_order = fields

    def named(self, queryset):
        return super().named(queryset).select_related("guardian")

    def act(self, line, found):
        pupil = line.cleaned_data["pupil"]
        if not found:
            facts = {"language": settings.LANGUAGE_CODE} | line.said(*NAME, *CONTACT)
            set_guardian(pupil=pupil, rank=line.cleaned_data["rank"], by=self.user, **facts)
            return pupil.guardianships.get(rank=line.cleaned_data["rank"])
        known = {name: getattr(found.guardian, name) for name in (*NAME, *CONTACT)}
        facts = known | line.said(*CONTACT)
        if facts != known:
            set_guardian(pupil=pupil, rank=found.rank, by=self.user, **facts)
        return found


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
            result.append_base_error(Sentence(" ".join(refusal.messages)))
        else:
            totals = {"new": found["new"], "update": found["changed"], "skip": found["same"] + found["refused"]}
            result.totals.update(totals)
        return result


def _row_result(line, kind, cells, refusals):
    row = RowResult()
    row.number, row.import_type = line, kind
    row.diff = [*(escape(cell) for cell in cells), escape(said(refusals))]
    return row
