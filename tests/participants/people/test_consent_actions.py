"""Signing, taking back, asking and asking again: each a line of the ledger, each mail once."""

import datetime as dt
import re
import uuid

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from participants.correspondence import actions as correspondence
from participants.correspondence import letters
from participants.correspondence.models import Message
from participants.correspondence.occasions import Pointless
from participants.people import actions, family_links, questions
from participants.people.models import ByHand, Consent, ConsentText, Guardian, Guardianship, Look
from participants.people.rights import looks
from tests.factories.correspondence import JobFactory
from tests.factories.people import ConsentFactory, EnrolmentFactory, GuardianFactory, GuardianshipFactory, PupilFactory

ALL = ("taking_part", "image", "follow_up", "research")
LINK = Consent.Channel.LINK


def planned(**facts):
    return set(Message.objects.filter(state="planned", **facts).values_list("address", "rule__code"))


def test_a_new_word_replaces_the_last_of_the_same_signer(family):
    [first] = actions.sign(words=family.words("image", guardian=family.eve), channel=LINK)
    [other] = actions.sign(words=family.words("image", guardian=family.adam), channel=LINK)
    [second] = actions.sign(words=family.words("image", guardian=family.eve, decision="refused"), channel=LINK)
    for line in (first, other, second):
        line.refresh_from_db()
    assert (first.replaced_at, other.replaced_at, second.replaced_at) == (timezone.now(), None, None)
    assert second.decision == "refused"


def test_the_same_word_twice_is_one_line(family):
    words = family.words(*ALL, guardian=family.eve)
    assert len(actions.sign(words=words, channel=LINK)) == 4
    assert actions.sign(words=words, channel=LINK) == []


def test_after_taking_back_one_may_say_yes_again(family):
    [line] = actions.sign(words=family.words("image", guardian=family.eve), channel=LINK)
    assert actions.withdraw(consent=line)
    [again] = actions.sign(words=family.words("image", guardian=family.eve), channel=LINK)
    line.refresh_from_db()
    assert (line.withdrawn_at, line.replaced_at, again.is_in_force) == (timezone.now(), timezone.now(), True)


def test_taking_back_twice_is_once(family):
    [line] = actions.sign(words=family.words("research", guardian=family.eve), channel=LINK)
    assert [actions.withdraw(consent=line), actions.withdraw(consent=line)] == [True, False]
    assert list(ByHand.objects.values_list("task", "audience")) == [("tell_researchers", "center")]
    assert planned(occasion="people.consent_withdrawn") == {("eve@example.org", "people-consent-withdrawn")}


@pytest.mark.parametrize("purpose", ALL)
def test_only_whose_word_counts_is_written_down(family, purpose):
    stranger = GuardianFactory()
    with pytest.raises(ValidationError, match="not noted as a guardian"):
        actions.sign(words=family.words(purpose, guardian=stranger), channel=LINK)
    adult = PupilFactory(birth_date=dt.date(2008, 11, 20))
    GuardianshipFactory(guardian=family.eve, pupil=adult)
    adult.refresh_from_db()
    with pytest.raises(ValidationError, match="pupil alone decides"):
        actions.sign(words=family.words(purpose, guardian=family.eve, pupil=adult), channel=LINK)


def test_the_pupil_has_no_word_where_the_guardians_decide(family):
    with pytest.raises(ValidationError, match="guardians decide"):
        actions.sign(words=family.words("taking_part"), channel=LINK)


def test_a_text_that_is_gone_is_not_signed(family):
    ConsentText.objects.filter(purpose="research").update(retired_at=timezone.now())
    with pytest.raises(ValidationError, match="no longer asked"):
        actions.sign(words=family.words("research", guardian=family.eve), channel=LINK)


def test_a_new_text_keeps_earlier_answers_or_ends_them(family, cleo):
    actions.sign(words=family.words(*ALL, guardian=family.eve), channel=LINK)
    old = ConsentText.objects.current().get(purpose="research")

    def publish(title, **how):
        facts = {name: getattr(old, name) for name in ("text_fr", "text_en", "each_school_year", "purpose")}
        return actions.publish_text(text=ConsentText(title_fr=title, title_en=title, **facts), by=cleo, **how)

    second = publish("Recherche 2")
    old.refresh_from_db()
    assert (second.version, old.retired_at, second.published_by) == (2, timezone.now(), cleo)
    assert second.fingerprint != old.fingerprint
    assert Consent.objects.get(purpose="research").is_in_force
    publish("Recherche 3", ask_again=True)
    assert Consent.objects.get(purpose="research").valid_until == dt.date(2026, 11, 19)
    assert [q.purpose for q in questions.open_questions(questions.children_of(family.eve)) if q.guardian] == [
        "research"
    ]


def test_one_mail_a_guardian_names_all_children(family):
    max_ = PupilFactory(first_name="Max", last_name="Durand", birth_date="2013-01-01")
    GuardianshipFactory(guardian=family.eve, pupil=max_)
    max_.refresh_from_db()
    assert actions.ask(pupils=[family.lou, max_]) == 2
    assert actions.ask(pupils=[family.lou, max_]) == 0
    assert planned() == {
        (address, code)
        for address in ("eve@example.org", "adam@example.org")
        for code in ("people-consent-asked", "people-consent-reminder")
    }
    letter = letters.compose(Message.objects.get(address="eve@example.org", rule__code="people-consent-asked"))
    assert letter.subject == "Your agreement for Lou and Max"


def test_two_guardians_of_one_address_have_a_link_each_in_their_own_language(family, settings):
    settings.MAIL_TRANSPORT = {"EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend"}
    Guardian.objects.update(email="home@example.org")
    actions.ask(pupils=[family.lou])
    asked = Message.objects.filter(rule__code="people-consent-asked").order_by("language")
    written = [letters.compose(message) for message in asked]
    assert [letter.subject for letter in written] == ["Your agreement for Lou", "Votre accord pour Lou"]
    tokens = [re.search(r"/family/([^/\s]+)/", letter.text)[1] for letter in written]
    assert [family_links.read(token).person for token in tokens] == [family.eve, family.adam]


def test_a_pupil_of_fifteen_is_written_to_and_a_younger_one_never(family):
    older = PupilFactory(first_name="Zoé", birth_date="2011-11-20", email="zoe@example.org")
    younger = PupilFactory(birth_date="2011-11-21", email="no@example.org")
    for pupil in (older, younger):
        pupil.refresh_from_db()
    actions.ask(pupils=[older, younger])
    assert planned() == {
        ("zoe@example.org", "people-consent-asked-pupil"),
        ("zoe@example.org", "people-consent-reminder-pupil"),
    }


def test_asking_again_takes_the_place_of_the_earlier_reminder(family):
    actions.ask(pupils=[family.lou])
    with time_machine.travel("2026-11-23 10:00:00+01:00", tick=False):
        actions.ask(pupils=[family.lou])
        due = Message.objects.filter(address="eve@example.org", rule__code="people-consent-reminder")
        assert [(m.state, timezone.localdate(m.due_at)) for m in due.order_by("pk")] == [
            ("cancelled", dt.date(2026, 11, 27)),
            ("planned", dt.date(2026, 11, 30)),
        ]


@pytest.mark.mail
@pytest.mark.parametrize("end", ["answered", "taken back", "guardian gone", "address gone", "pupil gone"])
def test_nobody_is_reminded_of_what_has_no_point_any_more(family, end):
    actions.ask(pupils=[family.lou])
    [reminder] = Message.objects.filter(address="eve@example.org", rule__code="people-consent-reminder")
    letters.compose(reminder)
    if end in {"answered", "taken back"}:
        lines = actions.sign(words=family.words(*ALL, guardian=family.eve), channel=LINK)
        actions.sign(words=family.words(*ALL[1:]), channel=LINK)
        if end == "taken back":
            [actions.withdraw(consent=line) for line in lines]
    elif end == "guardian gone":
        actions.remove_guardian(pupil=family.lou, rank=1, by=family.teacher)
    elif end == "address gone":
        Guardian.objects.filter(pk=family.eve.pk).update(email="")
    else:
        Guardianship.objects.filter(pupil=family.lou).delete()
    with pytest.raises(Pointless):
        letters.compose(Message.objects.get(pk=reminder.pk))


def test_the_address_of_the_day_of_sending_counts(family, settings):
    settings.MAIL_TRANSPORT = {"EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend"}
    actions.ask(pupils=[family.lou])
    Guardian.objects.filter(pk=family.eve.pk).update(email="new@example.org")
    correspondence.deliver()
    sent = Message.objects.filter(state="sent").values_list("address", flat=True)
    assert set(sent) == {"new@example.org", "adam@example.org"}


@pytest.mark.parametrize(
    ("day", "born", "until", "asked"),
    [
        ("2027-09-01", "2014-03-14", "2027-08-31", {"eve@example.org", "adam@example.org"}),  # new school year
        ("2026-11-21", "2011-11-21", "2026-11-20", {"eve@example.org", "adam@example.org", "lou@example.org"}),  # 15
        ("2026-11-21", "2008-11-21", "2026-11-20", {"lou@example.org"}),  # 18
        ("2026-11-20", "2008-11-21", "2026-11-20", set()),  # the last day still counts
    ],
)
def test_asked_again_where_a_word_has_ended_once(family, day, born, until, asked):
    lou = family.lou
    type(lou).objects.filter(pk=lou.pk).update(birth_date=born, email="lou@example.org")
    ConsentFactory(pupil=lou, guardian=family.eve, valid_until=until)
    ConsentFactory(pupil=lou, guardian=family.eve, purpose="image", valid_until=until)
    with time_machine.travel(f"{day} 08:00:00+02:00", tick=False):
        EnrolmentFactory(pupil=lou, school=family.school, school_year=2027)
        assert actions.renew() == len(asked)
        assert actions.renew() == 0
    assert {address for address, _code in planned()} == asked


@pytest.mark.parametrize(("purpose", "asked"), [("taking_part", set()), ("follow_up", {"lou@example.org"})])
def test_who_has_left_is_asked_again_about_what_goes_on(family, purpose, asked):
    """At 18 it is the former pupil who decides whether we may ask what became of them."""
    type(family.lou).objects.filter(pk=family.lou.pk).update(birth_date="2009-09-02", email="lou@example.org")
    ConsentFactory(pupil=family.lou, guardian=family.eve, purpose=purpose, valid_until="2027-09-01")
    with time_machine.travel("2027-09-02 08:00:00+02:00", tick=False):
        assert actions.renew() == len(asked)
    assert {address for address, _code in planned()} == asked


def test_what_is_done_by_hand_is_noted_and_can_be_undone(family):
    [line] = actions.sign(words=family.words("image", guardian=family.eve), channel=LINK)
    actions.withdraw(consent=line)
    thing = ByHand.objects.visible_to(family.teacher).get()
    actions.finish_by_hand(thing=thing, by=family.teacher)
    assert (thing.done_at, thing.done_by) == (timezone.now(), family.teacher)
    actions.reopen_by_hand(thing=thing)
    assert (thing.done_at, thing.done_by) == (None, None)


def test_a_no_in_the_place_of_a_yes_is_a_withdrawal(family):
    """On paper nobody takes back: the next sheet says no. So does the second of two parents."""
    actions.sign(words=family.words("research", guardian=family.eve), channel=LINK)
    actions.sign(words=family.words("research"), channel=LINK)
    assert not ByHand.objects.exists()
    [line] = actions.sign(words=family.words("research", guardian=family.adam, decision="refused"), channel=LINK)
    assert list(ByHand.objects.values_list("task", "consent")) == [("tell_researchers", line.pk)]
    # A second no takes nothing back that was still allowed.
    actions.sign(words=family.words("research", guardian=family.eve, decision="refused"), channel=LINK)
    assert ByHand.objects.count() == 1


def test_files_made_before_a_withdrawal_are_no_longer_to_be_had(family):
    [line] = actions.sign(words=family.words("taking_part", guardian=family.eve), channel=LINK)
    now = timezone.now()
    facts = {"state": "done", "file_name": "a.csv", "finished_at": now, "expires_at": now + dt.timedelta(days=7)}
    made = JobFactory(owner=family.teacher, stored_as="a", **facts)
    running = JobFactory(owner=family.teacher, state="running", claim=uuid.uuid4(), lease_until=now, kind="other")
    of_others = JobFactory(stored_as="b", **facts)
    looks.note(family.teacher, family.lou, Look.What.EXPORT)
    actions.withdraw(consent=line)
    for job in (made, running, of_others):
        job.refresh_from_db()
    assert (made.has_file, of_others.has_file) == (False, True)
    assert (running.state, running.claim) == ("queued", None)


def test_a_new_yes_of_all_ends_what_was_to_be_done_by_hand(family):
    """Not before everybody who decides has said yes again, and not what another withdrawal asked for."""
    both = [*family.words("image", "research", guardian=family.eve), *family.words("image", guardian=family.adam)]
    both += family.words("image")  # Lou's own
    lines = actions.sign(words=both, channel=LINK)
    for line in lines:
        actions.withdraw(consent=line)
    photos, research = ByHand.objects.filter(task="take_photos_off"), ByHand.objects.get(task="tell_researchers")
    assert photos.open().count() == 6
    actions.sign(words=[*family.words("image", guardian=family.eve), *family.words("image")], channel=LINK)
    assert photos.open().count() == 6
    actions.sign(words=family.words("image", guardian=family.adam, decision="refused"), channel=LINK)
    assert photos.open().count() == 6
    actions.sign(words=family.words("image", guardian=family.adam), channel="paper", by=family.teacher)
    assert set(photos.values_list("done_at", "done_by", "note")) == {
        (timezone.now(), family.teacher.pk, "agreed_again")
    }
    research.refresh_from_db()
    assert (research.done_at, research.note) == (None, "")
    thing = actions.reopen_by_hand(thing=photos.first())
    assert (thing.done_at, thing.note) == (None, "")
