import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from participants.correspondence.models import Message
from programs.activities.models import Activity, Booking, Session
from programs.awareness import actions
from programs.awareness.actions import Plan, PlannedSession
from programs.awareness.models import RequestedSlot, TalkRequest
from tests.factories.activities import TopicFactory
from tests.factories.awareness import RequestedClassFactory, TalkRequestFactory, next_monday
from tests.factories.organisations import ClassGroupFactory, SchoolFactory
from tests.factories.people import SchoolPostFactory

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


def classes_of(request):
    return [(wanted.name, wanted.level, wanted.head_count) for wanted in request.classes.all()]


def messages_of(request, occasion):
    return Message.objects.filter(about=request.pk, occasion=f"awareness.request_{occasion}")


def plan_for(request, programme, *, sessions=None, **changes):
    day = next_monday() + dt.timedelta(days=1)
    session = PlannedSession(
        starts_at=dt.datetime.combine(day, dt.time(10), PARIS),
        ends_at=dt.datetime.combine(day, dt.time(12), PARIS),
        zone="Europe/Paris",
        classes=list(request.classes.all()),
        place="CDI",
    )
    values = {
        "programme": programme,
        "organisation": programme.lead,
        "title_fr": "Intervention",
        "title_en": "Talk",
        "language": "fr",
        "format": "on_site",
        "sessions": sessions or [session],
    }
    return Plan(**(values | changes))


# --- Asking -----------------------------------------------------------------------------------------------------------


def test_starting_twice_goes_on_with_the_same_draft(school, teacher):
    first = actions.start(contact=teacher, school=school)
    assert actions.start(contact=teacher, school=school) == first
    assert first.state == "draft"


def test_a_draft_of_last_year_is_begun_again(draft, school, teacher):
    TalkRequest.objects.filter(pk=draft.pk).update(school_year=draft.school_year - 1)
    again = actions.start(contact=teacher, school=school)
    assert (again.school_year, again.classes.count()) == (draft.school_year, 0)
    assert TalkRequest.objects.get() == again


def test_classes_are_replaced(draft):
    actions.set_classes(
        request=draft,
        classes=[{"name": "TG 1", "level": "TG", "head_count": 25}, {"name": "TG 2", "level": "TG", "head_count": 26}],
    )
    assert classes_of(draft) == [("TG 1", "TG", 25), ("TG 2", "TG", 26)]


@pytest.mark.parametrize(
    ("classes", "sentence"),
    [
        ([], "Add at least one class"),
        ([{"name": "3eB", "level": "3E", "head_count": 20}, {"name": "3eb", "level": "3E", "head_count": 2}], "twice"),
        ([{"name": f"C{n}", "level": "3E", "head_count": 20} for n in range(21)], "at most 20"),
    ],
)
def test_wrong_classes_are_refused_and_the_old_ones_stay(draft, classes, sentence):
    with pytest.raises(ValidationError, match=sentence):
        actions.set_classes(request=draft, classes=classes)
    assert classes_of(draft) == [("2de A4", "2GT", 31)]


def test_slots_are_half_days_in_each_week(draft):
    weeks = [next_monday(3), next_monday(4)]
    actions.set_slots(request=draft, weeks=weeks, half_days=[(4, "afternoon"), (1, "morning")])
    assert list(draft.slots.values_list("week", "weekday", "half_day")) == [
        (weeks[0], 1, "morning"),
        (weeks[0], 4, "afternoon"),
        (weeks[1], 1, "morning"),
        (weeks[1], 4, "afternoon"),
    ]


def test_weeks_without_half_days_are_open(draft):
    actions.set_slots(request=draft, weeks=[next_monday(3)])
    assert list(draft.slots.values_list("week", "weekday", "half_day")) == [(next_monday(3), None, "any")]


def test_wishes_are_kept(draft):
    topic = TopicFactory()
    actions.set_wishes(request=draft, topics=[topic], format="online", language="en", wish="Science", needs="Room 2")
    draft.refresh_from_db()
    assert (draft.format, draft.language, draft.wish, draft.needs) == ("online", "en", "Science", "Room 2")
    assert list(draft.topics.all()) == [topic]


def test_sending_writes_nothing_into_the_classes_of_the_school(draft, school):
    actions.send(request=draft)
    actions.set_classes(request=draft, classes=[{"name": "2de A7", "level": "2GT", "head_count": 30}])
    assert not school.class_groups.exists()


def test_accepting_finds_or_makes_the_classes(draft, school, programme, coordinator):
    standing = ClassGroupFactory(school=school, school_year=draft.school_year, name="2DE A4", head_count=28)
    ClassGroupFactory(school=school, school_year=draft.school_year - 1, name="2de A5")
    RequestedClassFactory(request=draft, name="2de A5", head_count=27)
    sent = actions.send(request=draft)
    actions.accept(request=sent, version=sent.version, plan=plan_for(sent, programme), by=coordinator)
    first, second = draft.classes.select_related("class_group")
    assert first.class_group == standing
    assert (second.class_group.school, second.class_group.school_year) == (school, draft.school_year)
    assert (second.class_group.name, second.class_group.head_count) == ("2de A5", 27)


def test_sending_twice_is_one_request_and_one_letter_each(draft, coordinator, second_coordinator):
    sent = actions.send(request=draft)
    again = actions.send(request=draft)
    assert (again.sent_at, again.version) == (sent.sent_at, sent.version)
    assert [message.recipient for message in messages_of(draft, "received")] == [draft.contact.user]
    assert {message.recipient for message in messages_of(draft, "new")} == {coordinator, second_coordinator}
    due = {message.due_at.date() for message in messages_of(draft, "unanswered")}
    assert due == {(sent.sent_at + dt.timedelta(days=5)).date()}


def test_nobody_sends_what_nobody_could_plan(draft):
    RequestedSlot.objects.update(week=next_monday(-3))
    with pytest.raises(ValidationError, match="are over"):
        actions.send(request=draft)
    draft.classes.all().delete()
    with pytest.raises(ValidationError, match="at least one class"):
        actions.send(request=draft)
    draft.contact.posts.update(state="ended")
    with pytest.raises(ValidationError, match="no longer have a post"):
        actions.send(request=draft)
    draft.refresh_from_db()
    assert (draft.state, Message.objects.count()) == ("draft", 0)


def test_a_sent_request_is_still_the_schools_until_it_is_answered(sent):
    version = sent.version
    actions.set_classes(request=sent, classes=[{"name": "2de 6", "level": "2GT", "head_count": 33}])
    sent.refresh_from_db()
    assert sent.version == version + 1
    assert sent.classes.get().name == "2de 6"


def test_an_answered_request_is_not_changed_any_more(sent, coordinator):
    actions.decline(request=sent, version=sent.version, reason="dates", by=coordinator)
    for act, arguments in (
        (actions.set_classes, {"classes": [{"name": "A", "level": "2GT", "head_count": 3}]}),
        (actions.set_slots, {"weeks": [next_monday()]}),
        (actions.set_wishes, {"topics": [], "format": "any", "language": "fr", "wish": "", "needs": ""}),
        (actions.withdraw, {}),
        (actions.restore, {}),
    ):
        with pytest.raises(ValidationError, match="Cléo has already declined this request"):
            act(request=sent, **arguments)


def test_withdrawing_calls_the_letters_off_and_can_be_undone(draft, coordinator):
    sent = actions.send(request=draft)
    actions.withdraw(request=sent)
    actions.withdraw(request=sent)
    assert set(Message.objects.values_list("state", flat=True)) == {"cancelled"}
    with pytest.raises(ValidationError, match="The school has withdrawn"):
        actions.decline(request=sent, version=sent.version, reason="dates", by=coordinator)
    actions.restore(request=sent)
    actions.restore(request=sent)
    again = TalkRequest.objects.get()
    assert (again.state, again.sent_at) == ("sent", sent.sent_at)
    # The receipt, the news and the question after five days leave after all.
    assert Message.objects.filter(state="planned").count() == Message.objects.filter(state="cancelled").count()


def test_what_had_left_before_a_withdrawal_does_not_leave_again(draft, coordinator):
    sent = actions.send(request=draft)
    Message.objects.filter(occasion="awareness.request_received").update(state="sent", sent_at=sent.sent_at)
    actions.withdraw(request=sent)
    actions.restore(request=sent)
    planned = Message.objects.filter(state="planned").values_list("occasion", flat=True)
    assert set(planned) == {"awareness.request_new", "awareness.request_unanswered"}


def test_only_drafts_are_deleted(draft, sent):
    actions.delete_draft(request=draft)
    with pytest.raises(ValidationError, match="withdraw it instead"):
        actions.delete_draft(request=sent)
    assert TalkRequest.objects.get() == sent


def test_drafts_are_forgotten_after_two_months(draft, sent):
    fresh = TalkRequestFactory()
    old = timezone.now() - dt.timedelta(days=61)
    TalkRequest.objects.filter(pk__in=[draft.pk, sent.pk]).update(updated_at=old)
    assert actions.forget_old_drafts() == 1
    assert set(TalkRequest.objects.all()) == {sent, fresh}


# --- Answering --------------------------------------------------------------------------------------------------------


def test_accepting_makes_the_activity_its_sessions_and_bookings(sent, programme, coordinator):
    topic = TopicFactory()
    sent.needs = "Projector in room 204"
    sent.save()
    activity = actions.accept(
        request=sent, version=sent.version, plan=plan_for(sent, programme, topics=[topic]), by=coordinator
    )
    assert (activity.kind, activity.state, activity.school_year) == (Activity.Kind.TALK, "open", sent.school_year)
    assert (activity.levels, list(activity.topics.all())) == (["2GT"], [topic])
    session = activity.sessions.get()
    assert (session.school, session.campus, session.place) == (sent.school, None, "CDI")
    assert (session.seats, session.seats_taken, session.volunteer_places) == (60, 60, 2)
    assert (session.briefing, session.contact_on_site) == ("Projector in room 204", str(sent.contact))
    booked = {(booking.class_group.name, booking.seats, booking.stage) for booking in session.bookings.all()}
    assert booked == {("2de A4", 31, "confirmed"), ("2de A5", 29, "confirmed")}
    assert {booking.booked_by for booking in session.bookings.all()} == {sent.contact.user}
    sent.refresh_from_db()
    assert (sent.state, sent.activity, sent.handled_by) == ("accepted", activity, coordinator)


def test_the_school_gets_one_confirmation(sent, programme, coordinator):
    actions.accept(request=sent, version=sent.version, plan=plan_for(sent, programme), by=coordinator)
    due = Message.objects.filter(recipient=sent.contact.user, due_at__lte=timezone.now())
    assert [message.occasion for message in due] == ["activities.school_confirmed"]


def test_a_talk_on_campus_is_where_the_organisation_is(sent, programme, coordinator):
    plan = plan_for(sent, programme, format="on_campus")
    activity = actions.accept(request=sent, version=sent.version, plan=plan, by=coordinator)
    session = activity.sessions.get()
    assert (session.school, session.campus) == (None, programme.lead)


def test_accepting_is_all_or_nothing(sent, programme, coordinator):
    good = plan_for(sent, programme).sessions[0]
    bad = PlannedSession(
        starts_at=good.ends_at, ends_at=good.starts_at, zone=good.zone, classes=good.classes, place="CDI"
    )
    with pytest.raises(ValidationError, match="ends before it starts"):
        actions.accept(
            request=sent, version=sent.version, plan=plan_for(sent, programme, sessions=[good, bad]), by=coordinator
        )
    sent.refresh_from_db()
    assert (sent.state, sent.activity) == ("sent", None)
    assert (Activity.objects.count(), Session.objects.count(), Booking.objects.count()) == (0, 0, 0)


def test_two_in_the_afternoon_stays_two_when_clocks_change(sent, programme, coordinator):
    year = sent.school_year + 1
    first, second = sent.classes.all()
    sessions = [
        PlannedSession(
            starts_at=dt.datetime(year, month, day, 14, tzinfo=PARIS),
            ends_at=dt.datetime(year, month, day, 16, tzinfo=PARIS),
            zone="Europe/Paris",
            classes=[requested],
        )
        for (month, day), requested in (((3, 16), first), ((4, 6), second))
    ]
    plan = plan_for(sent, programme, sessions=sessions)
    activity = actions.accept(request=sent, version=sent.version, plan=plan, by=coordinator)
    winter, summer = activity.sessions.all()
    assert (winter.local_start.hour, summer.local_start.hour) == (14, 14)
    assert (winter.starts_at.astimezone(dt.UTC).hour, summer.starts_at.astimezone(dt.UTC).hour) == (13, 12)


def test_a_contact_nobody_approved_gets_no_talk(school, programme, coordinator):
    post = SchoolPostFactory(school=school)
    request = TalkRequestFactory(school=school, contact=post.contact, sent=True)
    RequestedClassFactory(request=request)
    with pytest.raises(ValidationError, match="approve the post first"):
        actions.accept(request=request, version=1, plan=plan_for(request, programme), by=coordinator)


def test_declining_tells_the_school_why(sent, coordinator):
    actions.decline(request=sent, version=sent.version, reason="other", text="A strike", by=coordinator)
    sent.refresh_from_db()
    assert (sent.state, sent.decline_reason, sent.decline_text) == ("declined", "other", "A strike")
    assert [message.recipient for message in messages_of(sent, "declined")] == [sent.contact.user]


def test_another_reason_needs_words(sent, coordinator):
    with pytest.raises(ValidationError, match="Say the other reason"):
        actions.decline(request=sent, version=sent.version, reason="other", by=coordinator)
    sent.refresh_from_db()
    assert sent.state == "sent"


def test_whoever_comes_second_is_told_who_answered(sent, programme, coordinator, second_coordinator):
    actions.accept(request=sent, version=sent.version, plan=plan_for(sent, programme), by=coordinator)
    with pytest.raises(ValidationError, match="Cléo has already accepted this request"):
        actions.decline(request=sent, version=sent.version, reason="dates", by=second_coordinator)
    sent.refresh_from_db()
    assert (sent.state, sent.handled_by) == ("accepted", coordinator)


def test_a_change_by_the_school_is_told(sent, coordinator):
    version = sent.version
    actions.set_slots(request=sent, weeks=[next_monday(6)])
    with pytest.raises(ValidationError, match="The school changed its request") as refusal:
        actions.decline(request=sent, version=version, reason="dates", by=coordinator)
    assert refusal.value.code == "changed"


def test_taking_leaves_a_mark_and_no_new_version(sent, coordinator):
    actions.take(request=sent, by=coordinator)
    version = sent.version
    sent.refresh_from_db()
    assert (sent.taken_by, sent.version) == (coordinator, version)


def test_classes_of_another_school_stay_apart(draft):
    elsewhere = ClassGroupFactory(school=SchoolFactory(), school_year=draft.school_year, name="2de A4")
    actions.send(request=draft)
    assert draft.classes.get().class_group != elsewhere
