"""Sensitive answers about a pupil rest on the agreement on health data: it is asked where the question is, by whoever may
give it, and the answers stay no longer than it does."""

from participants.accounts.models import User
from participants.people import consents
from participants.people.actions.consents import Word, sign
from participants.people.models import Consent, ConsentText, Guardian, Pupil, Purpose
from programs.activities.actions.answers import delete_answers
from programs.activities.models import Answer

PURPOSE = Purpose.CAMP_HEALTH


def askable(asked, pupils, person):
    """The questions that this person may be asked about these pupils, and the agreement to give first: nothing where it
    stands already or nothing is sensitive. Who may not give it is asked nothing sensitive."""
    plain = [one for one in asked if not one.question.is_sensitive]
    open_still = pupils.exclude(pk__in=consents.allowed(Pupil.objects.all(), PURPOSE).values("pk"))
    if len(plain) == len(asked) or not open_still.exists():
        return asked, None
    if any(_signer(person, pupil) is None for pupil in open_still):
        return plain, None
    return asked, ConsentText.objects.current().get(purpose=PURPOSE)


def agree(pupil, person):
    """Write the agreement down in the ledger, as the word of this person."""
    signer = _signer(person, pupil)
    channel = Consent.Channel.ACCOUNT if isinstance(person, User) else Consent.Channel.LINK
    guardian = signer if isinstance(signer, Guardian) else None
    sign(words=[Word(pupil, guardian, PURPOSE, Consent.Decision.GIVEN, str(signer))], channel=channel)


def _signer(person, pupil) -> Guardian | Pupil | None:
    """Who agrees for this pupil when this person does; nobody where it is not theirs to say."""
    is_of_age = consents.who_signs(PURPOSE, pupil.age).guardians == "none"
    signers = Pupil.objects.filter(pk=pupil.pk) if is_of_age else Guardian.objects.filter(guardianships__pupil=pupil)
    if isinstance(person, User):
        return signers.filter(user=person).first()
    return signers.filter(pk=person.pk).first() if isinstance(person, signers.model) else None


def forget(sender, pupil_id, purpose, **kwargs):
    """The agreement is over: so are the answers."""
    if purpose == PURPOSE:
        delete_answers(Answer.objects.filter(pupil=pupil_id, asked__question__is_sensitive=True))
