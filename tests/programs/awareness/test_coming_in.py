"""A young person comes into the pool by themselves: nothing before proof, nobody twice, and nobody told who is on
record."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from participants.correspondence.models import Message
from participants.organisations.school_years import current_school_year
from participants.people.models import Consent, Enrolment, Guardian, Pupil
from programs.awareness import actions, newcomers
from programs.awareness.models import PoolEntry, SelfEntry
from tests.factories.awareness import SelfEntryFactory
from tests.factories.organisations import SchoolFactory
from tests.factories.people import EnrolmentFactory, GuardianFactory, GuardianshipFactory, PupilFactory

pytestmark = pytest.mark.django_db
EN = {"accept-language": "en"}


def born(age):
    return timezone.localdate() - dt.timedelta(days=age * 366)


def typed(**changes):
    said = {"first_name": "Lou", "last_name": "Lovelace", "birth_date": born(16), "level": "2GT"}
    return said | {"email": "lou@example.org", "guardian_email": ""} | changes


def ask(client, school, **changes):
    return client.post(reverse("awareness:come-in-school", args=[school.pk]), typed(**changes), headers=EN)


def signing(entry):
    return reverse("awareness:come-in-link", args=[newcomers.sign(entry)])


@pytest.fixture
def on_record(school):
    """Lou Lovelace, in this school, with a guardian who has an address."""
    pupil = PupilFactory(first_name="Lou", last_name="Lovelace", birth_date=born(16))
    EnrolmentFactory(pupil=pupil, school=school, school_year=current_school_year())
    GuardianshipFactory(pupil=pupil, guardian=GuardianFactory(email="eve@example.org"))
    return pupil


def test_from_fifteen_ones_own_signature_from_ones_own_mailbox_lets_one_in(school, client):
    assert ask(client, school).url.endswith("?done")
    entry, message = SelfEntry.objects.get(), Message.objects.get()
    assert (message.occasion, newcomers.find(entry.pk).email) == (newcomers.ASKED, "lou@example.org")
    assert not Pupil.objects.exists()
    client.get(signing(entry))  # a mail scanner looks
    assert not Pupil.objects.exists()
    client.post(signing(entry), {"signature": "Lou Lovelace"})
    client.post(signing(entry), {"signature": "Lou Lovelace"})
    pupil = PoolEntry.objects.contactable().get().pupil
    assert (pupil.email, pupil.pool_entry.door) == ("lou@example.org", "self")
    year = pupil.enrolments.get()
    assert (year.school, year.level, year.school_year) == (school, "2GT", current_school_year())
    consent = Consent.objects.get()
    assert (consent.purpose, consent.guardian, consent.signature) == ("follow_up", None, "Lou Lovelace")


def test_below_fifteen_a_guardian_and_the_child_sign_before_anybody_else_is_written_to(client):
    school = SchoolFactory(kind="college")
    ask(client, school, birth_date=born(13), level="4E", guardian_email="Eve@example.org")
    entry, message = SelfEntry.objects.get(), Message.objects.get()
    assert (message.occasion, newcomers.find(entry.pk).email) == (newcomers.GUARDIAN_ASKED, "eve@example.org")
    assert newcomers.describe(entry.pk, None)["child"] == "Lou"
    told = {"guardian_first_name": "Ève", "guardian_last_name": "Lovelace", "signature": "Lou"}
    client.post(signing(entry), told)
    assert not Pupil.objects.exists()  # the tick is missing
    client.post(signing(entry), told | {"is_guardian": "on"})
    assert PoolEntry.objects.contactable().get().pupil.age == 13
    said = set(Consent.objects.values_list("guardian__email", "signature"))
    assert said == {("eve@example.org", "Ève Lovelace"), (None, "Lou")}


@pytest.mark.parametrize(
    ("age", "changes", "sentence"),
    [
        (13, {"guardian_email": ""}, "they must agree first"),
        (16, {"email": ""}, "we write to it to see that it is yours"),
        (40, {}, "This is for pupils of collège and lycée"),
        (16, {"first_name": "Go to www.example.org"}, "Write the name in letters only"),
        (16, {"level": "3E"}, "3E is not one of the available choices"),
    ],
)
def test_what_is_missing_is_said_and_nobody_is_written_to(age, changes, sentence, school, client):
    school.kind = "lycee_gt"
    school.save()
    page = ask(client, school, birth_date=born(age), **changes)
    assert sentence in page.content.decode()
    assert not SelfEntry.objects.exists()
    assert not Message.objects.exists()


def test_from_fifteen_no_guardian_is_written_to(school, client):
    ask(client, school, guardian_email="eve@example.org")
    assert SelfEntry.objects.get().address == "lou@example.org"


def test_whoever_is_on_record_is_neither_entered_twice_nor_told(school, client, on_record):
    stranger = typed(first_name="Zoé", last_name="Martin", email="zoe@example.org", birth_date=born(17))
    first, second = (
        ask(client, school),
        client.post(reverse("awareness:come-in-school", args=[school.pk]), stranger, headers=EN),
    )
    assert (first.status_code, first.url) == (second.status_code, second.url)
    pages = []
    for entry in SelfEntry.objects.order_by("pk"):
        answer = client.post(signing(entry), {"signature": str(entry)})
        assert answer.url == signing(entry)
        pages.append(client.get(signing(entry)).content.decode().partition("<main")[2])
    assert pages[0] == pages[1]
    assert Pupil.objects.count() == 2  # the one on record, and the stranger
    assert not PoolEntry.objects.filter(pupil=on_record).exists()
    assert not Consent.objects.filter(pupil=on_record).exists()
    proposal = SelfEntry.objects.waiting().get()
    assert (proposal.pupil, proposal.codes) == (
        on_record,
        ["last_same", "first_same", "born_same", "school_same"],
    )
    # Neither is thanked by a mail that the other would miss.
    assert not Message.objects.unsent().exclude(occasion=newcomers.ASKED).exists()


def test_a_coordinator_sees_why_and_confirms_and_the_agreement_is_asked_at_the_record(
    school, on_record, coordinator, client_for
):
    entry = SelfEntryFactory(waiting=True, pupil=on_record, email="typed@example.org")
    client, decide = client_for(coordinator), reverse("awareness:self-entry-decide", args=[entry.pk])
    page = client.get(reverse("awareness:pool-list")).content.decode()
    assert "same last name" in page
    assert "typed@example.org" in page
    client.post(decide, {"answer": "known"})
    assert PoolEntry.objects.get().pupil == on_record
    on_record.refresh_from_db()
    assert on_record.email != "typed@example.org"
    guardian = Guardian.objects.get()
    assert {message.about for message in Message.objects.filter(occasion="people.consent_asked")} == {guardian.pk}
    assert client.post(decide, {"answer": "new"}).status_code == 404


def test_somebody_else_of_the_same_name_gets_a_record_of_their_own(school, on_record, coordinator, client_for):
    entry = SelfEntryFactory(waiting=True, pupil=on_record, school=school, email="other@example.org")
    client_for(coordinator).post(reverse("awareness:self-entry-decide", args=[entry.pk]), {"answer": "new"})
    pupil = PoolEntry.objects.get().pupil
    assert (pupil == on_record, pupil.email) == (False, "other@example.org")
    assert not PoolEntry.objects.contactable().exists()  # asked, not assumed
    asked = Message.objects.filter(occasion="people.consent_asked_of_pupil")
    assert {message.about for message in asked} == {pupil.pk}


def test_what_is_set_aside_changes_no_record(on_record, coordinator, client_for):
    entry = SelfEntryFactory(waiting=True, pupil=on_record)
    client_for(coordinator).post(reverse("awareness:self-entry-decide", args=[entry.pk]), {"answer": "aside"})
    assert not PoolEntry.objects.exists()
    assert not SelfEntry.objects.waiting().exists()


def test_whoever_has_left_does_not_come_back_by_what_somebody_typed(on_record, coordinator, client_for):
    PoolEntry.objects.create(pupil=on_record, door="self", left_at=timezone.now())
    entry = SelfEntryFactory(waiting=True, pupil=on_record)
    client_for(coordinator).post(reverse("awareness:self-entry-decide", args=[entry.pk]), {"answer": "known"})
    assert not PoolEntry.objects.standing().exists()
    assert SelfEntry.objects.waiting().exists()


def test_a_teacher_decides_nothing(on_record, teacher, client_for):
    entry = SelfEntryFactory(waiting=True, pupil=on_record)
    answer = client_for(teacher.user).post(reverse("awareness:self-entry-decide", args=[entry.pk]), {"answer": "known"})
    assert answer.status_code == 404


def test_two_rows_about_one_person_make_one_record(school, client):
    for address in ("lou@example.org", "lou.lovelace@example.org"):
        ask(client, school, email=address)
    for entry in SelfEntry.objects.all():
        client.post(signing(entry), {"signature": "Lou Lovelace"})
    assert Pupil.objects.count() == 1
    assert SelfEntry.objects.waiting().count() == 1


def test_asking_again_writes_once_a_day_and_fills_nobodys_mailbox(school, client):
    for _time in range(2):
        ask(client, school)
    assert Message.objects.count() == 1
    for number in range(5):
        ask(client, school, first_name=f"Lou {'abcde'[number]}")
    assert SelfEntry.objects.count() == actions.coming_in.OPEN_AT_AN_ADDRESS


def test_one_line_of_the_network_asks_so_often_an_hour(school, client):
    answers = [ask(client, school).status_code for _time in range(41)]
    assert answers[-2:] == [302, 429]


def test_nothing_unproven_and_nothing_undecided_stays(school, client, on_record):
    ask(client, school)
    days = {"asked_at": timezone.now() - dt.timedelta(days=3)}
    SelfEntry.objects.update(**days)
    old = SelfEntryFactory(waiting=True, pupil=on_record, **days)
    assert client.get(signing(SelfEntry.objects.exclude(pk=old.pk).get())).status_code == 404
    assert actions.forget_self_entries() == 1
    assert not Message.objects.exists()
    assert SelfEntry.objects.get() == old
    SelfEntry.objects.update(proven_at=timezone.now() - dt.timedelta(days=30))
    assert actions.forget_self_entries() == 1


def test_a_link_that_is_not_ours_opens_nothing(client):
    token = newcomers.sign(SelfEntryFactory())
    for wrong in (token[:-1], f"n.{SelfEntryFactory().pk}.1.{token.rsplit('.', 1)[1]}"):
        assert client.get(reverse("awareness:come-in-link", args=[wrong])).status_code == 404


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("has_address", {"email": ""}),
        ("nothing_before_proof", {"state": "done"}),
        ("waits_for_record", {"state": "waiting", "proven_at": "2026-11-02T10:00Z"}),
    ],
)
def test_the_database_itself_refuses(constraint, wrong):
    with pytest.raises(IntegrityError, match=f"awareness_selfentry_{constraint}"), transaction.atomic():
        SelfEntryFactory(**wrong)


@pytest.mark.parametrize("door", ["/", "/catalogue/fr/", "/catalogue/en/"])
def test_the_way_in_is_one_click_away(door, client):
    assert f'href="{reverse("awareness:come-in")}"' in client.get(door).content.decode()


def test_a_school_is_found_by_its_town(school, client):
    page = client.get(reverse("awareness:come-in"), {"q": school.name}).content.decode()
    assert reverse("awareness:come-in-school", args=[school.pk]) in page
    assert not Enrolment.objects.exists()
