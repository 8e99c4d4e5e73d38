"""Guardians, as the school enters and corrects them: one or two a pupil, the same person once for brothers and sisters."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from participants.accounts.roles import Permission
from participants.accounts.text import fold
from participants.organisations.models import Organisation
from participants.people.actions.holding import held
from participants.people.models import Guardian, Guardianship, Pupil

FIELDS = ("first_name", "last_name", "email", "phone", "language")


@transaction.atomic
def set_guardian(*, pupil, rank, by, **facts) -> Guardian:
    """Enter or correct the guardian in this place. Somebody who is already known as the guardian of a brother or sister
    is that same person; a new address takes back the links that went to the old one."""
    pupil = held(pupil)
    facts = {name: facts.get(name, "").strip() for name in FIELDS}
    facts["email"] = facts["email"].lower()
    link = Guardianship.objects.filter(pupil=pupil, rank=rank).select_related("guardian").first()
    if link:
        return _correct(link.guardian, facts, by)
    guardian = _known(facts, by, pupil) or _new(facts)
    link = Guardianship(pupil=pupil, guardian=guardian, rank=rank)
    link.full_clean()
    link.save()
    return guardian


@transaction.atomic
def remove_guardian(*, pupil, rank, by) -> None:
    """Nobody answers for the pupil in this place any more. What this person said stays in the ledger and counts no more;
    without another child here, their links end."""
    pupil = held(pupil)
    for link in Guardianship.objects.filter(pupil=pupil, rank=rank):
        link.delete()
        Guardian.objects.filter(pk=link.guardian_id).update(link_key=F("link_key") + 1)


def _correct(guardian, facts, by):
    guardian = Guardian.objects.select_for_update(no_key=True, of=("self",)).get(pk=guardian.pk)
    changed = [name for name in FIELDS if getattr(guardian, name) != facts[name]]
    if not changed:
        return guardian
    elsewhere = Guardianship.objects.filter(guardian=guardian).exclude(pupil__in=Pupil.objects.managed_by(by))
    is_center = Organisation.objects.reaches_center(by, Permission.PUPIL_MANAGE)
    if not is_center and (guardian.user_id or elsewhere.exists()):
        raise ValidationError(
            _("This person has an account or a child in another school. Ask the coordinators to correct what we know.")
        )
    for name in changed:
        setattr(guardian, name, facts[name])
    guardian.full_clean()
    guardian.save(update_fields=changed)
    guardian.refresh_from_db(fields=["link_key"])
    return guardian


def _known(facts, by, pupil):
    """The same person among the guardians whose children one may manage."""
    mine = Guardianship.objects.filter(pupil__in=Pupil.objects.managed_by(by)).exclude(pupil=pupil)
    return _same(facts, Guardian.objects.filter(pk__in=mine.values("guardian")))


def _same(facts, among):
    """Whoever has the same name and address; with no address, nobody has."""
    if not facts["email"]:
        return None
    sort_name = fold(f"{facts['last_name']} {facts['first_name']}")
    return among.filter(email__iexact=facts["email"], sort_name=sort_name).order_by("pk").first()


def behind_proven_address(**facts) -> Guardian:
    """The guardian of this name whose address has just been proven, whoever's children they answer for; or a new one."""
    return _same(facts, Guardian.objects.all()) or _new(facts)


def _new(facts):
    guardian = Guardian(**facts)
    guardian.full_clean()
    guardian.save()
    return guardian
