"""What became of a young person after the bac: told by them or noted by the center, once a year, while they agree to it."""

import datetime as dt
import re

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from participants.accounts.roles import Role
from participants.correspondence import actions as correspondence
from participants.correspondence.models import Message
from participants.people import actions, family_links
from participants.people.models import Consent, Pupil, Study
from participants.people.rights import terms
from participants.people.studies import to_ask
from tests.factories.accounts import GrantFactory, UserFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import (
    ConsentFactory,
    DuplicatePairFactory,
    EnrolmentFactory,
    GuardianFactory,
    GuardianshipFactory,
    PupilFactory,
    SchoolPostFactory,
    StudyFactory,
)

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def november():
    with time_machine.travel(NOW, tick=False):
        yield


def follow(pupil, **more):
    return ConsentFactory(pupil=pupil, purpose="follow_up", valid_until=dt.date(2030, 1, 1), **more)


@pytest.fixture
def zoe():
    """Left a lycée with the bac in June, agrees to be followed, has an address."""
    pupil = PupilFactory(first_name="Zoé", birth_date=dt.date(2008, 5, 4), email="zoe@example.org")
    EnrolmentFactory(pupil=pupil, school_year=2025, level="TG")
    follow(pupil)
    return pupil


def told(pupil, **more):
    facts = {"school_year": 2026, "kind": "university", "source": "pupil", "told_on": TODAY}
    return actions.tell_studies(pupil=pupil, **(facts | more))


def test_a_year_is_told_once_and_the_last_word_stands(zoe, manager):
    told(zoe)
    member = OrganisationFactory(kind="member_school")
    told(zoe, kind="school", member_school=member, source="member", by=manager)
    told(zoe, school_year=2027, kind="cpge")
    rows = zoe.studies.order_by("school_year").values_list("school_year", "kind", "member_school", "source")
    assert list(rows) == [(2026, "school", member.pk, "member"), (2027, "cpge", None, "pupil")]


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"kind": "but", "member_school": True}, "people_study_member_school_is_a_school"),
        ({"source": ""}, "people_study_told_or_statistic"),
        ({"told_on": None}, "people_study_told_or_statistic"),
    ],
)
def test_what_the_database_refuses(zoe, facts, constraint):
    if "member_school" in facts:
        facts = facts | {"member_school": OrganisationFactory(kind="member_school")}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        StudyFactory(pupil=zoe, **facts)
    StudyFactory(pupil=zoe)
    with pytest.raises(IntegrityError, match="people_study_once_a_year"), transaction.atomic():
        StudyFactory(pupil=zoe)


def test_without_the_agreement_nothing_is_noted_and_what_was_noted_is_seen_by_nobody_else(zoe, manager, client_for):
    study, user = told(zoe), UserFactory()
    actions.withdraw(consent=Consent.objects.get(pupil=zoe), by=None)
    with pytest.raises(ValidationError, match="ask for it first"):
        told(zoe, kind="but")
    assert not Study.objects.visible_to(manager).exists()
    assert not Study.outgoing.allowing("follow_up").exists()
    page = client_for(manager).get(reverse("people:pupil-studies", args=[zoe.pk])).content.decode()
    assert "The agreement is missing" in page
    assert "university" not in page
    client_for(manager).post(reverse("people:pupil-studies", args=[zoe.pk]), {"remove": study.pk})
    assert zoe.studies.count() == 1
    Pupil.objects.filter(pk=zoe.pk).update(user=user)
    assert Study.objects.visible_to(user).get() == study
    actions.forget_studies(study=study, by=user)  # one may always take back what one said
    assert zoe.studies.count() == 0


def test_a_school_a_guardian_and_a_stranger_neither_note_nor_see_it(zoe):
    StudyFactory(pupil=zoe)
    post = SchoolPostFactory(verified=True, school=zoe.enrolments.get().school)
    guardian = GuardianshipFactory(pupil=zoe, guardian=GuardianFactory(user=UserFactory())).guardian
    for user in (post.contact.user, guardian.user, UserFactory()):
        assert not Study.objects.visible_to(user).exists()
        with pytest.raises(ValidationError, match="Only the young person and the center"):
            told(zoe, kind="but", by=user)
    assert zoe.studies.get().kind == "university"


def test_the_center_notes_corrects_and_removes_on_the_page(zoe, manager, client_for):
    browser, page = client_for(manager), reverse("people:pupil-studies", args=[zoe.pk])
    assert reverse("people:pupil-studies", args=[zoe.pk]) in browser.get(zoe.get_absolute_url()).content.decode()
    sent = {"school_year": 2026, "kind": "but", "member_school": "", "source": "family", "told_on": "2026-11-18"}
    assert browser.post(page, sent).status_code == 302
    assert browser.post(page, sent).status_code == 302  # the second tap
    study = zoe.studies.get()
    assert (study.kind, study.source, study.told_on) == ("but", "family", dt.date(2026, 11, 18))
    assert "institute of technology (BUT)" in browser.get(zoe.get_absolute_url()).content.decode()
    browser.post(page, {"remove": study.pk})
    browser.post(page, {"remove": study.pk})
    assert zoe.studies.count() == 0
    assert zoe.looks.exists()


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"told_on": "2026-11-21"}, "This day is still to come."),
        ({"source": ""}, "This field is required."),
        ({"kind": "but", "member_school": True}, "A member school is an engineering school"),
        ({"school_year": 2040}, "Select a valid choice."),
        ({"kind": "school", "member_school": "closed"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_nothing_is_lost(zoe, manager, client_for, change, error):
    members = {True: OrganisationFactory(kind="member_school"), "closed": OrganisationFactory(kind="member_school")}
    type(members[True]).objects.filter(pk=members["closed"].pk).update(is_active=False)
    sent = {"school_year": 2026, "kind": "school", "member_school": "", "source": "pupil", "told_on": "2026-11-18"}
    sent |= change
    if sent["member_school"]:
        sent["member_school"] = members[sent["member_school"]].pk
    page = client_for(manager).post(reverse("people:pupil-studies", args=[zoe.pk]), sent)
    assert error in page.content.decode()
    assert zoe.studies.count() == 0
    assert f'value="{sent["told_on"]}"' in page.content.decode()


def test_a_young_person_tells_it_by_the_own_link_in_three_answers(zoe, client):
    page = reverse("people:family-studies", args=[family_links.sign(zoe)])
    assert page in client.get(reverse("people:family-page", args=[family_links.sign(zoe)])).content.decode()
    assert client.post(page, {"school_year": 2026, "kind": "cpge", "member_school": ""}).status_code == 302
    study = zoe.studies.get()
    assert (study.kind, study.source, study.told_on) == ("cpge", "pupil", TODAY)
    text = client.get(page).content.decode()
    assert "What do you study, Zoé?" in text
    assert "2026-2027 · preparatory class (CPGE)" in text
    client.post(page, {"remove": study.pk})
    assert zoe.studies.count() == 0


def test_nobody_removes_what_is_somebody_elses(zoe, client):
    other = StudyFactory()
    client.post(reverse("people:family-studies", args=[family_links.sign(zoe)]), {"remove": other.pk})
    assert Study.objects.get() == other


def test_the_link_of_a_guardian_and_the_account_of_a_child_lead_nowhere(zoe, client, client_for):
    guardian = GuardianshipFactory(pupil=zoe).guardian
    assert client.get(reverse("people:family-studies", args=[family_links.sign(guardian)])).status_code == 404
    family = client.get(reverse("people:family-page", args=[family_links.sign(guardian)])).content.decode()
    assert "Say what you study" not in family
    child = PupilFactory(birth_date=dt.date(2012, 5, 4), user=UserFactory())
    GrantFactory(user=child.user, role=Role.PUPIL)
    browser = client_for(child.user)
    assert browser.get(reverse("people:own-studies")).status_code == 404
    assert "after-the-bac" not in browser.get(child.get_absolute_url()).content.decode()


def test_by_ones_account_it_is_the_same_page(zoe, client_for):
    user = UserFactory()
    GrantFactory(user=user, role=Role.PUPIL)
    Pupil.objects.filter(pk=zoe.pk).update(user=user)
    browser = client_for(user)
    assert reverse("people:own-studies") in browser.get(reverse("people:consent-page")).content.decode()
    browser.post(reverse("people:own-studies"), {"school_year": 2026, "kind": "but", "member_school": ""})
    assert "institute of technology (BUT)" in browser.get(zoe.get_absolute_url()).content.decode()


def test_once_a_year_from_the_middle_of_october_those_are_asked_of_whom_nobody_told(zoe):
    told_already = PupilFactory(birth_date=dt.date(2008, 1, 1), email="told@example.org")
    in_class = PupilFactory(birth_date=dt.date(2008, 1, 1), email="class@example.org")
    disagrees = PupilFactory(birth_date=dt.date(2008, 1, 1), email="no@example.org")
    without_address = PupilFactory(birth_date=dt.date(2008, 1, 1))
    still_there = PupilFactory(birth_date=dt.date(2009, 1, 1), email="still@example.org")
    studied_before = PupilFactory(birth_date=dt.date(2006, 1, 1), email="before@example.org")
    for pupil in (told_already, in_class, disagrees, without_address):
        EnrolmentFactory(pupil=pupil, school_year=2025, level="TT")
    EnrolmentFactory(pupil=in_class, school_year=2026, level="CPGE1")
    EnrolmentFactory(pupil=still_there, school_year=2025, level="1G")
    StudyFactory(pupil=told_already, school_year=2026)
    StudyFactory(pupil=studied_before, school_year=2025)
    for pupil in (told_already, in_class, without_address, still_there, studied_before):
        follow(pupil)
    assert not to_ask(dt.date(2026, 10, 14)).exists()
    assert not to_ask(dt.date(2026, 9, 1)).exists()
    assert set(to_ask(dt.date(2026, 10, 15))) == {zoe, studied_before}
    assert set(to_ask(dt.date(2027, 8, 31))) == {zoe, studied_before}
    assert actions.ask_for_studies() == 2
    assert actions.ask_for_studies(day=dt.date(2027, 1, 9)) == 0
    sent = Message.objects.filter(occasion="people.studies_of_pupil").order_by("address")
    assert list(sent.values_list("address", flat=True)) == ["before@example.org", "zoe@example.org"]
    with time_machine.travel(dt.datetime(2027, 10, 20, 10, tzinfo=dt.UTC), tick=False):
        # What was told a year ago is asked anew; a year in a class of the lycée counts as told for that year only.
        assert actions.ask_for_studies() == 4


def test_the_letter_leads_to_the_page_and_does_not_leave_once_somebody_told(zoe, mailoutbox, settings):
    settings.MAIL_TRANSPORT = {"EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend"}
    actions.ask_for_studies()
    correspondence.deliver()
    [letter] = mailoutbox
    assert "Qu’étudiez-vous en 2026-2027 ?" in letter.body
    assert re.search(r"/family/\S+/studies/", letter.body)
    again = PupilFactory(birth_date=dt.date(2008, 1, 1), email="late@example.org")
    EnrolmentFactory(pupil=again, school_year=2025, level="TG")
    follow(again)
    actions.ask_for_studies()
    told(again)
    correspondence.deliver()
    assert Message.objects.get(address="late@example.org").state == "cancelled"
    assert len(mailoutbox) == 1


@pytest.mark.retention
def test_news_keeps_a_record_as_any_sign_of_life_does():
    pupil = PupilFactory(birth_date=dt.date(2000, 1, 1))
    EnrolmentFactory(pupil=pupil, school_year=2018, level="TG")
    StudyFactory(pupil=pupil, school_year=2023, told_on=dt.date(2023, 11, 2))
    last = terms.with_last_activity(Pupil.objects.filter(pk=pupil.pk)).get().last_active
    assert last.date() >= dt.date(2023, 11, 1)


class Merging(TestCase):
    @given(
        st.lists(st.integers(2024, 2027), unique=True, max_size=3),
        st.lists(st.integers(2024, 2027), unique=True, max_size=3),
        st.booleans(),
    )
    @settings(max_examples=20, deadline=None)
    def test_of_two_records_of_one_person_each_year_stays_once_as_it_was_told_last(self, kept, gone, is_newer):
        one, other = PupilFactory(), PupilFactory()
        later = dt.date(2026, 11, 1) if is_newer else dt.date(2026, 9, 1)
        for year in kept:
            StudyFactory(pupil=one, school_year=year, kind="but", told_on=dt.date(2026, 10, 1))
        for year in gone:
            StudyFactory(pupil=other, school_year=year, kind="bts", told_on=later)
        pair = DuplicatePairFactory(one=one, other=other)
        merge = actions.merge_pupils(pair=pair, choices={}, by=GrantFactory(role=Role.COORDINATOR).user)
        wanted = dict.fromkeys(kept, "but") | {year: "bts" for year in gone if is_newer or year not in kept}
        assert dict(merge.kept.studies.values_list("school_year", "kind")) == wanted
