"""What was changed about a pupil, by whom and when, in words: which fields, never which values."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from participants.accounts.models import User
from participants.correspondence import jobs
from participants.people.models import Enrolment, Guardianship, Pupil

SHOWN = 100
# What actions and background work write beside a change (`pghistory.context`) -> in words.
DONE = {
    "merge": _("two records were merged"),
    "undo merge": _("a merge was taken back"),
    "list of pupils": _("a list of the center was taken in"),
    "list of pupils taken back": _("a list of the center was taken back"),
}
JOB = "job:"


@dataclass(frozen=True)
class Line:
    """One change: `what` was written or which `fields` of it changed."""

    at: dt.datetime
    who: str
    what: str
    is_new: bool
    fields: list[str]


def of_pupil(pupil) -> list[Line]:
    """The changes of the pupil, of the school years and of the links to guardians, newest first."""
    found = [
        *_of(Pupil, _("the pupil"), pgh_obj=pupil.pk),
        *_of(Enrolment, _("a school year"), pupil=pupil.pk),
        *_of(Guardianship, _("the link to a guardian"), pupil=pupil.pk),
    ]
    found.sort(key=lambda line: line[0].pgh_created_at, reverse=True)
    names = _names(event for event, *_rest in found[:SHOWN])
    return [
        Line(event.pgh_created_at, names.get(user_of(event), ""), str(what), is_new, fields)
        for event, what, is_new, fields in found[:SHOWN]
    ]


def _of(model, what, **whose):
    """(event, what, whether it was new, names of what changed) for every event of a kind."""
    events = model.pgh_event_model.objects.filter(**whose).select_related("pgh_context").order_by("pgh_id")
    before: dict = {}
    for event in events:
        last = before.get(event.pgh_obj_id)
        changed = [] if last is None else _changed(model, last, event)
        if last is None or changed:
            label = what if model is not Enrolment else f"{what} ({event.school_year}-{event.school_year + 1})"
            yield event, label, last is None, changed
        before[event.pgh_obj_id] = event


def _changed(model, last, event):
    return [
        str(field.verbose_name)
        for field in model._meta.concrete_fields
        if hasattr(event, field.attname)
        and getattr(last, field.attname) != getattr(event, field.attname)
        and field.name not in {"id", "sort_name", "link_key"}
    ]


def reason_of(event) -> str:
    """Why something was changed: the reason that somebody gave, else the work of which it was a part, else the address
    of the page on which it was done."""
    said = event.pgh_context.metadata if event.pgh_context else {}
    if reason := said.get("reason") or DONE.get(said.get("what") or said.get("action")):
        return str(reason)
    url = said.get("url") or ""
    kind = jobs.find(url.removeprefix(JOB)) if url.startswith(JOB) else None
    return str(kind.label) if kind else url


def user_of(event) -> int | None:
    """Who made a change: the number of the account."""
    return (event.pgh_context.metadata if event.pgh_context else {}).get("user")


def _names(events):
    ids = {user for event in events if (user := user_of(event))}
    return {user.pk: user.name or user.email for user in User.objects.filter(pk__in=ids)}
