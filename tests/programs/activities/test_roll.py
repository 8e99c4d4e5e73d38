"""Words about who was there: which stands, who may say them, what a phone gets and brings."""

import datetime as dt
import json
import uuid
from itertools import pairwise

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from participants.people.models import Look
from programs.activities import actions, roll, tickets
from programs.activities.models import Attendance, Headcount, RollEntry
from tests.factories.activities import (
    AssignmentFactory,
    AttendanceFactory,
    BookingFactory,
    GuestFactory,
    HeadcountFactory,
    PeriodLockFactory,
    SessionFactory,
)
from tests.factories.organisations import ClassGroupFactory
from tests.factories.people import (
    EnrolmentFactory,
    PupilFactory,
    SchoolContactFactory,
    SchoolPostFactory,
    VolunteerFactory,
)

pytestmark = pytest.mark.django_db
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


@pytest.fixture
def session(monday):
    """Began half an hour ago, lasts two hours."""
    return starting(timezone.now() - 30 * MINUTE)


def starting(moment, **facts):
    return SessionFactory(starts_at=moment, ends_at=moment + 2 * HOUR, **facts)


def seat(session, pupil=None):
    return BookingFactory(session=session, class_group=None, pupil=pupil or PupilFactory(), seats=1).pupil


@pytest.fixture
def ben(session):
    return AssignmentFactory(session=session, volunteer__user__language="en").volunteer.user


@pytest.fixture
def phone(client_for, ben):
    return client_for(ben)


def ago(minutes):
    return timezone.now() - minutes * MINUTE


def word(pupil, status="present", minutes=0, way="tap", **more):
    """As the action takes it, seen so many minutes ago."""
    return RollEntry(nonce=uuid.uuid4(), pupil=pupil, status=status, way=way, observed_at=ago(minutes), **more)


def take(session, by, *words, classes=()):
    pupils = set(session.bookings.exclude(pupil=None).values_list("pupil", flat=True))
    answers = actions.take_roll(
        session=session, by=by, source="volunteer", words=list(words), pupils=pupils, classes=set(classes)
    )
    return [answers[said.nonce].outcome for said in words]


def presence(session):
    return list(session.attendances.order_by("pupil").values_list("pupil", "status", "minutes"))


def said(pupil, session, status="present", minutes=0, **more):
    """As a phone says it."""
    facts = {"nonce": str(uuid.uuid4()), "session": session.pk, "pupil": pupil.pk, "status": status, "way": "tap"}
    return facts | {"at": int(ago(minutes).timestamp() * 1000), "base": 0} | more


def number_said(session, class_group, total):
    """As a phone says how many of a class, or of the open public, are there."""
    facts = {"nonce": str(uuid.uuid4()), "session": session.pk, "class_group": class_group, "total": total}
    return facts | {"girls": 0, "boys": 0, "way": "tap", "at": int(ago(0).timestamp() * 1000), "base": 0}


def send(client, *words, **more):
    body = {"sent_at": int(timezone.now().timestamp() * 1000), "words": list(words)} | more
    return client.post(reverse("activities:roll-words"), json.dumps(body), content_type="application/json")


def outcomes(response):
    return [(answer["outcome"], answer["why"]) for answer in response.json()["answers"]]


# --- Which word stands


def test_the_later_word_stands_whenever_it_arrives(session, ben, cleo):
    ann = seat(session)
    assert take(session, ben, word(ann, "absent", 5)) == ["stands"]
    assert take(session, cleo, word(ann, "late", 3, missed=20)) == ["stands"]
    assert take(session, ben, word(ann, "present", 4)) == ["overruled"]
    assert presence(session) == [(ann.pk, "late", 100)]
    row = Attendance.objects.get()
    assert list(row.events.order_by("pgh_id").values_list("status", flat=True)) == ["absent", "late"]


def test_what_was_seen_beats_what_was_inferred(session, ben, cleo):
    """A ticket at the door, then “the others are absent” on a phone that had not heard of it."""
    ann, bob = seat(session), seat(session)
    assert take(session, ben, word(ann, "present", 9, way="ticket")) == ["stands"]
    others = [word(ann, "absent", 1, way="rest"), word(bob, "absent", 1, way="rest")]
    assert take(session, cleo, *others) == ["overruled", "stands"]
    assert presence(session) == [(ann.pk, "present", 120), (bob.pk, "absent", 0)]


def test_a_presence_without_words_counts_as_seen_at_the_beginning(session, ben):
    ann, bob = seat(session), seat(session)
    AttendanceFactory(session=session, pupil=ann, status="late", minutes=90)
    AttendanceFactory(session=session, pupil=bob, status="late", minutes=90)
    assert take(session, ben, word(ann, "absent", 0, way="rest"), word(bob, "absent")) == ["overruled", "stands"]
    assert presence(session) == [(ann.pk, "late", 90), (bob.pk, "absent", 0)]


WORDS = st.lists(
    st.tuples(
        st.sampled_from(Attendance.Status.values),
        st.integers(0, 3),
        st.sampled_from(RollEntry.Way.values),
        st.sampled_from([0, 5, 90]),
        st.uuids(version=4),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda said: said[4],
)


@given(words=WORDS, order=st.randoms(use_true_random=False), cuts=st.sets(st.integers(1, 5)))
def test_the_same_words_in_any_order_and_any_packing_give_the_same_presence(words, order, cuts):
    with time_machine.travel(dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC), tick=False):
        first, second = starting(ago(60)), starting(ago(60))
        by, pupil = VolunteerFactory().user, PupilFactory()
        results = []
        shuffled = order.sample(words, len(words))
        for session, lot in ((first, [words]), (second, packed(shuffled, cuts))):
            seat(session, pupil)
            for part in lot:
                entries = [
                    RollEntry(nonce=uuid.uuid5(n, str(session.pk)), pupil=pupil, status=status, way=way,
                              missed=missed, observed_at=ago(minutes))
                    for status, minutes, way, missed, n in part
                ]  # fmt: skip
                take(session, by, *entries)
            results.append(session.attendances.values_list("status", "minutes").get())
        # The last tie is settled by the mark of the sender, which differs here: what it cannot settle is the same.
        top = max(strength(each) for each in words)
        assert [strength_of(words, each) for each in results] == [top, top]


def strength(said):
    status, minutes, way, missed, _nonce = said
    ranks = ["absent", "excused", "left_early", "late", "present"]
    return (way != "rest", -minutes, way == "ticket", ranks.index(status), -missed)


def strength_of(words, result):
    """The strongest word that says this presence."""
    status, stayed = result
    fits = [each for each in words if each[0] == status and stayed_of(each) == stayed]
    return max(strength(each) for each in fits)


def stayed_of(said):
    return 120 - said[3] if said[0] in Attendance.WAS_THERE else 0


def packed(words, cuts):
    places = [0, *sorted(cut for cut in cuts if cut < len(words)), len(words)]
    return [words[one:other] for one, other in pairwise(places)]


def test_who_disagrees_is_told_until_somebody_settles_it(session, ben, cleo):
    ann = seat(session)
    take(session, ben, word(ann, "present", 5))
    take(session, cleo, word(ann, "absent", 3))
    words = list(session.roll.all())
    assert [(entry.status, entry.by) for entry in roll.disputes(words)] == [("present", ben)]
    take(session, ben, word(ann, "present", 0, base=max(entry.pk for entry in words)))
    assert roll.disputes(list(session.roll.all())) == []


# --- Once


def test_the_same_word_again_gets_the_same_answer_and_changes_nothing(session, ben, cleo):
    ann = seat(session)
    first = word(ann, "absent", 5)
    assert take(session, ben, first) == ["stands"]
    assert take(session, cleo, word(ann, "present", 1)) == ["stands"]
    again = word(ann, "absent", 0)
    again.nonce = first.nonce
    assert take(session, ben, again) == ["stands"]
    assert presence(session) == [(ann.pk, "present", 120)]
    assert RollEntry.objects.count() == 2


def test_nothing_is_written_when_nothing_changes(session, ben):
    ann = seat(session)
    take(session, ben, word(ann, "present", 5))
    take(session, ben, word(ann, "present", 1))
    assert Attendance.objects.get().events.count() == 1


# --- What is refused


def refusal(session, by, *words):
    with pytest.raises(ValidationError) as told:
        take(session, by, *words)
    assert (RollEntry.objects.count(), Attendance.objects.count()) == (0, 0)
    return " ".join(told.value.messages)


def test_what_is_called_off_closed_or_ahead_is_refused_whole(session, ben):
    ann = seat(session)
    ahead = starting(timezone.now() + 2 * HOUR)
    assert "has not begun yet" in refusal(ahead, ben, word(seat(ahead)))
    day = session.local_start.date()
    lock = PeriodLockFactory(starts_on=day, ends_on=day, reason="bilan remis")
    assert "bilan remis" in refusal(session, ben, word(ann))
    lock.delete()
    type(session).objects.update(state="not_held", state_reason="x")
    assert "did not take place" in refusal(session, ben, word(ann))
    type(session).objects.update(state="cancelled")
    assert "cancelled" in refusal(session, ben, word(ann))


def test_people_who_come_early_are_noted_within_the_hour_before(session, ben):
    soon = starting(timezone.now() + 59 * MINUTE)
    assert take(soon, ben, word(seat(soon))) == ["stands"]


def test_what_was_seen_a_month_ago_is_refused_and_words_are_forgotten(session, ben):
    ann = seat(session)
    assert "too long ago" in refusal(session, ben, word(ann, minutes=31 * 24 * 60))
    take(session, ben, word(ann))
    RollEntry.objects.update(received_at=ago(44 * 24 * 60))
    assert actions.forget_roll() == 0
    RollEntry.objects.update(received_at=ago(46 * 24 * 60))
    assert actions.forget_roll() == 1
    assert presence(session) == [(ann.pk, "present", 120)]


def test_a_moment_to_come_is_now(session, ben):
    ann = seat(session)
    take(session, ben, word(ann, minutes=-600))
    assert RollEntry.objects.get().observed_at == timezone.now()


def test_nobody_speaks_of_pupils_who_are_not_on_the_list(session, ben):
    ann, stranger = seat(session), PupilFactory()
    assert take(session, ben, word(ann), word(stranger)) == ["stands", "refused"]
    assert presence(session) == [(ann.pk, "present", 120)]


# --- Numbers


def number(class_group, total, minutes=0, **more):
    return RollEntry(nonce=uuid.uuid4(), class_group=class_group, total=total, observed_at=ago(minutes), **more)


def test_the_latest_number_of_a_class_stands_beside_those_of_the_other_classes(session, ben, cleo):
    one, two = (ClassGroupFactory(school=session.school, level="2GT") for _n in range(2))
    HeadcountFactory(session=session, class_group=two, level="2GT", total=18, girls=0, boys=0, confirmed_at=ago(9))
    classes = {one.pk, two.pk}
    assert take(session, ben, number(one, 30, 5, girls=14), classes=classes) == ["stands"]
    assert take(session, cleo, number(one, 28, 6), number(two, 20, 1), classes=classes) == ["overruled", "stands"]
    assert list(session.headcounts.order_by("total").values_list("class_group", "total", "girls", "confirmed_by")) == [
        (two.pk, 20, 0, cleo.pk),
        (one.pk, 30, 14, ben.pk),
    ]
    assert session.assignments.get().state == "done"


def test_a_number_confirmed_later_on_its_page_or_by_levels_stands(session, ben):
    one, two = (ClassGroupFactory(school=session.school, level="2GT") for _n in range(2))
    HeadcountFactory(session=session, class_group=one, level="2GT", total=18, confirmed_at=ago(1), girls=0, boys=0)
    for level in ("2GT", "1G"):
        HeadcountFactory(session=session, class_group=two, level=level, total=9, girls=0, boys=0, confirmed_at=ago(9))
    assert take(session, ben, number(one, 30, 2), number(two, 30), classes={one.pk, two.pk}) == ["overruled"] * 2
    assert sorted(session.headcounts.values_list("total", flat=True)) == [9, 9, 18]


# --- What a phone gets


def lists(client):
    response = client.get(reverse("activities:roll-lists"))
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    return response.json()["lists"]


def test_lists_come_the_day_before_and_go_some_hours_after_the_end(session, ben, phone, monday):
    for moment, title in (
        (timezone.now() - 9 * HOUR, "ended seven hours ago"),
        (timezone.now() - 7 * HOUR, "ended five hours ago"),
        (timezone.now() + 37 * HOUR, "tomorrow evening"),
        (timezone.now() + 39 * HOUR, "after tomorrow"),
    ):
        AssignmentFactory(session=starting(moment, activity__title_en=title), volunteer=ben.volunteer)
    cancelled = starting(timezone.now() + 9 * HOUR, state="cancelled", state_reason="x", activity__title_en="off")
    AssignmentFactory(session=cancelled, volunteer=ben.volunteer)
    starting(timezone.now() + 9 * HOUR, activity__title_en="somebody else's")
    assert [each["title"] for each in lists(phone)] == [
        "ended five hours ago",
        session.activity.title_en,
        "tomorrow evening",
    ]


def test_a_list_says_what_is_needed_and_no_more(session, ben, phone, cleo):
    ann = seat(session, PupilFactory(first_name="Ann", last_name="Petit", email="ann@example.org"))
    seat(SessionFactory(), PupilFactory(first_name="Zoe", last_name="Autre"))
    BookingFactory(session=session, class_group=None, pupil=PupilFactory(), seats=1, stage="waitlisted")
    class_group = ClassGroupFactory(school=session.school, name="2de 4")
    BookingFactory(session=session, class_group=class_group, seats=31)
    take(session, ben, word(ann, "late", 2, missed=12))
    [found] = lists(phone)
    code = tickets.code_of(session.bookings.get(pupil=ann).pk)
    assert found["pupils"] == [
        {"id": ann.pk, "name": "Ann Petit", "codes": [code], "status": "late", "missed": 12, "disputes": []}
    ]
    assert found["classes"] == [
        {
            "id": class_group.pk,
            "name": str(class_group),
            "expected": 31,
            "total": None,
            "girls": 0,
            "boys": 0,
            "split": False,
        }
    ]
    assert found["base"] == RollEntry.objects.get().pk
    assert found["forget"] == int((session.ends_at + 6 * HOUR).timestamp() * 1000)
    assert list(Look.objects.values_list("user", "pupil", "what")) == [(ben.pk, ann.pk, "export")]


def test_a_list_leaves_the_phone_with_the_sign_in(session, ben, phone):
    seat(session)
    kept = phone.session
    kept.set_expiry(timezone.now() + HOUR)
    kept.save()
    assert lists(phone)[0]["forget"] == int((timezone.now() + HOUR).timestamp() * 1000)


def test_a_teacher_gets_the_pupils_of_her_own_school_only(session, client_for):
    contact = SchoolContactFactory()
    SchoolPostFactory(contact=contact, school=session.school, verified=True)
    ours = seat(session, EnrolmentFactory(school=session.school).pupil)
    seat(session, EnrolmentFactory().pupil)
    assert [pupil["id"] for pupil in lists(client_for(contact.user))[0]["pupils"]] == [ours.pk]


def test_a_teacher_counts_the_classes_of_her_own_school_only(session, client_for):
    contact = SchoolContactFactory()
    SchoolPostFactory(contact=contact, school=session.school, verified=True)
    ours, theirs = ClassGroupFactory(school=session.school), ClassGroupFactory(name="canary of another school")
    for class_group in (ours, theirs):
        BookingFactory(session=session, class_group=class_group, seats=20)
    BookingFactory(session=session, class_group=None, guest=GuestFactory(), seats=3)
    browser = client_for(contact.user)
    assert [row["id"] for row in lists(browser)[0]["classes"]] == [ours.pk]
    words = [number_said(session, group, 5) for group in (ours.pk, theirs.pk, None)]
    answers = {answer["nonce"]: answer["outcome"] for answer in send(browser, *words).json()["answers"]}
    assert [answers[said["nonce"]] for said in words] == ["stands", "refused", "refused"]


def test_the_public_beside_a_class_is_called_by_whoever_gives_the_session(session, ben, phone):
    class_group = ClassGroupFactory(school=session.school)
    BookingFactory(session=session, class_group=class_group, seats=20)
    for seats in (3, 2):
        BookingFactory(session=session, class_group=None, guest=GuestFactory(), seats=seats)
    found = lists(phone)[0]["classes"]
    assert [(row["id"], row["expected"]) for row in found] == [(class_group.pk, 20), (None, 5)]
    assert outcomes(send(phone, number_said(session, None, 4))) == [("stands", "")]
    assert session.headcounts.get(class_group=None).total == 4


def test_the_number_of_queries_does_not_follow_the_lists(session, ben, phone, client_for):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            lists(phone)
        return len(captured)

    seat(session)
    BookingFactory(session=session, class_group=ClassGroupFactory(school=session.school))
    take(session, ben, word(session.bookings.exclude(pupil=None).get().pupil))
    lists(phone)  # the trace of the hour is left
    one = cost()
    for hours in (3, 6):
        other = starting(timezone.now() + hours * HOUR)
        AssignmentFactory(session=other, volunteer=ben.volunteer)
        BookingFactory(session=other, class_group=ClassGroupFactory(school=other.school))
        HeadcountFactory(session=other)
        for _n in range(3):
            seat(other)
    assert cost() == one
    assert one <= 25


# --- What a phone brings


def test_a_phone_brings_words_and_is_told_what_stands(session, ben, phone):
    ann, bob = seat(session), seat(session)
    response = send(phone, said(ann, session), said(bob, session, "late", 5, missed=10, way="ticket"))
    assert outcomes(response) == [("stands", ""), ("stands", "")]
    [found] = response.json()["lists"]
    assert {pupil["id"]: pupil["status"] for pupil in found["pupils"]} == {ann.pk: "present", bob.pk: "late"}
    assert presence(session) == [(ann.pk, "present", 120), (bob.pk, "late", 110)]
    assert set(session.roll.values_list("by", "way")) == {(ben.pk, "tap"), (ben.pk, "ticket")}


def test_a_clock_that_is_wrong_is_put_right(session, phone):
    ann = seat(session)
    fast = int((timezone.now() + 2 * HOUR).timestamp() * 1000)
    send(phone, said(ann, session) | {"at": fast - 60_000}, sent_at=fast)
    assert RollEntry.objects.get().observed_at == ago(1)


def test_what_cannot_be_read_is_refused_alone(session, phone):
    ann = seat(session)
    wrong = [
        said(ann, session) | {"nonce": "x"},
        said(ann, session) | {"status": "asleep"},
        said(ann, session) | {"pupil": None},
        said(ann, session) | {"pupil": None, "status": "", "total": 3, "girls": 4},
        said(ann, session) | {"at": "yesterday"},
        {},
        7,
    ]
    response = send(phone, *wrong, said(ann, session))
    assert [outcome for outcome, _why in outcomes(response)] == ["refused"] * 7 + ["stands"]
    for body in ("", "[]", "{}", '{"words": 3}', json.dumps({"words": [{}] * 401})):
        answer = phone.post(reverse("activities:roll-words"), body, content_type="application/json")
        assert answer.status_code == 400


def test_words_about_strangers_lists_are_refused_with_a_sentence(session, phone, ben):
    other = starting(ago(30))
    zoe = seat(other)
    response = send(phone, said(zoe, other), said(zoe, session))
    assert sorted(outcomes(response)) == [
        ("refused", "Not on this list any more."),
        ("refused", "This list is not yours any more."),
    ]
    assert (RollEntry.objects.count(), response.json()["lists"][0]["pupils"]) == (0, [])


def test_a_refused_word_may_come_again(session, phone):
    ann = seat(session)
    day = session.local_start.date()
    lock = PeriodLockFactory(starts_on=day, ends_on=day, reason="bilan remis")
    again = said(ann, session)
    [(outcome, why)] = outcomes(send(phone, again))
    assert (outcome, "bilan remis" in why) == ("refused", True)
    lock.delete()
    assert outcomes(send(phone, again)) == [("stands", "")]


def test_the_shell_holds_nothing_about_anybody(session, ben, phone):
    seat(session, PupilFactory(first_name="Ann", last_name="Petit"))
    ben.name = "Benjamin Long"
    ben.save()
    for name in ("roll-app", "roll-worker", "roll-manifest"):
        answer = phone.get(reverse(f"activities:{name}"))
        text = answer.content.decode()
        assert answer.status_code == 200
        for secret in ("Petit", "Long", ben.email, session.activity.title_en, "csrfmiddlewaretoken"):
            assert secret not in text
    assert "Service-Worker-Allowed" not in phone.get(reverse("activities:roll-worker")).headers


# --- The page without scripts


def test_the_plain_page_says_only_what_was_changed_on_it(session, ben, phone, cleo):
    ann, bob, cid, dot = (seat(session, PupilFactory(first_name=name)) for name in ("Ann", "Bob", "Cid", "Dot"))
    take(session, cleo, word(ann, "late", 5, missed=10))
    address = reverse("activities:session-roll", args=[session.pk])
    form = phone.get(address).context["form"]
    said = {"nonce": str(form["nonce"].value()), "base": form["base"].value(), "others": "on"}
    said |= {f"status-{ann.pk}": "late", f"missed-{ann.pk}": "10", f"status-{bob.pk}": "absent"}
    said |= {f"initial-status-{ann.pk}": "late", f"initial-missed-{ann.pk}": "10"}
    take(session, cleo, word(ann, "excused", 0))
    for _twice in range(2):
        assert phone.post(address, said).status_code == 302
    assert {pupil: status for pupil, status, _m in presence(session)} == {
        ann.pk: "excused", bob.pk: "absent", cid.pk: "present", dot.pk: "present",
    }  # fmt: skip
    assert list(session.roll.filter(by=ben).order_by("pupil").values_list("pupil", "way")) == [
        (bob.pk, "tap"), (cid.pk, "rest"), (dot.pk, "rest"),
    ]  # fmt: skip


def test_the_plain_list_is_that_of_the_window(session, phone, ben):
    AssignmentFactory(session=starting(timezone.now() + 72 * HOUR), volunteer=ben.volunteer)
    starting(ago(10))
    response = phone.get(reverse("activities:roll-plain"))
    assert [each.pk for each in response.context["sessions"]] == [session.pk]


def test_headcounts_are_not_lost_by_words_about_pupils(session, ben):
    HeadcountFactory(session=session)
    take(session, ben, word(seat(session)))
    assert Headcount.objects.count() == 1
