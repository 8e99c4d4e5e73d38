"""The background work on a list of pupils: looked at, taken in, with a file that says how it went, and taken back."""

from itertools import chain

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from participants.accounts.roles import Permission
from participants.correspondence import jobs, reading, uploads
from participants.correspondence.spreadsheet import Sheet, write_xlsx
from participants.people.actions import differing, doubting, staging
from participants.people.actions.importing import import_pupils, undo_pupil_list
from participants.people.columns import Layout
from participants.people.duplicates.scoring import EVIDENCE
from participants.people.models import PupilList
from participants.people.refusals import sentences

CHECK, TAKE, UNDO = "people.pupil_check", "people.pupil_import", "people.pupil_undo"
NOT_YOURS = gettext_noop("This list is no longer yours to take back.")
GONE = gettext_noop("The file is no longer here. Send it again.")
WORDS = {
    "new": gettext_lazy("new pupils"),
    "changed": gettext_lazy("pupils changed"),
    "same": gettext_lazy("lines that change nothing"),
    "doubtful": gettext_lazy("lines that look like somebody on record"),
    "refused": gettext_lazy("lines refused"),
    "classes": gettext_lazy("new classes"),
}

WRITTEN = ("new", "changed", "classes")


def is_allowed(user) -> bool:
    return user.can(Permission.PUPIL_IMPORT)


def register():
    """Make the kinds of work known."""
    jobs.register(jobs.Kind(CHECK, gettext_lazy("check of a list of pupils"), run, is_allowed, WORDS, on_to_import))
    jobs.register(jobs.Kind(TAKE, gettext_lazy("import of a list of pupils"), run, is_allowed, WORDS, on_to_lists))
    jobs.register(jobs.Kind(UNDO, gettext_lazy("taking back a list of pupils"), undo, is_allowed, page=page_of))


def on_to_import(job):
    """From a checked list to the question whether it shall be taken in."""
    if uploads.find(job.parameters["upload"]) and (job.outcome.get("new") or job.outcome.get("changed")):
        return reverse("people:pupil-import-confirm", args=[job.pk]), gettext_lazy("Go on to the import")
    return None


def on_to_lists(job):
    """From a list that was taken in to where it can be taken back."""
    return reverse("people:pupil-import"), gettext_lazy("See the lists that were taken")


def page_of(job):
    return reverse("people:pupil-list-taken", args=[job.parameters["list"]])


def undo(job, report):
    """Take the list back that the job names; the answer stands on its page."""
    pupil_list = PupilList.objects.visible_to(job.owner).filter(pk=job.parameters["list"]).first()
    if pupil_list is None:
        raise jobs.Refused(NOT_YOURS)
    if pupil_list.undone_at is None:
        with translation.override(job.owner.language):
            try:
                undo_pupil_list(pupil_list=pupil_list, by=job.owner)
            except ValidationError as refusal:
                raise jobs.Refused(" ".join(refusal.messages)[:200]) from None
    return ""


def run(job, report):
    """Read the file that the job names; write what is new or changed unless it is only a check."""
    path = uploads.find(job.parameters["upload"])
    if path is None:
        raise jobs.Refused(GONE)
    lines = count_lines(path)

    def watch(done):
        report(min(done, lines), lines)

    with translation.override(job.owner.language):
        try:
            with reading.table(path) as rows:
                headings = next(rows, [])

                def look(found):
                    report.outcome |= found
                    sheets = [_summary(found), _refused(), _doubtful(), _changes(), *_passed_over(headings)]
                    write_xlsx(report.path, sheets)

                lists = chain([headings], rows)
                import_pupils(rows=lists, by=job.owner, write=job.kind == TAKE, watch=watch, look=look)
        except ValidationError as refusal:
            raise jobs.Refused(" ".join(refusal.messages)[:200]) from None
        if job.kind == TAKE:
            uploads.forget(job.parameters["upload"])
        name = _("list-of-pupils")
        return f"{name}-{timezone.localdate()}.xlsx"


def count_lines(path) -> int:
    """About how many lines a CSV file has; 0 for a workbook, which does not tell."""
    with path.open("rb") as file:
        if file.read(2) == b"PK":
            return 0
        return 1 + sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))


def _summary(found):
    rows = [[str(words), found[key]] for key, words in WORDS.items()]
    return Sheet(_("How it went"), ["", _("Number")], rows, (40, 12))


def _refused():
    columns = [_("Line"), _("Column"), _("Why it is refused"), _("What to do")]
    rows = ([line, *sentence] for line, refusals in staging.refused() for sentence in sentences(refusals))
    return Sheet(_("Refused lines"), columns, rows, (8, 24, 50, 60))


def _doubtful():
    """Who is held back, like whom, and why."""
    columns = [_("Line"), _("In the list"), _("On record"), _("Date of birth"), _("Why"), _("What to do")]
    _column, _reason, remedy = sentences(staging.DOUBT)[0]
    rows = (
        [line, name, f"{last} {first}", born, ", ".join(str(EVIDENCE[code][0]) for code in why.split()), remedy]
        for line, name, last, first, born, why in doubting.doubtful()
    )
    return Sheet(_("Doubtful lines"), columns, rows, (8, 28, 28, 14, 50, 60))


def _changes():
    """What changes, field by field."""
    columns = [_("Line"), _("Pupil"), _("Column"), _("Was"), _("Becomes")]
    return Sheet(_("Changes"), columns, differing.changes(), (8, 28, 24, 24, 24))


def _passed_over(headings):
    """The headings that mean nothing to us, so that a misspelt one is noticed."""
    if unknown := [[heading] for heading in Layout.of(headings).unknown if heading]:
        yield Sheet(_("Columns passed over"), [_("Column")], unknown, (40,))
