import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from programs.awareness.models import RequestedClass, RequestedSlot, TalkRequest
from tests.factories.accounts import UserFactory
from tests.factories.activities import ActivityFactory
from tests.factories.awareness import RequestedClassFactory, RequestedSlotFactory, TalkRequestFactory, next_monday
from tests.factories.organisations import SchoolYearProfileFactory
from tests.factories.people import SchoolPostFactory

pytestmark = pytest.mark.django_db


def breaks(constraint, **changes):
    request = TalkRequestFactory(sent=True)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        TalkRequest.objects.filter(pk=request.pk).update(**changes)


def test_a_draft_is_not_sent():
    breaks("awareness_talkrequest_sent_has_moment", state="draft")


def test_what_was_sent_has_a_moment():
    breaks("awareness_talkrequest_sent_has_moment", sent_at=None)


def test_an_answer_has_a_moment():
    breaks("awareness_talkrequest_answer_has_moment", state="declined", decline_reason="dates")


def test_only_an_answer_has_a_moment():
    breaks("awareness_talkrequest_answer_has_moment", handled_at=timezone.now())


def test_an_accepted_request_leads_to_an_activity():
    breaks("awareness_talkrequest_accepted_has_activity", state="accepted", handled_at=timezone.now())


def test_only_an_accepted_request_leads_to_an_activity():
    breaks("awareness_talkrequest_accepted_has_activity", activity=ActivityFactory())


def test_a_declined_request_has_a_reason():
    breaks("awareness_talkrequest_declined_has_reason", state="declined", handled_at=timezone.now())


def test_another_reason_is_said():
    breaks(
        "awareness_talkrequest_other_reason_said",
        state="declined",
        decline_reason="other",
        handled_at=timezone.now(),
    )


def test_a_taken_request_has_a_moment():
    breaks("awareness_talkrequest_taken_has_moment", taken_by=UserFactory())


def test_one_draft_per_contact_and_school(draft):
    with pytest.raises(IntegrityError, match="awareness_talkrequest_one_draft"), transaction.atomic():
        TalkRequest.objects.create(contact=draft.contact, school=draft.school, school_year=2026)
    with pytest.raises(ValidationError, match="There is already a draft"):
        TalkRequest(contact=draft.contact, school=draft.school, school_year=2026).full_clean()


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("awareness_requestedclass_once", {"name": "2DE A4"}),
        ("awareness_requestedclass_named", {"name": ""}),
        ("awareness_requestedclass_head_count_range", {"head_count": 201}),
        ("awareness_requestedclass_head_count_range", {"head_count": 0}),
    ],
)
def test_classes_are_named_once_and_of_a_believable_size(draft, constraint, values):
    with pytest.raises(IntegrityError, match=constraint):
        RequestedClass.objects.create(**{"request": draft, "name": "2de 9", "level": "2GT", "head_count": 30} | values)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("awareness_requestedslot_once", {"weekday": 2, "half_day": "morning"}),
        ("awareness_requestedslot_week_is_monday", {"week": next_monday() + dt.timedelta(days=1)}),
        ("awareness_requestedslot_weekday_range", {"weekday": 7}),
    ],
)
def test_slots_are_weeks_with_school_days(draft, constraint, values):
    with pytest.raises(IntegrityError, match=constraint):
        RequestedSlot.objects.create(**{"request": draft, "week": next_monday()} | values)


def test_requests_are_seen_by_their_school_and_by_those_who_answer(
    draft, teacher, colleague, stranger, coordinator, ben, dan
):
    sent = TalkRequestFactory(school=draft.school, contact=teacher, sent=True)
    others = TalkRequestFactory(sent=True)

    def seen_by(user):
        return set(TalkRequest.objects.visible_to(user))

    assert seen_by(teacher.user) == {draft, sent}
    assert seen_by(colleague.user) == {sent}
    assert seen_by(coordinator) == {sent, others}
    assert seen_by(stranger.user) == set()
    assert seen_by(ben) == set()
    assert seen_by(dan) == set()


def test_classes_and_slots_are_seen_with_their_request(draft, sent, colleague):
    assert set(RequestedClass.objects.visible_to(colleague.user)) == set(sent.classes.all())
    assert set(RequestedSlot.objects.visible_to(colleague.user)) == set(sent.slots.all())


def test_a_contact_who_left_the_school_sees_its_requests_no_more(sent, teacher):
    teacher.posts.update(state="ended")
    teacher.user.grants.update(ends_on=timezone.localdate() - dt.timedelta(days=1), starts_on=dt.date(2020, 1, 1))
    assert list(TalkRequest.objects.visible_to(teacher.user)) == []


def test_a_contact_who_waits_for_approval_sees_their_own(school):
    post = SchoolPostFactory(school=school)
    own = TalkRequestFactory(school=school, contact=post.contact)
    TalkRequestFactory(school=school, sent=True)
    assert list(TalkRequest.objects.visible_to(post.contact.user)) == [own]


def test_the_board_adds_size_week_profile_and_proof(sent):
    RequestedSlotFactory(request=sent, week=next_monday(-2))
    RequestedSlotFactory(request=sent, week=next_monday(5))
    SchoolYearProfileFactory(
        school=sent.school, school_year=sent.school_year - 2, ips=90, ips_series="2022", priority_education="REP"
    )
    SchoolYearProfileFactory(school=sent.school, school_year=sent.school_year - 1, priority_education="REP+")
    SchoolYearProfileFactory(school=sent.school, school_year=sent.school_year + 1, priority_education="none")
    [request] = TalkRequest.objects.with_size().with_first_week().with_profile().with_proof()
    assert (request.young_people, request.first_week, request.is_proven) == (60, next_monday(), True)
    assert (request.ips, request.ips_quintile, request.priority_education) == (90, None, "REP+")


def test_a_request_without_anything_adds_up_to_nothing():
    TalkRequestFactory(is_proven=False)
    [request] = TalkRequest.objects.with_size().with_first_week().with_profile().with_proof()
    assert (request.young_people, request.first_week, request.is_proven) == (0, None, False)
    assert (request.ips, request.priority_education) == (None, "unknown")


def test_the_mark_of_a_colleague_fades(sent, coordinator):
    sent.taken_by, sent.taken_at = UserFactory(), timezone.now()
    assert sent.is_taken_from(coordinator)
    assert not sent.is_taken_from(sent.taken_by)
    sent.taken_at -= dt.timedelta(minutes=31)
    assert not sent.is_taken_from(coordinator)


def test_a_request_says_its_name(sent):
    RequestedClassFactory(request=sent, name="TG1", level="TG", head_count=20)
    assert str(sent) == f"Lycée Marie-Curie, Palaiseau · {sent.sent_at:%d/%m/%Y}"
    assert str(sent.classes.last()) == "TG1 (Tle générale, 20)"
