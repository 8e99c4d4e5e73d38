"""Everything about one person in one file, and nothing about others: read along the same map as erasure.

A ZIP with `data.json` for machines, a PDF for people, and the files that they handed in. Other people's names are left
out: where a row leads to somebody else, the archive only says that there is somebody.
"""

import json
import zipfile
from pathlib import Path

import typst
from django.conf import settings
from django.db import models
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from participants.accounts.classification import Fate
from participants.accounts.models import User
from participants.accounts.roles import Permission
from participants.correspondence import jobs
from participants.correspondence.models import Job, Message
from participants.people import addressees
from participants.people.models import Look, Pupil
from participants.people.rights import looks, relations, traces
from participants.people.rights.erasure import model_of

KIND = "people.archive"
GONE = gettext_noop("This record is not there for you.")
# What belongs to the machinery of signing in: shown as there or not there, never as it is.
SECRET = {
    "password",
    "data",
    "key",
    "token",
    "claim",
    "link_key",
    "stored_as",
    "session_key",
    "html",
    "fingerprint",
    "scan",
}
TEMPLATE = Path(__file__).with_name("archive.typ")
# Tables whose rows say what staff do, not what is known about the person.
LEFT_OUT = {"admin.LogEntry"}


def register():
    """Make the work known."""
    jobs.register(jobs.Kind(KIND, gettext_lazy("Everything about a person"), run, is_allowed))


def is_allowed(user) -> bool:
    """Those who answer people about their data, and everybody about themselves."""
    return user.can_everywhere(Permission.RIGHTS_HANDLE) or any(
        model.objects.filter(user=user).exists() for model in relations.PERSONS
    )


def person_for(owner, kind, pk):
    """The person, if this user may have everything about them: the officer, oneself, a guardian of a minor."""
    person = model_of(kind)._base_manager.filter(pk=pk).first()
    if person is None or getattr(person, "is_statistic", False):
        return None
    is_own = person.user_id is not None and person.user_id == owner.pk
    is_child = (
        isinstance(person, Pupil) and person.is_minor and person.guardianships.filter(guardian__user=owner).exists()
    )
    return person if is_own or is_child or owner.can_everywhere(Permission.RIGHTS_HANDLE) else None


def language_of(kind, pk) -> str:
    """The language in which a person reads; French when nobody has said."""
    person = model_of(kind)._base_manager.filter(pk=pk).first()
    user = getattr(person, "user", None)
    return getattr(person, "language", "") or (user.language if user else settings.LANGUAGE_CODE)


def made_for(request):
    """The archives that were put together for a request, the newest first: who did it, when, and how it stands."""
    jobs_of_request = Job.objects.filter(kind=KIND, parameters__contains={"request": request.pk})
    return jobs_of_request.select_related("owner").order_by("-pk")


def run(job, report):
    """Write the archive that the parameters name."""
    with translation.override(job.parameters.get("language") or job.owner.language):
        person = person_for(job.owner, job.parameters["kind"], job.parameters["id"])
        if person is None:
            raise jobs.Refused(GONE)
        if isinstance(person, Pupil):
            looks.note(job.owner, person, Look.What.ARCHIVE)
        data, name, files = everything(person), _("data"), _("files")
        with zipfile.ZipFile(report.path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=2))
            archive.writestr(f"{name}.pdf", to_pdf(data))
            for path in handed_in(person):
                archive.write(path, f"{files}/{path.name}")
        return f"{name}-{timezone.localdate():%Y-%m-%d}.zip"


def everything(person) -> dict:
    """Every part that leads to the person, in the active language."""
    user = getattr(person, "user", None)
    parts = [_part(model, rows, person, user) for model, rows in _tables(person, user).items()]
    return {
        "title": _("What we hold about you"),
        "day": date_format(timezone.localdate(), "DATE_FORMAT"),
        "explain": _(
            "This file holds everything that the platform keeps about the person named in it, part by part, with what it "
            "is for and how long it stays. Names of other people are left out."
        ),
        "purpose": _("What for"),
        "term": _("Kept"),
        "parts": [part for part in parts if part["rows"]],
    }


def handed_in(person) -> list[Path]:
    """The scans and files of the rows that lead to this person."""
    own = [link for link in relations.links_to(type(person)) if link.model in relations.folders()]
    ids = [(link.model, list(link.rows(person.pk).values_list("pk", flat=True))) for link in own]
    return sorted(path for model, pks in ids for path in traces.files_of(model, pks) if path.exists())


def _tables(person, user) -> dict[type[models.Model], models.QuerySet]:
    """Table -> its rows about this person, each once, by whatever way they were found."""
    kind = person._meta.model_name
    found = [(type(person), type(person)._base_manager.filter(pk=person.pk)), *_own(type(person), person.pk)]
    if user:
        found += [(User, User.objects.filter(pk=user.pk)), *_own(User, user.pk)]
    found += [(loose.model, loose.rows(kind, person.pk)) for loose in relations.loose()]
    found.append((Message, addressees.letters_to(kind, person.pk)))
    tables: dict[type[models.Model], models.Q] = {}
    for model, rows in found:
        tables[model] = tables.get(model, models.Q()) | models.Q(pk__in=rows.order_by().values("pk"))
    return {model: model._base_manager.filter(rows) for model, rows in tables.items()}


def _own(target, pk):
    """Each relation whose rows are the person's own, and what belongs to those rows: what staff did in their work is not
    about them."""
    for link in relations.links_to(target):
        is_own = link.relation.fate in {Fate.DELETE, Fate.COPY} or target is not User
        if is_own and link.model._meta.label not in LEFT_OUT and link.model not in relations.PERSONS:
            rows = link.rows(pk)
            yield link.model, rows
            for model, field in relations.further(link.model):
                yield model, model._base_manager.filter(**{f"{field}__in": rows.values("pk")})


def _part(model, rows, person, user):
    tracked = getattr(model, "pgh_tracked_model", None)
    name = str((tracked or model)._meta.verbose_name_plural)
    if tracked:
        name = _("history of: %(what)s") % {"what": name}
    purpose, term = _why(tracked or model)
    return {
        "table": model._meta.label,
        "name": name[:1].upper() + name[1:],
        "purpose": purpose,
        "term": term,
        "rows": [_row(row, person, user) for row in rows.order_by("pk")],
    }


def _why(model):
    """The purposes and the terms that the app says for this table."""
    privacy = dict(relations.privacies()).get(model._meta.app_label)
    said = [p for key, p in getattr(privacy, "PERSONAL", {}).items() if key.startswith(f"{model.__name__}.")]
    return "; ".join(dict.fromkeys(str(p.purpose) for p in said)), "; ".join(dict.fromkeys(str(p.term) for p in said))


def _row(row, person, user):
    return [
        [str(field.verbose_name), value]
        for field in row._meta.concrete_fields
        if (value := _value(row, field, person, user)) not in {"", None}
        and field.name not in {"id", "pgh_id", "sort_name"}
    ]


def _value(row, field, person, user):
    """In words; what leads to somebody else says no name."""
    raw = getattr(row, field.attname)
    if raw is None or raw == "" or raw == []:
        return ""
    if field.name in SECRET:
        return ""
    if field.is_relation:
        return _related(row, field, raw, person, user)
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    if isinstance(raw, bool):
        return _("yes") if raw else _("no")
    if isinstance(field, models.DateTimeField):
        return date_format(timezone.localtime(raw), "DATETIME_FORMAT")
    if isinstance(field, models.DateField):
        return date_format(raw, "DATE_FORMAT")
    if isinstance(raw, (list, tuple)):
        words = dict(getattr(field, "base_field", field).choices or ())
        return ", ".join(str(words.get(one, one)) for one in raw)
    # An answer is a text or a number; what is kept as a structure is the machinery's.
    return "" if isinstance(raw, dict) else str(raw)


def _related(row, field, raw, person, user):
    target = field.related_model
    if target is type(person) and raw == person.pk:
        return ""
    if target is User:
        return "" if user and raw == user.pk else _("a member of staff")
    if target in relations.PERSONS:
        return _("another person")
    if target._meta.app_label in {"pghistory", "contenttypes"}:
        return ""
    related = target._base_manager.filter(pk=raw).first()
    return str(related) if related and not _names_somebody(target) else ""


def _names_somebody(target) -> bool:
    """Whether a row of this table is called by the name of a person."""
    return any(field.is_relation and field.related_model in relations.PERSONS for field in target._meta.concrete_fields)


def to_pdf(data) -> bytes:
    """The same for people to read. The engine reads its template and the data that it is given, nothing else."""
    return typst.compile(
        TEMPLATE.read_bytes(), sys_inputs={"data": json.dumps(data), "lang": translation.get_language()[:2]}
    )
