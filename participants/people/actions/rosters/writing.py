"""The rows of a list into pupils, years, classes and guardians: set by set, in the transaction of whoever calls, and a
note of each object that was written."""

from collections import defaultdict

from django.db.models import Max
from django.db.models.functions import Lower
from django.utils import timezone

from participants.accounts.text import fold
from participants.organisations.models import ClassGroup
from participants.people.actions.undoing import Kind, event_model
from participants.people.models import Enrolment, Guardian, Guardianship, Pupil, Roster, RosterEffect, RosterRow
from participants.people.models.enrolment import Source
from participants.people.rosters.comparing import name_key

BATCH = 500


class Written:
    """What was written so far."""

    def __init__(self):
        self.new, self.changed = defaultdict(set), defaultdict(set)

    def note(self, kind, objects, *, is_new):
        (self.new if is_new else self.changed)[kind].update(thing.pk for thing in objects)

    def effects(self, roster):
        for is_new, noted in ((True, self.new), (False, self.changed)):
            for kind, ids in noted.items():
                ids = ids if is_new else ids - self.new[kind]
                events = _newest_events(kind, ids)
                yield from (
                    RosterEffect(roster=roster, kind=kind, object_id=pk, is_new=is_new, event_id=events.get(pk))
                    for pk in sorted(ids)
                )


def _newest_events(kind, ids):
    """The event that our own write has just made of each: the rows are ours until the transaction ends."""
    model = event_model(kind)
    if model is None or not ids:
        return {}
    events = model.objects.filter(pgh_obj_id__in=ids).values("pgh_obj_id")
    return dict(events.annotate(newest=Max("pgh_id")).values_list("pgh_obj_id", "newest").order_by())


def write(roster: Roster) -> None:
    """Classes, pupils, years, guardians, in this order; then the note of it all."""
    rows = list(roster.rows.filter(state__in=RosterRow.TAKEN).select_related("pupil").order_by("line"))
    written = Written()
    groups = _write_classes(roster, rows, written)
    _write_pupils(rows, written)
    _write_years(roster, rows, groups, written)
    _write_guardians(roster, rows, written)
    RosterEffect.objects.bulk_create(written.effects(roster), batch_size=BATCH)


def _write_classes(roster, rows, written):
    """Folded name -> class of this year, created where the school has none."""
    groups = {
        fold(group.name): group
        for group in ClassGroup.objects.filter(school=roster.school, school_year=roster.school_year).order_by("pk")
    }
    levels, names = defaultdict(set), {}
    for row in rows:
        if name := row.facts["class_name"]:
            names.setdefault(fold(name), name)
            levels[fold(name)].add(row.facts["level"])
    missing = [
        ClassGroup(
            school=roster.school,
            school_year=roster.school_year,
            name=name,
            level=levels[key].pop() if len(levels[key]) == 1 else "unknown",
        )
        for key, name in names.items()
        if key not in groups
    ]
    ClassGroup.objects.bulk_create(missing)
    written.note(Kind.CLASS_GROUP, missing, is_new=True)
    return groups | {fold(group.name): group for group in missing}


def _write_pupils(rows, written):
    new = [row for row in rows if row.state == RosterRow.State.NEW]
    for row in new:
        row.pupil = Pupil(
            **{name: row.facts[name] for name in ("last_name", "first_name", "birth_date", "sex", "email")}
        )
    Pupil.objects.bulk_create([row.pupil for row in new], batch_size=BATCH)
    for row in new:
        row.pupil_id = row.pupil.pk
    written.note(Kind.PUPIL, [row.pupil for row in new], is_new=True)
    own = {"last_name", "first_name", "sex", "email"}
    changed = []
    for row in rows:
        if row.state == RosterRow.State.CHANGED and (said := [change for change in row.changes if change[0] in own]):
            for name, _before, after in said:
                setattr(row.pupil, name, after)
            changed.append(row.pupil)
    Pupil.objects.bulk_update(changed, sorted(own), batch_size=BATCH)
    written.note(Kind.PUPIL, changed, is_new=False)


def _write_years(roster, rows, groups, written):
    held = {
        enrolment.pupil_id: enrolment
        for enrolment in Enrolment.objects.filter(
            pupil__in=[row.pupil_id for row in rows], school_year=roster.school_year
        ).order_by("pk")
    }
    new, changed = [], []
    for row in rows:
        enrolment = held.get(row.pupil_id) or Enrolment(pupil=row.pupil, school_year=roster.school_year)
        if _settle_year(enrolment, row.facts, roster, groups):
            (changed if enrolment.pk else new).append(enrolment)
    Enrolment.objects.bulk_create(new, batch_size=BATCH)
    fields = ["school", "class_group", "state", "level", "expected_level", "scholarship", "scholarship_scale",
              "scholarship_step", "scholarship_source", "scholarship_on"]  # fmt: skip
    Enrolment.objects.bulk_update(changed, fields, batch_size=BATCH)
    written.note(Kind.ENROLMENT, new, is_new=True)
    written.note(Kind.ENROLMENT, changed, is_new=False)


def _settle_year(enrolment, facts, roster, groups):
    """Bring a year to what the school says; whether anything of it is new."""
    before = _told(enrolment)
    if enrolment.school_id != roster.school_id:
        enrolment.school, enrolment.class_group = roster.school, None
    enrolment.state = Enrolment.State.ENROLLED
    if facts["class_name"]:
        enrolment.class_group = groups[fold(facts["class_name"])]
    if facts["level"] != "unknown":
        enrolment.level, enrolment.expected_level = facts["level"], ""
    if facts["scholarship"] not in {"unknown", enrolment.scholarship}:
        enrolment.scholarship, enrolment.scholarship_scale, enrolment.scholarship_step = facts["scholarship"], "", None
        enrolment.scholarship_source, enrolment.scholarship_on = Source.SCHOOL, timezone.localdate()
    return enrolment.pk is None or _told(enrolment) != before


def _told(enrolment):
    return tuple(
        getattr(enrolment, name)
        for name in ("school_id", "class_group_id", "state", "level", "expected_level", "scholarship")
    )


def _write_guardians(roster, rows, written):
    """New guardians and links; the same name and address in this school or this file is one person."""
    known = _known_guardians(roster, rows)
    held = defaultdict(dict)
    for link in Guardianship.objects.filter(pupil__in=[row.pupil_id for row in rows]).select_related("guardian"):
        held[link.pupil_id][link.rank] = link.guardian
    new, links, readdressed = [], [], {}
    for row in rows:
        of_pupil, changes = held[row.pupil_id], {name: after for name, _before, after in row.changes}
        for rank, guardian in of_pupil.items():
            if address := changes.get(f"guardian{rank}_email"):
                guardian.email = address
                readdressed[guardian.pk] = guardian
        for told in row.facts["guardians"]:
            if any(name_key(other) == name_key(told) for other in of_pupil.values()):
                continue
            rank = next((rank for rank in (told["rank"], 1, 2) if rank not in of_pupil), None)
            if rank is None:
                continue
            guardian = _guardian(told, known, new)
            of_pupil[rank] = guardian
            links.append(Guardianship(guardian=guardian, pupil_id=row.pupil_id, rank=rank))
    Guardian.objects.bulk_create(new, batch_size=BATCH)
    for link in links:
        link.guardian_id = link.guardian.pk
    Guardianship.objects.bulk_create(links, batch_size=BATCH)
    Guardian.objects.bulk_update(readdressed.values(), ["email"], batch_size=BATCH)
    written.note(Kind.GUARDIAN, new, is_new=True)
    written.note(Kind.GUARDIAN, readdressed.values(), is_new=False)
    written.note(Kind.GUARDIANSHIP, links, is_new=True)


def _known_guardians(roster, rows):
    """(name, address) -> guardian of a pupil of this school; without an address nobody is recognised."""
    told = {guardian["email"] for row in rows for guardian in row.facts["guardians"] if guardian["email"]}
    links = Guardianship.objects.filter(pupil__enrolments__school=roster.school)
    guardians = Guardian.objects.annotate(address=Lower("email")).filter(
        address__in=told, pk__in=links.values("guardian")
    )
    return {(name_key(guardian), guardian.email.lower()): guardian for guardian in guardians.order_by("-pk")}


def _guardian(told, known, new):
    key = (name_key(told), told["email"])
    guardian = known.get(key) if told["email"] else None
    if guardian is None:
        guardian = Guardian(**{name: told[name] for name in ("last_name", "first_name", "email")})
        new.append(guardian)
        if told["email"]:
            known[key] = guardian
    return guardian
