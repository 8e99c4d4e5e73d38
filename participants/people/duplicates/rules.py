"""The rules of people's own rows when two pupils become one."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from participants.accounts.text import fold
from participants.people.duplicates.clashes import Fate, one_of_each, register, stronger
from participants.people.models import Consent, DuplicatePair, Enrolment, Guardianship, Look, PromotionRow, Study
from participants.people.models.enrolment import FACTS

_COMPANIONS = {
    "scholarship": ("scholarship_scale", "scholarship_step"),
    "priority_neighbourhood": ("neighbourhood_version",),
}
_OF_FACTS = {
    name for fact, told in FACTS.items() for name in (fact, *told, *_COMPANIONS.get(fact, ()))
}  # fmt: skip
_OF_PLACE = ("school", "class_group", "state")
_OF_LEVEL = ("level", "expected_level")
_UNKNOWN = (None, "", "unknown", [])


def register_all():
    """Consents before guardianships: who signed is asked while both pupils still have their guardians."""
    register(Enrolment, one_of_each(lambda row: row.school_year, fuller_year))
    register(Study, one_of_each(lambda row: row.school_year, stronger(lambda row: row.told_on)))
    register(Consent, consents)
    register(Guardianship, guardianships)
    register(DuplicatePair, pairs)
    register(PromotionRow, one_of_each(lambda row: row.promotion_id, stronger(lambda row: bool(row.enrolment_id))))
    register(Look, one_of_each(_look, stronger(lambda row: row.pk)))


def _look(row):
    return (row.user_id, row.what, row.hour) if row.user_id else None


def fuller_year(kept, gone):
    """One year of both: the newer class, and each fact where it is known, where both know it as it was told last."""
    newer, older = (gone, kept) if _turn(gone) > _turn(kept) else (kept, gone)
    merged = {}
    for fact, (_source, day) in FACTS.items():
        best = max((newer, older), key=lambda row: (getattr(row, fact) not in _UNKNOWN, str(getattr(row, day) or "")))
        merged |= {name: _value(best, name) for name in (fact, _source, day, *_COMPANIONS.get(fact, ()))}
    place = older if newer.school_id == older.school_id and newer.class_group_id is None else newer
    merged |= {name: _value(place, name) for name in _OF_PLACE}
    known = newer if newer.level not in _UNKNOWN or older.level in _UNKNOWN else older
    expected = newer.expected_level or older.expected_level if known.level in _UNKNOWN else ""
    merged |= {"level": known.level, "expected_level": expected}
    for name in _others(kept):
        merged[name] = _value(older if _value(newer, name) in _UNKNOWN else newer, name)
    changes = {name: value for name, value in merged.items() if value != _value(kept, name)}
    return [Fate(kept, changes), Fate(gone, goes=True, heir=kept)]


def _turn(row):
    """Who is still at the school before who left it, then whoever was entered later."""
    return (row.state == Enrolment.State.ENROLLED, row.pk)


def _value(row, name):
    return getattr(row, row._meta.get_field(name).attname)


def _others(row):
    """The facts of a year that have no rule of their own, those of tomorrow included."""
    ruled = {"id", "pupil", "school_year", *_OF_FACTS, *_OF_PLACE, *_OF_LEVEL}
    return [field.name for field in row._meta.concrete_fields if field.name not in ruled]


def consents(rows):
    """Of two standing words of one signer the newer stands, a no before a yes of the same moment; the other is kept as
    replaced. A guardian who was entered twice is one signer."""
    signer = same_guardians(rows.kept_id, rows.gone_id)
    standing = {(row.purpose, row.guardian_id): row for row in rows.kept if row.replaced_at is None}
    fates = []
    for row in rows.gone:
        guardian = signer.get(row.guardian_id, row.guardian_id)
        changes = {} if guardian == row.guardian_id else {"guardian": guardian}
        rival = standing.get((row.purpose, guardian)) if row.replaced_at is None else None
        if rival and _last_word(row) > _last_word(rival):
            fates.append(Fate(rival, {"replaced_at": _last_word(row)[0]}))
        elif rival:
            changes["replaced_at"] = _last_word(rival)[0]
        fates.append(Fate(row, changes))
    return fates


def _last_word(row):
    is_no = row.decision == Consent.Decision.REFUSED or row.withdrawn_at is not None
    return (row.withdrawn_at or row.said_at, is_no)


def guardianships(rows):
    """The same guardian once; the others take the free places; who finds none is left over and named. Nobody is left
    over whose no would then be forgotten."""
    signer = same_guardians(rows.kept_id, rows.gone_id)
    present = {row.guardian_id for row in rows.kept}
    free = [rank for rank in Guardianship.Rank.values if rank not in {row.rank for row in rows.kept}]
    fates = []
    for row in sorted(rows.gone, key=lambda row: row.rank):
        if signer.get(row.guardian_id, row.guardian_id) in present:
            is_record_left = row.guardian_id not in present
            fates.append(Fate(row, goes=True, unattached=row.guardian_id if is_record_left else None))
        elif free:
            fates.append(Fate(row, {"rank": free.pop(0)}))
        else:
            _refuse_to_forget(row.guardian, rows)
            fates.append(Fate(row, goes=True, unattached=row.guardian_id))
    return fates


def _refuse_to_forget(guardian, rows):
    # The words have gone over to the record that stays already.
    if Consent.objects.objecting().filter(guardian=guardian, pupil__in=[rows.kept_id, rows.gone_id]).exists():
        raise ValidationError(
            _(
                "Together the two records have more than two guardians, and %(name)s, for whom there would be no place, "
                "has said no to something. Correct the guardians first."
            )
            % {"name": guardian}
        )


def same_guardians(kept_id, gone_id) -> dict[int, int]:
    """Guardians of the one who are guardians of the other under another number: same name, and the same address or
    telephone. The others may be two people."""
    links = Guardianship.objects.filter(pupil__in=[kept_id, gone_id]).select_related("guardian").order_by("pk")
    kept = {row.guardian_id: row.guardian for row in links if row.pupil_id == kept_id}
    gone = {row.guardian_id: row.guardian for row in links if row.pupil_id == gone_id}
    return {
        pk: other
        for pk, guardian in gone.items()
        if pk not in kept
        for other, candidate in kept.items()
        if other not in gone and _is_same(guardian, candidate)
    }


def _is_same(one, other):
    same_name = fold(str(one)) == fold(str(other))
    same_address = one.email and one.email.lower() == other.email.lower()
    numbers = [re.sub(r"\D", "", guardian.phone)[-9:] for guardian in (one, other)]
    return same_name and bool(same_address or (numbers[0] and numbers[0] == numbers[1]))


def pairs(rows):
    """What was compared with the one is compared with the other; a judgement of a person outlives a proposal."""
    fates = []
    for row in rows.gone:
        stranger = row.other_id if row.one_id == rows.gone_id else row.one_id
        low, high = sorted((rows.kept_id, stranger))
        rival = DuplicatePair.objects.filter(one=low, other=high).first() if low != high else None
        if low != high and rival is None:
            fates.append(Fate(row, {"one": low, "other": high}))
            continue
        if rival and row.state == DuplicatePair.State.APART and rival.state == DuplicatePair.State.OPEN:
            judged = {name: _value(row, name) for name in ("state", "decided_at", "decided_by")}
            fates.append(Fate(rival, judged))
        fates.append(Fate(row, goes=True, heir=rival))
    return fates
