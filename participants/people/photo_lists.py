"""Who of a class may be in a picture: a list for whoever holds the camera."""

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from participants.accounts.roles import Permission
from participants.correspondence import jobs
from participants.correspondence.spreadsheet import Sheet, write_xlsx
from participants.organisations.models import ClassGroup
from participants.people import family_lists
from participants.people.models import Look, Pupil, Purpose
from participants.people.rights import looks

KIND = "people.photo_list"
GONE = gettext_noop("This class is gone, or you may no longer see its pupils.")


def is_allowed(user) -> bool:
    return user.can(Permission.PUPIL_EXPORT)


def run(job, report):
    """The pupils of the class in the parameters, in two sheets: may be in a picture, may not."""
    with translation.override(job.owner.language):
        group = ClassGroup.objects.filter(pk=job.parameters["class_group"]).first()
        pupils = family_lists.pupils_of(job.owner, group)
        if group is None or not pupils:
            raise jobs.Refused(GONE)
        may = Pupil.outgoing.allowing(Purpose.IMAGE).filter(pk__in=pupils.order_by().values("pk"))
        looks.note(job.owner, pupils, Look.What.EXPORT)
        report(0, 2)
        write_xlsx(
            report.path,
            [
                _sheet(_("May be in a picture"), may.order_by("sort_name", "pk")),
                _sheet(_("Not in any picture"), _others(pupils, may)),
            ],
        )
        report(2, 2)
        name = _("photos")
        return f"{name}-{group.name}.xlsx".replace("/", "-")


def _others(pupils, may):
    return pupils.exclude(pk__in=may.order_by().values("pk"))


def _sheet(name, pupils):
    return Sheet(name, [_("Last name"), _("First name")], list(pupils.values_list("last_name", "first_name")), (28, 28))


def register() -> None:
    """Make the work known."""
    jobs.register(jobs.Kind(KIND, gettext_lazy("Photo list of a class"), run, is_allowed))
