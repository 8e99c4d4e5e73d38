"""How young people come into the talent pool and leave it, and how they are invited."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from participants.correspondence import actions as correspondence
from participants.organisations.school_years import current_school_year
from participants.people import consents
from participants.people.actions import ask
from participants.people.models import Purpose
from programs.activities.models import Booking
from programs.awareness import pool, pool_letters
from programs.awareness.models import Nomination, PoolEntry, PoolInvitation, PoolRound

Door = PoolEntry.Door


@transaction.atomic
def enter_pool(*, pupil, door, by=None, booking=None, is_own_word=False) -> PoolEntry:
    """Come into the pool, once. Whoever has left comes back by their own word only, or that of a guardian. Where the
    agreement to be written to is missing, it is asked for: entering gives none."""
    entry = PoolEntry(pupil=pupil, door=door, entered_by=by, booking=booking)
    # Two doors at once: the first stands.
    PoolEntry.objects.bulk_create([entry], ignore_conflicts=True)
    entry = _locked(pupil)
    if entry.left_at and is_own_word:
        entry.left_at = None
        entry.save(update_fields=["left_at"])
    elif entry.left_at:
        raise ValidationError(
            _("%(name)s has left the talent pool. Only they can come back.") % {"name": pupil.first_name}
        )
    if not consents.is_allowed(pupil.pk, Purpose.FOLLOW_UP):
        ask(pupils=[pupil])
    return entry


@transaction.atomic
def leave_pool(*, pupil) -> None:
    """Leave the pool: what was to be written is not sent."""
    PoolEntry.objects.filter(pupil=pupil, left_at=None).update(left_at=timezone.now())
    for invitation in PoolInvitation.objects.filter(pupil=pupil):
        correspondence.call_off(
            about=invitation.pk,
            occasions=[pool_letters.INVITED],
            reason=gettext_noop("The young person has left the talent pool."),
        )


@transaction.atomic
def nominate(*, pupil, by, **facts) -> Nomination:
    """Name a pupil for the pool, with reasons of which one at least is a yes; a second word of the same teacher in the
    same school year takes the place of the first."""
    year = pupil.enrolments.filter(school_year=current_school_year(), state="enrolled").first()
    if year is None:
        raise ValidationError(_("This pupil is in no school this school year."))
    nomination = Nomination.objects.filter(pupil=pupil, school_year=year.school_year, nominated_by=by).first()
    nomination = nomination or Nomination(pupil=pupil, school_year=year.school_year, nominated_by=by)
    nomination.school = year.school
    for name in Nomination.FACTS:
        setattr(nomination, name, facts[name])
    nomination.full_clean(validate_unique=False)
    nomination.save()
    enter_pool(pupil=pupil, door=Door.NOMINATION, by=by)
    return nomination


@transaction.atomic
def enter_from_session(*, session, by) -> int:
    """Take those who came to an event, or hold a seat in it, into the pool, and ask each family for its agreement;
    whoever has left stays away. Returns how many are new."""
    seats = Booking.objects.seated().filter(session=session, pupil__isnull=False, pupil__pool_entry=None)
    seats = seats.filter(pupil__is_statistic=False).select_related("pupil").order_by("pk")
    for booking in seats:
        enter_pool(pupil=booking.pupil, door=Door.EVENT, by=by, booking=booking)
    return len(seats)


@transaction.atomic
def invite_round(*, activity, reason, filters, entries, most, by) -> PoolRound:
    """Write to those who fit, in turn, as many as said. Under the lock of each of them it is asked once more whether the
    agreement stands and whether they were not written to too often: two rounds at once never reach one person twice."""
    wanted = list(pool.in_turn(pool.invitable(activity, entries)).values_list("pk", flat=True)[:most])
    locked = PoolEntry.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=wanted).order_by("pk")
    still = pool.invitable(activity, PoolEntry.objects.filter(pk__in=[entry.pk for entry in locked]))
    chosen = list(still.select_related("pupil").order_by("pk"))
    if not chosen:
        raise ValidationError(
            _("Nobody can be written to now: widen the filters, or wait until a fortnight has passed.")
        )
    made = PoolRound(activity=activity, reason=reason, filters=filters, made_by=by)
    made.full_clean()
    made.save()
    invitations = [PoolInvitation(round=made, pupil=entry.pupil, activity=activity) for entry in chosen]
    PoolInvitation.objects.bulk_create(invitations)
    correspondence.plan_all(
        correspondence.Plan(
            pool_letters.INVITED, pool.people_of(invitation.pupil), invitation.pk, f"pool:{invitation.pk}"
        )
        for invitation in invitations
    )
    return made


def _locked(pupil):
    return PoolEntry.objects.select_for_update(no_key=True, of=("self",)).get(pupil=pupil)
