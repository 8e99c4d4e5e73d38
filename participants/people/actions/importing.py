"""Pupils come in a list: all good lines in one transaction, each bad line refused by itself; and the list is taken back."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import F, Q, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from participants.organisations.models import ClassGroup
from participants.organisations.school_years import current_school_year
from participants.people.actions import doubting, staging, undoing, upserting
from participants.people.columns import Layout
from participants.people.models import Enrolment, PupilList, schools_to_manage

AT_ONCE = 5000


def import_pupils(
    *,
    rows: Iterable[list[str]],
    by,
    write: bool = True,
    school_year: int | None = None,
    watch: Callable[[int], None] = lambda done: None,
    look: Callable[[dict], object] = lambda found: None,
) -> dict[str, int]:
    """Take in a list whose first row is the headings, and say how many lines are new, changed, same, doubtful and
    refused.

    `write` false only looks; `watch` is told how many lines are read; `look` is given the counts while the tables of
    `staging` can be read. Not atomic as a whole on purpose: the progress of reading is seen, and all pupils are then
    written in one transaction."""
    rows = iter(rows)
    layout = layout_of(next(rows, []))
    year = school_year or current_school_year()
    staging.open_table()
    try:
        _stage(rows, layout, watch)
        with transaction.atomic(), pghistory.context(user=by.pk, what="list of pupils") as context:
            _alone()
            staging.find(by, year)
            doubting.hold_back(by)
            staging.compare()
            found = staging.outcome()
            look(found)
            if write:
                _keep(context.id, upserting.write(), found, by)
        if write:
            upserting.tell_the_planner(found)
        return found
    finally:
        if not connection.needs_rollback:
            staging.close_tables()


def layout_of(headings: list[str]) -> Layout:
    """Where the columns stand; refused in a sentence when one that is needed is missing."""
    layout = Layout.of(headings)
    if layout.missing:
        names = ", ".join(str(column.label) for column in layout.missing)
        raise ValidationError(_("The first line must name the columns. Missing: %(names)s.") % {"names": names})
    return layout


def _stage(rows, layout, watch):
    lines = _lines(rows, layout.reader())
    done = 0
    while part := list(islice(lines, AT_ONCE)):
        staging.stage(part)
        done += len(part)
        watch(done)


def _lines(rows, read) -> Iterator[list]:
    """Lines as they are staged; empty ones are passed over. The headings are line 1."""
    for line, cells in enumerate(rows, start=2):
        if any(cells):
            yield [line, *read(cells)]


def _keep(context, classes, found, by):
    """Note a list that wrote something, so that it can be taken back."""
    if found["new"] or found["changed"]:
        PupilList.objects.create(sender=by, context=context, classes=classes, counts=found)


@transaction.atomic
def undo_pupil_list(*, pupil_list, by) -> PupilList:
    """Bring everything back to what it was before a list of the center; refused, with the reasons, when it was used
    since."""
    _alone()
    seen = PupilList.objects.visible_to(by).select_for_update(no_key=True, of=("self",))
    pupil_list = seen.filter(pk=pupil_list.pk).first()
    if pupil_list is None:
        raise PermissionDenied
    if reasons := _why_never(pupil_list, by):
        raise ValidationError(reasons)
    with pghistory.context(user=by.pk, what="list of pupils taken back"):
        undoing.take_back(written_by(pupil_list))
    pupil_list.undone_at, pupil_list.undone_by = timezone.now(), by
    pupil_list.save(update_fields=["undone_at", "undone_by"])
    return pupil_list


def what_stands_in_the_way(pupil_list, by) -> list[str]:
    """Why this list cannot be taken back by this person, in sentences."""
    return _why_never(pupil_list, by) or undoing.what_stands_in_the_way(written_by(pupil_list))


def _why_never(pupil_list, by):
    if pupil_list.undone_at:
        return [_("This list was taken back already.")]
    if pupil_list.is_late:
        return [_("A list can be taken back for 30 days. Correct its pupils one by one.")]
    years = written_by(pupil_list)[undoing.Kind.ENROLMENT].values("object_id")
    if Enrolment.objects.filter(pk__in=years).exclude(school__in=schools_to_manage(by)).exists():
        return [_("Some of these pupils are in a school that is not yours. Ask the center to take the list back.")]
    return []


def written_by(pupil_list) -> dict:
    """What a list wrote, by kind: the lines of the histories under its context, and its classes."""
    made = ClassGroup.objects.filter(pk__in=pupil_list.classes)
    written = {undoing.Kind.CLASS_GROUP: made.annotate(object_id=F("pk"), is_new=Value(True))}
    for kind in undoing.MODELS:
        if history := undoing.event_model(kind):
            events = history.objects.filter(pgh_context_id=pupil_list.context)
            written[kind] = events.annotate(
                object_id=F("pgh_obj_id"), event_id=F("pgh_id"), is_new=Q(pgh_label="insert")
            )
    return written


def _alone():
    if not staging.is_alone():
        raise ValidationError(_("Another list of pupils is being taken in. Try again in a minute."))
