"""What families say, and what follows. Each word is a line of the ledger; a new one takes the place of the last."""

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from participants.correspondence import actions as correspondence
from participants.organisations.school_years import current_school_year
from participants.people import occasions
from participants.people.actions.asking import people_in, write_to
from participants.people.consents import is_allowed, lost, valid_until, who_signs
from participants.people.models import AFTER_WITHDRAWAL, ByHand, Consent, ConsentText, Guardian, Guardianship, Pupil
from participants.people.rights import looks


@dataclass(frozen=True)
class Word:
    """What one signer says about one purpose for one pupil; without a guardian it is the pupil's own word."""

    pupil: Pupil
    guardian: Guardian | None
    purpose: str
    decision: str
    signature: str = ""


@transaction.atomic
def sign(*, words, channel, by=None, scan="") -> list[Consent]:
    """Write down what was said, once however often it is sent; returns the new lines. Whoever has an address gets a
    receipt, and the reminders of those who have nothing left to answer do not leave."""
    words = list(words)
    pupils = _locked({word.pupil.pk for word in words})
    refusing = {(word.pupil.pk, word.purpose) for word in words if word.decision == Consent.Decision.REFUSED}
    counted = _counted(refusing)
    texts = {text.purpose: text for text in ConsentText.objects.current()}
    lines = [
        line
        for word in words
        if (line := _write(word, pupils.get(word.pupil.pk), texts, channel=channel, by=by, scan=scan))
    ]
    ended = counted - _counted(refusing)
    _take_back([line for line in lines if (line.pupil_id, line.purpose) in ended])
    _close_by_hand(lines, by)
    for person in people_in([(line.guardian, line.pupil) for line in lines]):
        write_to(occasions.SIGNED, person, key=f"signed:{max(line.pk for line in lines)}")
    return lines


@transaction.atomic
def withdraw(*, consent, by=None) -> bool:
    """Take a yes back: it counts no more from this moment. What must be done by hand is asked for, and the signer gets
    a receipt. Saying it twice changes nothing; returns whether it did."""
    pupil = _locked({consent.pupil_id}).get(consent.pupil_id)
    standing = Consent.objects.standing().filter(pk=consent.pk, decision=Consent.Decision.GIVEN, withdrawn_at=None)
    if pupil is None or not standing.update(withdrawn_at=timezone.now()):
        return False
    _take_back([consent])
    [person] = people_in([(consent.guardian, pupil)])
    write_to(occasions.WITHDRAWN, person, key=f"withdrawn:{consent.pk}")
    return True


def _counted(pairs) -> set[tuple[int, str]]:
    """Of these (pupil id, purpose), those that are allowed at this moment."""
    return {(pk, purpose) for pk, purpose in pairs if is_allowed(pk, purpose)}


def _take_back(lines):
    """A yes counts no more: what no program can do is asked for, and files made before are no longer to be had."""
    tasks = [
        ByHand(pupil_id=line.pupil_id, consent_id=line.pk, task=task, audience=audience)
        for line in lines
        for task, audience in AFTER_WITHDRAWAL[line.purpose]
    ]
    ByHand.objects.bulk_create(tasks, ignore_conflicts=True)
    for line in lines:
        correspondence.end_files(owners=looks.takers(line.pupil))
        lost.send(sender=Consent, pupil_id=line.pupil_id, purpose=line.purpose)


def _close_by_hand(lines, by):
    """What a withdrawal asked for is no longer to be done once everybody who decides has said yes again."""
    for pupil, purpose in {(line.pupil_id, line.purpose) for line in lines if line.decision == Consent.Decision.GIVEN}:
        things = ByHand.objects.open().filter(pupil=pupil, consent__purpose=purpose)
        if things.exists() and is_allowed(pupil, purpose):
            things.update(done_at=timezone.now(), done_by=by, note=ByHand.Note.AGREED_AGAIN)


@transaction.atomic
def finish_by_hand(*, thing, by) -> ByHand:
    """Say that what had to be done by hand is done."""
    ByHand.objects.filter(pk=thing.pk, done_at=None).update(done_at=timezone.now(), done_by=by)
    thing.refresh_from_db()
    return thing


@transaction.atomic
def reopen_by_hand(*, thing) -> ByHand:
    """It was not done after all."""
    ByHand.objects.filter(pk=thing.pk).update(done_at=None, done_by=None, note="")
    thing.refresh_from_db()
    return thing


@transaction.atomic
def publish_text(*, text, by, ask_again=False) -> ConsentText:
    """A new version in the place of the old one. When everybody is asked again, what was said before ends yesterday."""
    last = ConsentText.objects.select_for_update(no_key=True, of=("self",)).filter(purpose=text.purpose)
    versions = [known.version for known in last.order_by("pk")]
    ConsentText.objects.current().filter(purpose=text.purpose).update(retired_at=timezone.now())
    text.version, text.published_by, text.published_at = max(versions, default=0) + 1, by, timezone.now()
    text.full_clean(exclude=["fingerprint"])
    text.save(force_insert=True)
    if ask_again:
        yesterday = timezone.localdate() - dt.timedelta(days=1)
        earlier = Consent.objects.standing().filter(purpose=text.purpose, valid_until__gt=yesterday)
        earlier.update(valid_until=yesterday)
    return text


def _locked(ids) -> dict[int, Pupil]:
    """The pupils, each held until the end of the transaction: two words about one pupil queue here."""
    pupils = Pupil.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=ids, is_statistic=False)
    return {pupil.pk: pupil for pupil in pupils.order_by("pk")}


def _write(word, pupil, texts, *, channel, by, scan):
    today = timezone.localdate()
    _check(word, pupil, texts, today, channel)
    text = texts[word.purpose]
    last = Consent.objects.standing().filter(pupil=pupil, purpose=word.purpose, guardian=word.guardian).first()
    until = valid_until(pupil.birth_date, today, each_school_year=text.each_school_year)
    if last and _says_the_same(last, word, text, today):
        return None
    if last:
        Consent.objects.filter(pk=last.pk).update(replaced_at=timezone.now())
    return Consent.objects.create(
        pupil=pupil,
        purpose=word.purpose,
        text=text,
        guardian=word.guardian,
        decision=word.decision,
        channel=channel,
        school_year=current_school_year(),
        said_at=timezone.now(),
        valid_until=until,
        recorded_by=by,
        signature=word.signature,
        scan=scan,
    )


def _says_the_same(last, word, text, today):
    """Whether the word that stands is this one: said of the same text, not taken back, and still counting."""
    is_same = (last.text_id, last.decision) == (text.pk, word.decision)
    return is_same and not last.withdrawn_at and last.valid_until >= today


def _check(word, pupil, texts, today, channel):
    """Only whose word counts is written down, about a text that can be read, and from a paper that can be shown."""
    if pupil is None or word.purpose not in texts or word.decision not in Consent.Decision.values:
        raise ValidationError(_("This is no longer asked. Open the page again."))
    who = who_signs(word.purpose, pupil.age_on(today))
    if word.guardian is None and not who.pupil:
        raise ValidationError(_("The guardians decide about this, not the pupil."))
    if word.guardian is not None:
        if who.guardians == "none":
            raise ValidationError(_("At this age the pupil alone decides about this."))
        if not Guardianship.objects.filter(pupil=pupil, guardian=word.guardian).exists():
            raise ValidationError(_("This person is not noted as a guardian of this pupil."))
