"""How a young person comes into the pool by themselves: they ask, the address is proven, and who seems to be on record
waits for a coordinator. Nobody outside is told which of the two it was."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from participants.correspondence import actions as correspondence
from participants.correspondence.models import Message
from participants.organisations.models import School
from participants.organisations.school_years import current_school_year
from participants.people import occasions
from participants.people.actions import enter_by_own_word, sign
from participants.people.actions.consents import Word
from participants.people.duplicates.candidates import similar_to
from participants.people.duplicates.scoring import SURE_FROM
from participants.people.models import Consent, Guardian, Purpose
from programs.awareness import newcomers
from programs.awareness.actions.pool import Door, enter_pool
from programs.awareness.models import SelfEntry

State = SelfEntry.State
# Nobody fills somebody else's mailbox with questions; brothers and sisters share one.
OPEN_AT_AN_ADDRESS = 3
THANKED = gettext_noop("The page has said thank you, to everybody in the same words.")


@transaction.atomic
def ask_to_come_in(*, school, language, **typed) -> None:
    """Note what was typed and ask at the address whether it was really them, once a day for the same person."""
    typed = typed | {name: typed[name].lower() for name in ("email", "guardian_email")}
    who = {name: typed[name] for name in ("first_name", "last_name", "birth_date", "email", "guardian_email")}
    entry = SelfEntry.objects.filter(school=school, **who).first()
    if entry is None:
        field = "guardian_email" if typed["guardian_email"] else "email"
        if SelfEntry.objects.filter(state=State.ASKED, **{field: typed[field]}).count() >= OPEN_AT_AN_ADDRESS:
            return
        entry = SelfEntry.objects.create(school=school, language=language, **typed)
    if entry.state == State.ASKED:
        correspondence.plan(
            occasion=newcomers.occasion_for(entry),
            recipients=[newcomers.addressee_of(entry)],
            about=entry.pk,
            key=f"{entry.pk}:{timezone.localdate()}",
        )


@transaction.atomic
def come_in(*, entry, signature, guardian_first_name="", guardian_last_name="") -> None:
    """The address is proven and the agreement signed: a new record in the pool, or, where the person seems to be on
    record, a proposal. The second of two taps changes nothing."""
    entry = _held(entry, State.ASKED)
    if entry is None:
        return
    # Two rows about one person queue here; the second finds the record of the first.
    School.objects.select_for_update(no_key=True, of=("self",)).get(pk=entry.school_id)
    entry.guardian_first_name, entry.guardian_last_name = guardian_first_name, guardian_last_name
    entry.proven_at = timezone.now()
    met = similar_to(entry.first_name, entry.last_name, entry.birth_date, entry.school, year=current_school_year())
    if met and met[0].score >= SURE_FROM:
        entry.state, entry.pupil, entry.codes = State.WAITING, met[0].pupil, met[0].codes
    else:
        entry.state = State.DONE
        pupil = _written_down(entry)
        _sign(entry, pupil, signature)
        enter_pool(pupil=pupil, door=Door.SELF)
    entry.full_clean()
    entry.save()


@transaction.atomic
def take_as_known(*, entry, by) -> None:
    """It is the person on record: they come in, and the agreement is asked for at the addresses of the record alone."""
    entry = _held(entry, State.WAITING)
    if entry:
        enter_pool(pupil=entry.pupil, door=Door.SELF, by=by)
        _settle(entry)


@transaction.atomic
def take_as_new(*, entry, by) -> None:
    """It is somebody else: a record of their own, and the agreement is asked for at the address that they proved."""
    entry = _held(entry, State.WAITING)
    if entry:
        enter_pool(pupil=_written_down(entry), door=Door.SELF, by=by)
        _settle(entry)


@transaction.atomic
def set_aside(*, entry, by) -> None:
    """Nothing follows; what was typed is deleted with the others of its day."""
    entry = _held(entry, State.WAITING)
    if entry:
        _settle(entry)


@transaction.atomic
def forget_self_entries() -> int:
    """Delete what was typed and never proven, what is settled, and what nobody decided on, with what was written about
    it. Returns how many."""
    numbers = list(SelfEntry.objects.over().values_list("pk", flat=True))
    Message.objects.filter(addressee__in=[newcomers.reference_of(number) for number in numbers]).delete()
    SelfEntry.objects.filter(pk__in=numbers).delete()
    return len(numbers)


def _held(entry, state):
    """The row, if it still stands there, held until the end of the transaction."""
    rows = SelfEntry.objects.select_for_update(no_key=True, of=("self",)).select_related("school", "pupil")
    return rows.filter(pk=entry.pk, state=state).first()


def _settle(entry):
    entry.state = State.DONE
    entry.save(update_fields=["state"])


def _written_down(entry):
    guardian = {
        "first_name": entry.guardian_first_name,
        "last_name": entry.guardian_last_name,
        "email": entry.guardian_email,
        "language": entry.language,
    }
    return enter_by_own_word(
        school=entry.school,
        school_year=current_school_year(),
        level=entry.level,
        first_name=entry.first_name,
        last_name=entry.last_name,
        birth_date=entry.birth_date,
        email=entry.email,
        guardian=guardian if entry.guardian_email else None,
    )


def _sign(entry, pupil, signature):
    """The yes to being written to: of the guardian and beside it the child's own below 15, else the pupil's alone. The
    receipt stays away, because whoever seems to be on record gets none."""
    given = (Purpose.FOLLOW_UP, Consent.Decision.GIVEN)
    words = [Word(pupil, None, *given, signature)]
    guardian = Guardian.objects.filter(guardianships__pupil=pupil).first()
    if guardian:
        words.append(Word(pupil, guardian, *given, f"{entry.guardian_first_name} {entry.guardian_last_name}"))
    sign(words=words, channel=Consent.Channel.LINK)
    signer = guardian or pupil
    correspondence.call_off(about=signer.pk, occasions=[occasions.key_for(occasions.SIGNED, signer)], reason=THANKED)
