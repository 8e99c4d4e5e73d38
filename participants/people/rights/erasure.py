"""Erasing a person: they are gone, and no figure changes.

What figures need is written anew under a nameless row, with ids that say nothing and without any moment; everything
else goes. The same engine serves a request, an objection and a term that is over. The fates stand in `privacy.py`.
"""

import datetime as dt
import secrets
from dataclasses import dataclass, replace

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from participants.accounts import history, sabotage
from participants.accounts.classification import Fate
from participants.accounts.models import Grant, User
from participants.accounts.roles import STAFF_ROLES, Role
from participants.people.models import Guardian, Merge, Pupil, SchoolContact, Tombstone, Volunteer
from participants.people.rights import relations, traces
from participants.people.rights.traces import Trail

ATTEMPTS = 3
# Nobody joined or left on this day: it tells nothing.
NO_DAY = dt.date(2000, 1, 1)
EMPTIED = "@erased.invalid"
# A guardian goes after the children.
KINDS = ("pupil", "guardian", "volunteer", "schoolcontact")
OWN_ROLES = {
    Pupil: [Role.PUPIL],
    Guardian: [Role.GUARDIAN],
    Volunteer: [Role.VOLUNTEER, Role.CLUB_OFFICER],
    SchoolContact: [Role.SCHOOL_CONTACT],
}


def model_of(kind: str):
    """The model of a kind of person, or of accounts."""
    return User if kind == "user" else apps.get_model("people", kind)


def unused_accounts(day):
    """Accounts behind which nobody stands: no person, and no role from this day on. Those that were emptied stay."""
    roles = Grant.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day)).values("user")
    found = User.objects.exclude(pk__in=roles).exclude(email__endswith=EMPTIED)
    for person in relations.PERSONS:
        found = found.exclude(pk__in=person.objects.exclude(user=None).values("user"))
    return found


def erase(*, kind: str, pk: int, ground: str) -> Tombstone | None:
    """Erase a person, or an account that nobody uses; whoever is erased already stays so. Refuses with a sentence while
    something holds them."""
    return settled(lambda: _erase(kind, pk, ground))


def settled(attempt):
    """Do it, and again when somebody who wrote at the same moment was in the way."""
    for number in range(1, ATTEMPTS + 1):
        try:
            return attempt()
        except (IntegrityError, OperationalError):
            if number == ATTEMPTS or connection.in_atomic_block:
                raise
    raise AssertionError


def hold(kind: str, pk: int):
    """The person, and nobody writes about them until the end of the transaction; None when there is nobody any more.

    What others lock before they write about a person is locked before, and the person before all that hangs on them.
    FOR UPDATE and not the weaker lock: the row goes, and whoever is about to point at it must wait and is refused."""
    model = model_of(kind)
    if sabotage.is_on("erasure_lock"):
        return model.objects.filter(pk=pk).first()
    for lock in relations.locks_before(kind):
        lock(pk)
    rows = model.objects.raw(f"SELECT * FROM {model._meta.db_table} WHERE id = %s FOR UPDATE", [pk])  # noqa: S608
    person = next(iter(rows), None)
    return None if getattr(person, "is_statistic", False) else person


@transaction.atomic
def _erase(kind, pk, ground):
    person = hold(kind, pk)
    if person is None:
        return Tombstone.objects.filter(model=kind, old_id=pk).first()
    if sentences := relations.holds_on(person):
        raise ValidationError(sentences)
    with history.open_door():
        if isinstance(person, User):
            return _take_away_account(person, ground)
        _take_away(person, ground)
    return _bury(kind, pk, ground)


def _take_away_account(user, ground):
    if not unused_accounts(timezone.localdate()).filter(pk=user.pk).exists():
        raise ValidationError(_("Somebody stands behind this account again."))
    identity, trail = traces.identity_of(user), Trail()
    _close_account(user, trail, ground)
    traces.sweep(identity, trail)
    return Tombstone.objects.filter(model="user", old_id=user.pk).first()


def _take_away(person, ground):
    model, is_pupil = type(person), isinstance(person, Pupil)
    guardians = _alone_with(person) if is_pupil else []
    identity, trail, user = traces.identity_of(person), Trail(), person.user
    merged = list(person.merges.filter(undone_at=None).values_list("gone_id", flat=True)) if is_pupil else []
    if is_pupil:
        _forget_joint_time(person, trail)
    _release(person, trail)
    for old in merged:
        _forget_merged(old, ground, trail)
    traces.remove(model._base_manager.filter(pk=person.pk), trail)
    if user and not _close(user, model, trail, ground):
        identity = replace(identity, user_id=None, addresses=identity.addresses - {user.email})
    traces.sweep(identity, trail)
    for guardian in guardians:
        _erase("guardian", guardian, Tombstone.Ground.WITH_CHILD)


def _alone_with(pupil) -> list[int]:
    """The guardians who have no other child here; held first, so that of two children who go at once the second one
    takes them along."""
    theirs = Guardian.objects.filter(pk__in=pupil.guardianships.values("guardian"))
    list(theirs.select_for_update(no_key=True, of=("self",)).order_by("pk").values_list("pk"))
    others = Guardian.objects.filter(guardianships__pupil__in=Pupil.objects.exclude(pk=pupil.pk))
    mine = Guardian.objects.filter(guardianships__pupil=pupil).exclude(pk__in=others.values("pk"))
    return list(mine.order_by("pk").values_list("pk", flat=True))


def _forget_merged(old, ground, trail):
    """A record that was merged into the person left histories under its own number."""
    for link in relations.links_to(Pupil):
        if link.is_history and link.relation.fate == Fate.DELETE:
            traces.forget(link.rows(old), trail)
    _bury("pupil", old, ground)


def _forget_joint_time(person, trail):
    """While two records were one, the history of each spoke of both: these lines go, although the other one stays."""
    undone = Merge.objects.exclude(undone_at=None).filter(Q(kept=person) | Q(gone_id=person.pk))
    for merge in undone:
        other = merge.gone_id if merge.kept_id == person.pk else merge.kept_id
        for link in relations.links_to(Pupil):
            if link.is_history and link.relation.fate == Fate.DELETE:
                joint = link.rows(other).filter(pgh_created_at__range=(merge.merged_at, merge.undone_at))
                traces.forget(joint, trail)


def _release(person, trail):
    """Every relation meets its fate; the histories after the rows, because to change a row writes a line."""
    nameless = _Nameless(person)
    links = relations.links_to(type(person))
    for link in sorted(links, key=lambda link: link.is_history):
        _meet(link, person.pk, trail, nameless)
    nameless.forget_history()


def _meet(link, pk, trail, nameless=None):
    rows, relation = link.rows(pk), link.relation
    if relation.fate == Fate.UNLINK:
        rows.update(**{link.field: None}, **relation.blanks)
    elif link.is_history and relation.fate == Fate.DELETE:
        traces.forget(rows, trail)
    elif relation.fate == Fate.COPY:
        fresh = nameless.copies_of(link, rows)
        traces.remove(rows, trail)
        nameless.write(link.model, fresh)
    elif relation.fate == Fate.DELETE:
        traces.remove(rows, trail)


class _Nameless:
    """The row that stands for the person in the figures, made when the first thing is to be kept."""

    def __init__(self, person):
        self.person, self.row, self.written = person, None, {}

    def copies_of(self, link, rows):
        """The rows that count, as new ones; read while the old ones are there."""
        relation = link.relation
        kept = list(relation.copied(rows) if relation.copied else rows)
        if kept and self.row is None:
            self.row = self._make()
        return [self._copy(link, row) for row in kept]

    def _copy(self, link, row):
        columns = [row._meta.get_field(name).attname for name in link.relation.keeps]
        values = {name: getattr(row, name) for name in columns}
        fills = link.relation.fills(row) if link.relation.fills else {}
        return link.model(pk=_any_id(), **{link.field: self.row}, **values | fills)

    def write(self, model, fresh):
        if fresh:
            model._base_manager.bulk_create(fresh)
            self.written.setdefault(model, []).extend(row.pk for row in fresh)

    def _make(self):
        person = self.person
        if isinstance(person, Pupil):
            row = Pupil(pk=_any_id(), is_statistic=True, sex=person.sex)
        else:
            facts = {"kind": person.kind, "member_school_id": person.member_school_id}
            row = Volunteer(pk=_any_id(), is_statistic=True, joined_on=NO_DAY, ended_on=NO_DAY, **facts)
        row.save(force_insert=True)
        self.written.setdefault(type(person), []).append(row.pk)
        return row

    def forget_history(self):
        """That they were written at this moment would say whose they were."""
        for model, ids in self.written.items():
            traces.forget_history(model, ids, Trail())


def _any_id() -> int:
    """A number far from those that the tables hand out, so that no order of events can be read from it."""
    return 2**40 + secrets.randbelow(2**52)


def _close(user, model, trail, ground) -> bool:
    """The account goes with the last person behind it. Whether it is gone."""
    own = Grant.objects.filter(user=user, role__in=OWN_ROLES[model])
    traces.remove(own, trail)
    is_somebody = any(person.objects.filter(user=user).exists() for person in relations.PERSONS)
    if is_somebody or user.grants.live().filter(role__in=STAFF_ROLES).exists():
        return False
    _close_account(user, trail, ground)
    return True


def _close_account(user, trail, ground):
    """What staff did stays, under an emptied account if need be."""
    links = relations.links_to(User)
    for link in sorted(links, key=lambda link: link.is_history):
        if link.relation.fate != Fate.KEEP:
            _meet(link, user.pk, trail)
    if any(link.relation.fate == Fate.KEEP and link.rows(user.pk).exists() for link in links):
        _empty(user, trail)
    else:
        traces.remove(User.objects.filter(pk=user.pk), trail)
        _bury("user", user.pk, ground)


def _empty(user, trail):
    """Who answers for a decision keeps a number and nothing else."""
    User.objects.filter(pk=user.pk).update(
        email=f"erased-{secrets.token_hex(8)}{EMPTIED}",
        name="",
        is_active=False,
        last_login=None,
        password="!" + secrets.token_hex(20),
    )
    traces.forget_history(User, [user.pk], trail)


def _bury(kind, pk, ground):
    month = timezone.localdate().replace(day=1)
    tombstone, _new = Tombstone.objects.get_or_create(
        model=kind, old_id=pk, defaults={"month": month, "ground": ground}
    )
    return tombstone


@dataclass(frozen=True)
class Line:
    """What would happen to the rows of one table."""

    name: str
    goes: int
    stays: int


def preview(person) -> list[Line]:
    """What would go and what would stay, without doing anything."""
    lines = []
    for link in relations.links_to(type(person)):
        if link.is_history or link.relation.fate == Fate.KEEP or link.model._meta.app_label == "measurement":
            continue
        rows = link.rows(person.pk)
        if not (total := rows.count()):
            continue
        stays = 0
        if link.relation.fate == Fate.UNLINK:
            stays = total
        elif link.relation.fate == Fate.COPY:
            stays = (link.relation.copied(rows) if link.relation.copied else rows).count()
        lines.append(Line(str(link.model._meta.verbose_name_plural), total - stays, stays))
    return lines
