"""Whoever is erased is nowhere, and no figure changes."""

import datetime as dt
import re

import pghistory
import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.utils import timezone

from impact.measurement import actions as measurement
from impact.measurement.models import Participation, ReachUnit
from participants.accounts.models import User
from participants.accounts.roles import Role
from participants.correspondence.models import Message
from participants.people import actions
from participants.people.models import Enrolment, Guardian, Pupil, SchoolContact, Tombstone, Volunteer
from participants.people.rights import erasure, looks, relations
from programs.activities.models import Assignment, Attendance, Booking, Session
from programs.awareness.models import TalkRequest
from tests.factories.accounts import GrantFactory, UserFactory
from tests.factories.activities import (
    ActivityFactory,
    AssignmentFactory,
    AttendanceFactory,
    BookingFactory,
    SessionFactory,
)
from tests.factories.awareness import TalkRequestFactory
from tests.factories.correspondence import JobFactory, MessageFactory
from tests.factories.organisations import ClassGroupFactory, SchoolFactory
from tests.factories.people import (
    ClearanceFactory,
    ConsentFactory,
    DuplicatePairFactory,
    EnrolmentFactory,
    GuardianFactory,
    GuardianshipFactory,
    PupilFactory,
    SchoolContactFactory,
    SchoolPostFactory,
    VolunteerFactory,
)
from tests.harness import dump
from tests.world import _dress, _may_be_marked

pytestmark = [pytest.mark.erasure, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def private_root(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "PRIVATE_ROOT", tmp_path)


def figures():
    """What every figure is made of, without ids of persons."""

    def without(model, *names):
        fields = [field.name for field in model._meta.concrete_fields if field.name not in {"id", *names}]
        return sorted(map(str, model.objects.values_list(*fields)))

    volunteers = Assignment.objects.held()
    return {
        "reach": without(ReachUnit, "pupil"),
        "participation": without(Participation, "pupil"),
        "accompanied": Participation.objects.filter(within="all", attended__gte=1).count(),
        "volunteers": volunteers.values("volunteer").distinct().count(),
        "by school": sorted(volunteers.values_list("volunteer__member_school").distinct()),
        "minutes": volunteers.minutes(),
        "seats": list(Session.objects.order_by("pk").filter(ends_at__lte=timezone.now()).values_list("seats_taken")),
        "given": list(
            Session.objects.order_by("pk").filter(ends_at__lte=timezone.now()).values_list("volunteers_confirmed")
        ),
        "profiles": sorted(
            Enrolment.objects.values_list(
                *("school", "school_year", "class_group", "level", "pupil__sex", "scholarship", "first_generation"),
                *("priority_neighbourhood", "social_origin"),
            )
        ),
    }


def unchanged(before):
    """By the way that follows changes, and from nothing."""
    assert figures() == before
    measurement.follow_changes()
    assert figures() == before
    measurement.rebuild()
    assert figures() == before


def mark(*rows):
    """A word of its own in every text of these rows; the words."""
    words = []
    for row in rows:
        for field in filter(_may_be_marked, row._meta.concrete_fields):
            word = f"zqx{len(words):05d}x{row._meta.model_name[:4]}"
            if field.max_length is None or field.max_length >= len(word):
                type(row)._base_manager.filter(pk=row.pk).update(**{field.name: _dress(field, word)})
                words.append(word)
        row.refresh_from_db()
    return [word.lower() for word in words]


def write_about(user, person, about):
    """Letters, a job with a file, a browser, a line of the back office."""
    MessageFactory(recipient=user, address=user.email, text="zqxletter", state="sent", sent_at=timezone.now())
    other = MessageFactory(subject=f"zqxsubject {person.first_name} {person.last_name}", text=f"{person} zqxtext")
    type(other).objects.filter(pk=other.pk).update(
        text=f"Bonjour, {person.first_name} {person.last_name} vient. zqxtext"
    )
    job = JobFactory(owner=user, stored_as="a" * 48, parameters={"note": "zqxjob"})
    job.path.parent.mkdir(parents=True, exist_ok=True)
    job.path.write_text("zqxfile")
    LogEntry.objects.create(
        user=UserFactory(),
        content_type=ContentType.objects.get_for_model(person),
        object_id=str(person.pk),
        object_repr=f"zqxrepr {person}",
        action_flag=CHANGE,
    )
    EmailAddress.objects.create(user=user, email=user.email, primary=True)


def family(**pupil):
    """A pupil with everything that can hang on one, marked."""
    school = SchoolFactory()
    class_group = ClassGroupFactory(school=school, school_year=2026)
    user = UserFactory()
    with pghistory.context(reason="zqxreason of the correction"):
        lou = PupilFactory(user=user, sex="F", email="lou@example.org", **pupil)
        words = mark(lou, user)
    GrantFactory(user=user, role=Role.PUPIL)
    eve = GuardianFactory(user=UserFactory(), email="eve@example.org")
    words += mark(eve, eve.user)
    GuardianshipFactory(guardian=eve, pupil=lou)
    EnrolmentFactory(
        pupil=lou, school=school, class_group=class_group, level="2GT", scholarship="yes", scholarship_source="school",
        scholarship_on=dt.date(2026, 9, 1), scholarship_scale="lycee", scholarship_step=3, specialities=["maths"],
        languages=["en"], social_origin="d", origin_source="family", origin_on=dt.date(2026, 9, 1),
    )  # fmt: skip
    ConsentFactory(pupil=lou, guardian=eve)
    scan = settings.PRIVATE_ROOT / "consents" / "scan-1"
    scan.parent.mkdir(parents=True, exist_ok=True)
    scan.write_text("zqxscan")
    ConsentFactory(pupil=lou, channel="paper", scan="scan-1", purpose="image")
    past = SessionFactory(past=True, school=school)
    AttendanceFactory(session=past, pupil=lou, minutes=90)
    BookingFactory(session=past, class_group=None, pupil=lou, seats=1, stage="completed", booked_by=user)
    BookingFactory(session=SessionFactory(school=school), class_group=None, pupil=lou, seats=1)
    staff = UserFactory()
    looks.note(staff, lou, "export")
    taken = JobFactory(owner=staff, stored_as="b" * 48)
    taken.path.parent.mkdir(parents=True, exist_ok=True)
    taken.path.write_text("zqxexport")
    write_about(user, lou, past)
    return lou, [*words, "zqx"]


def test_a_pupil_is_nowhere_and_every_figure_stays(client_for, record_property):
    lou, words = family()
    client_for(lou.user).get("/")
    client_for(lou.user)
    UserSession.objects.create(user=lou.user, ip="127.0.0.1", session_key="k" * 32, user_agent="zqxagent")
    AttendanceFactory()
    measurement.rebuild()
    before = figures()
    assert len(dump.lines_with(words)) >= 15
    erasure.erase(kind="pupil", pk=lou.pk, ground="request")
    hits = dump.lines_with(words)
    record_property("tried", len(dump.tables()))
    record_property("hits", sum(map(len, hits.values())))
    assert hits == {}
    unchanged(before)
    assert not Guardian.objects.exists()
    assert not User.objects.filter(pk=lou.user_id).exists()


def test_what_stays_is_coarse_and_has_fresh_numbers():
    lou, _words = family()
    ids = {model: set(model.objects.values_list("pk", flat=True)) for model in (Enrolment, Attendance, Booking)}
    erasure.erase(kind="pupil", pk=lou.pk, ground="request")
    [row] = Pupil.objects.all()
    assert (row.is_statistic, row.sex, row.first_name, row.birth_date, row.user) == (True, "F", "", None, None)
    assert row.pk != lou.pk
    [year] = row.enrolments.all()
    assert (year.level, year.scholarship, year.social_origin, year.first_generation) == ("2GT", "yes", "d", "unknown")
    assert (year.scholarship_source, year.scholarship_on, year.scholarship_step, year.specialities) == (
        "",
        None,
        None,
        [],
    )
    assert year.is_statistic
    [seat] = row.bookings.all()
    assert (seat.stage, seat.booked_by, seat.booked_at) == ("completed", None, seat.session.starts_at)
    for model, old in ids.items():
        assert not old & set(model.objects.values_list("pk", flat=True))


def test_no_history_and_no_moment_leads_to_the_nameless_row():
    lou, _words = family()
    erasure.erase(kind="pupil", pk=lou.pk, ground="request")
    [row] = Pupil.objects.all()
    ids = {Pupil: {row.pk, lou.pk}} | {
        model: set(model.objects.values_list("pk", flat=True)) for model in (Enrolment, Attendance, Booking)
    }
    for model, numbers in ids.items():
        [event] = relations.histories_of(model)
        assert not event.objects.filter(pgh_obj_id__in=numbers).exists(), event
    today = f"{timezone.now():%Y-%m-%d}"
    for model in (Pupil, Enrolment, Attendance, Booking):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT row::text FROM {model._meta.db_table} row")
            assert not [line for (line,) in cursor.fetchall() if today in line]


def test_only_a_tombstone_tells_that_there_was_somebody():
    lou, _words = family()
    tombstone = erasure.erase(kind="pupil", pk=lou.pk, ground="objection")
    month = timezone.localdate().replace(day=1)
    assert (tombstone.model, tombstone.old_id, tombstone.month, tombstone.ground) == (
        "pupil",
        lou.pk,
        month,
        "objection",
    )
    assert Tombstone.objects.filter(model="guardian", ground="with_child").count() == 1


def test_erasing_again_changes_nothing():
    lou, _words = family()
    erasure.erase(kind="pupil", pk=lou.pk, ground="request")
    erasure.erase(kind="pupil", pk=lou.pk, ground="term")
    [row] = Pupil.objects.all()
    erasure.erase(kind="pupil", pk=row.pk, ground="request")
    assert Pupil.objects.count() == 1
    assert Tombstone.objects.get(model="pupil").ground == "request"


def test_a_place_to_come_is_free_again():
    lou, _words = family()
    ahead = Session.objects.get(starts_at__gt=timezone.now())
    assert ahead.seats_taken == 1
    erasure.erase(kind="pupil", pk=lou.pk, ground="request")
    ahead.refresh_from_db()
    assert ahead.seats_taken == 0


def test_a_guardian_of_another_child_stays():
    lou, _words = family()
    eve = Guardian.objects.get()
    sister = PupilFactory()
    GuardianshipFactory(guardian=eve, pupil=sister)
    erasure.erase(kind="pupil", pk=lou.pk, ground="request")
    assert Guardian.objects.get() == eve
    assert sister.guardianships.get().guardian == eve
    assert User.objects.filter(pk=eve.user_id).exists()


def test_letters_about_the_family_go_even_to_a_shared_address():
    lou, _words = family()
    eve, shared = Guardian.objects.get(), "maison@example.org"
    Guardian.objects.update(email=shared)
    GuardianFactory(email=shared)
    MessageFactory(occasion="people.consent_asked", about=eve.pk, address=shared)
    MessageFactory(occasion="people.consent_asked_of_pupil", about=lou.pk, address=shared)
    other = MessageFactory(occasion="people.consent_asked", about=eve.pk + 1, address=shared)
    erasure.erase(kind="pupil", pk=lou.pk, ground="request")
    assert list(Message.objects.filter(occasion__startswith="people.consent")) == [other]


def test_letters_to_a_former_address_go_with_whom_they_were_written_to():
    lou, _words = family()
    former = {"recipient": None, "occasion": "activities.place_confirmed", "address": "former@example.org"}
    MessageFactory(addressee=f"people.pupil:{lou.pk}", **former)
    other = MessageFactory(addressee=f"people.pupil:{lou.pk + 1}", **former)
    erasure.erase(kind="pupil", pk=lou.pk, ground="request")
    assert list(Message.objects.filter(address="former@example.org")) == [other]


def test_letters_to_an_address_that_a_brother_shares_stay():
    lou, _words = family()
    shared = "maison@example.org"
    Guardian.objects.update(email=shared)
    GuardianshipFactory(guardian=GuardianFactory(email=shared), pupil=PupilFactory())
    letter = MessageFactory(address=shared, recipient=UserFactory())
    erasure.erase(kind="pupil", pk=lou.pk, ground="request")
    assert Message.objects.filter(pk=letter.pk).exists()


def volunteer():
    ben = VolunteerFactory(phone="0607080910")
    words = mark(ben, ben.user)
    ClearanceFactory(volunteer=ben)
    for days, state in ((12, "confirmed"), (20, "done")):
        session = SessionFactory(starts_at=timezone.now() - dt.timedelta(days=days))
        AssignmentFactory(session=session, volunteer=ben, state=state)
    AssignmentFactory(session=SessionFactory(), volunteer=ben, state="withdrawn")
    write_about(ben.user, ben, None)
    return ben, [*words, "zqx"]


def test_a_volunteer_is_nowhere_and_hours_stay(record_property):
    AssignmentFactory(session=SessionFactory(past=True))
    ben, words = volunteer()
    before = figures()
    assert before["volunteers"] == 2
    erasure.erase(kind="volunteer", pk=ben.pk, ground="request")
    record_property("tried", len(dump.tables()))
    assert dump.lines_with(words) == {}
    unchanged(before)
    row = Volunteer.objects.get(is_statistic=True)
    assert (str(row), row.member_school, row.user, row.joined_on) == (
        "former volunteer", ben.member_school, None, dt.date(2000, 1, 1),
    )  # fmt: skip
    assert sorted(row.assignments.values_list("state", flat=True)) == ["confirmed", "done"]
    assert all(part.applied_at == part.session.starts_at for part in row.assignments.select_related("session"))
    assert not Volunteer.objects.named().filter(member_school=ben.member_school).exists()


def test_a_volunteer_with_a_session_to_come_is_refused():
    ben, _words = volunteer()
    AssignmentFactory(session=SessionFactory(), volunteer=ben)
    with pytest.raises(ValidationError, match="still has sessions to come"):
        erasure.erase(kind="volunteer", pk=ben.pk, ground="request")
    assert Volunteer.objects.filter(pk=ben.pk).exists()
    assert not Tombstone.objects.exists()


def contact():
    ada = SchoolContactFactory(phone="0102030405")
    words = mark(ada, ada.user)
    post = SchoolPostFactory(contact=ada, verified=True, subject="maths")
    words += mark(post)
    texts = {"contact": ada, "school": post.school, "wish": "zqxwish", "needs": "zqxneeds"}
    TalkRequestFactory(**texts, declined=True, decline_text="zqxdeclined")
    TalkRequestFactory(**texts, accepted=True, activity=ActivityFactory())
    SessionFactory(contact_on_site=f"{ada.first_name} {ada.last_name}", briefing="Sonner")
    write_about(ada.user, ada, None)
    return ada, [*words, "zqx"]


def test_a_school_contact_is_nowhere_and_requests_stay(record_property):
    ada, words = contact()
    before = TalkRequest.objects.order_by("pk").values_list(
        "state", "school", "school_year", "decline_reason", "activity"
    )
    before = list(before)
    erasure.erase(kind="schoolcontact", pk=ada.pk, ground="request")
    record_property("tried", len(dump.tables()))
    assert dump.lines_with(words) == {}
    assert list(
        TalkRequest.objects.order_by("pk").values_list("state", "school", "school_year", "decline_reason", "activity")
    ) == before  # fmt: skip
    assert Session.objects.get().briefing == "Sonner"
    assert not SchoolContact.objects.exists()


def test_a_request_that_waits_holds_the_contact():
    ada, _words = contact()
    TalkRequestFactory(contact=ada, sent=True)
    with pytest.raises(ValidationError, match="waits for an answer"):
        erasure.erase(kind="schoolcontact", pk=ada.pk, ground="request")


def test_somebody_in_two_roles_loses_one():
    user = UserFactory()
    ada = SchoolContactFactory(user=user)
    GrantFactory(user=user, role=Role.SCHOOL_CONTACT)
    eve = GuardianFactory(user=user)
    GrantFactory(user=user, role=Role.GUARDIAN)
    erasure.erase(kind="guardian", pk=eve.pk, ground="request")
    assert [grant.role for grant in user.grants.all()] == [Role.SCHOOL_CONTACT]
    assert SchoolContact.objects.get() == ada


def test_who_answers_for_a_decision_keeps_a_number_and_nothing_else():
    ben, words = volunteer()
    BookingFactory(override_by=ben.user, override_reason="decided")
    erasure.erase(kind="volunteer", pk=ben.pk, ground="request")
    user = User.objects.get(pk=ben.user_id)
    assert (user.name, user.is_active) == ("", False)
    assert re.fullmatch(r"erased-[0-9a-f]{16}@erased\.invalid", user.email)
    assert dump.lines_with(words) == {}


def test_the_preview_tells_what_goes_and_what_stays():
    lou, _words = family()
    lines = {line.name: (line.goes, line.stays) for line in erasure.preview(lou)}
    assert lines == {
        "enrolments": (0, 1),
        "guardianships": (1, 0),
        "consents": (2, 0),
        "looks at records": (1, 0),
        "bookings": (1, 1),
        "attendances": (0, 1),
    }
    assert Pupil.objects.get() == lou


@pytest.mark.parametrize("model", [Pupil, Volunteer])
def test_a_nameless_row_keeps_no_name(model):
    row = model._base_manager.model
    assert {check.name for check in row._meta.constraints} >= {f"people_{model._meta.model_name}_named_or_statistic"}


def test_every_text_of_the_people_is_marked():
    """The canary stands in each text field that a pupil's own row has."""
    texts = [field.name for field in Pupil._meta.concrete_fields if isinstance(field, models.CharField)]
    assert set(texts) == {"first_name", "last_name", "sex", "email"}


def test_a_record_that_was_merged_leaves_nothing_behind(cleo):
    pair = DuplicatePairFactory(one__last_name="zqxone", other__last_name="zqxother")
    EnrolmentFactory(pupil=pair.other)
    ids = {pair.one_id, pair.other_id}
    actions.merge_pupils(pair=pair, choices={}, by=cleo)
    words = ["zqxone", "zqxother"]
    assert dump.lines_with(words) != {}
    erasure.erase(kind="pupil", pk=Pupil.objects.get().pk, ground="request")
    assert dump.lines_with(words) == {}
    assert {stone.old_id for stone in Tombstone.objects.filter(model="pupil")} == ids
