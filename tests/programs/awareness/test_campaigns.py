"""A campaign: schools by need, waves, the answers of schools and volunteers."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format

from participants.correspondence.models import Message
from participants.organisations.models import ClassGroup
from programs.awareness import actions, invitations, needs
from programs.awareness.models import Campaign, CampaignSchool, CampaignSpeaker
from programs.awareness.needs import Wanted
from tests.factories.activities import BookingFactory, ProgrammeFactory, SessionFactory
from tests.factories.awareness import (
    CampaignFactory,
    CampaignSchoolFactory,
    CampaignSpeakerFactory,
    CampaignTalkFactory,
    next_monday,
)
from tests.factories.organisations import (
    ClassGroupFactory,
    OrganisationFactory,
    SchoolFactory,
    SchoolYearProfileFactory,
    TerritoryFactory,
)
from tests.factories.people import SchoolPostFactory, VolunteerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(programme):
    return CampaignFactory(programme=programme, letter_fr="Chers collègues")


def lycee(name, **facts):
    """A lycée beside the campus unless told otherwise, with a profile of this year."""
    profile = {key: facts.pop(key) for key in ("priority_education", "ips_quintile", "rurality") if key in facts}
    facts = {"kind": "lycee_gt", "latitude": 48.71, "longitude": 2.2} | facts
    school = SchoolFactory(name=name, **facts)
    if "ips_quintile" in profile:
        profile |= {"ips": 80, "ips_series": "2024"}
    SchoolYearProfileFactory(school=school, school_year=2024, **profile)
    return school


def reach(school, days):
    group = ClassGroupFactory(school=school, head_count=30)
    start = timezone.now() - dt.timedelta(days=days)
    session = SessionFactory(school=school, starts_at=start, ends_at=start + dt.timedelta(hours=2))
    return BookingFactory(session=session, class_group=group, stage="completed")


@pytest.fixture
def campus(db):
    return OrganisationFactory(kind="member_school", latitude=48.71, longitude=2.2)


# --- Who needs it -----------------------------------------------------------------------------------------------------


def test_those_in_need_come_first_and_each_reason_is_a_fact(campaign, campus):
    rich = lycee("Rich", priority_education="none", ips_quintile=5)
    reach(rich, 30)
    rep = lycee("Rep", priority_education="REP+", ips_quintile=1)
    reach(rep, 30)
    old = lycee("Old", ips_quintile=2)
    reach(old, 365 * 4)
    far = lycee("Far", rurality="rural", latitude=47.0)
    rows = needs.in_need(campaign, Wanted(), [campus])
    assert [(row.name, row.need, row.found) for row in rows] == [
        ("Rep", 6, 4),
        ("Far", 5, 4),
        ("Old", 4, 4),
        ("Rich", 0, 4),
    ]
    said = {row.name: row.reasons for row in rows}
    assert said["Far"] == ["never reached", "IPS unknown", "rural", "190 km from the nearest campus"]
    assert said["Rep"][1:] == ["IPS: fifth 1 of 5", "REP+", "0 km from the nearest campus"]
    assert far.pk == rows[1].id


def test_a_date_that_is_planned_is_not_reached_yet(campaign, campus):
    reach(lycee("Soon", rurality="rural"), -30)
    [row] = needs.in_need(campaign, Wanted(), [campus])
    month = date_format(timezone.now() + dt.timedelta(days=30), "F Y")
    assert (row.last_at, row.need) == (None, 1)
    assert row.reasons[:2] == ["never reached", f"a date is planned in {month}"]
    assert needs.in_need(campaign, Wanted(reach="never"), [campus]) == []


def test_filters_narrow_the_need(campaign, campus):
    essonne = TerritoryFactory(code="91")
    one = lycee("One", ips_quintile=1, priority_education="REP", rurality="rural", departement=essonne)
    two = lycee("Two", ips_quintile=2, priority_education="REP+", latitude=48.0)
    reach(two, 365 * 4)
    three = lycee("Three", kind="lycee_pro")
    reach(three, 20)
    lycee("Closed", state="closed")
    lycee("Section", is_section=True)
    college = lycee("College", kind="college")
    CampaignSchoolFactory(campaign=campaign, school=lycee("Taken"))
    CampaignSchoolFactory(school=one)  # of another campaign
    for wanted, expected in (
        (Wanted(), {one, two, three}),
        (Wanted(kinds=["college"]), {college}),
        (Wanted(reach="never"), {one}),
        (Wanted(reach="long"), {one, two}),
        (Wanted(quintile=1), {one}),
        (Wanted(quintile=2), {one, two}),
        (Wanted(priorities=["REP+"]), {two}),
        (Wanted(rurality="rural"), {one}),
        (Wanted(nearer=30), {one, three}),
        (Wanted(further=30), {two}),
        (Wanted(territory=essonne.pk), {one}),
    ):
        rows = needs.in_need(campaign, wanted, [campus])
        assert {row.id for row in rows} == {school.pk for school in expected}, wanted


def test_a_booking_that_was_given_back_reaches_nobody(campaign, campus):
    school = lycee("One")
    booking = reach(school, 20)
    assert needs.in_need(campaign, Wanted(), [campus])[0].last_at == booking.session.starts_at
    booking.stage = "withdrawn"
    booking.save()
    assert needs.in_need(campaign, Wanted(), [campus])[0].last_at is None


def test_the_map_shows_white_zones(campaign, campus):
    here = TerritoryFactory(code="91", name="Essonne")
    there = TerritoryFactory(code="63", name="Puy-de-Dôme")
    reach(lycee("Reached", departement=here), 20)
    lycee("Beside", departement=here)
    lycee("White", departement=there, latitude=45.8, longitude=3.1)
    lycee("Nowhere", departement=there, latitude=None, longitude=None)
    drawn = needs.coverage(campaign, Wanted(), [campus])
    assert sorted((cell.schools, cell.reached, cell.is_white) for cell in drawn.cells) == [(1, 0, True), (2, 1, False)]
    assert drawn.by_departement == [["63", "Puy-de-Dôme", 2, 0, 1], ["91", "Essonne", 2, 1, 0]]


def test_the_whole_directory_is_one_question(campaign, campus, django_assert_num_queries):
    for number in range(3):
        lycee(f"School {number}")
    with django_assert_num_queries(1):
        needs.in_need(campaign, Wanted(), [campus])


def test_chosen_schools_keep_what_their_need_was(campaign, campus, coordinator):
    lycee("One", ips_quintile=1)
    rows = needs.in_need(campaign, Wanted(), [campus])
    assert actions.choose_schools(campaign=campaign, needs=rows, by=coordinator) == 1
    assert actions.choose_schools(campaign=campaign, needs=rows, by=coordinator) == 0
    assert list(campaign.schools.values_list("need", "state")) == [(6, "chosen")]
    assert needs.in_need(campaign, Wanted(), [campus]) == []


# --- Waves ------------------------------------------------------------------------------------------------------------


def messages(occasion):
    rows = Message.objects.filter(occasion=f"awareness.campaign_{occasion}").order_by("pk")
    return [(row.recipient or row.address, row.about, row.state) for row in rows]


def test_a_wave_writes_to_contacts_or_to_the_school(campaign, school, teacher, colleague, coordinator):
    known = CampaignSchoolFactory(campaign=campaign, school=school, need=5)
    alone = CampaignSchoolFactory(campaign=campaign, school__email="ce.1@ac-paris.fr", need=4)
    mute = CampaignSchoolFactory(campaign=campaign, school__email="", need=3)
    pending = SchoolPostFactory(school=alone.school).contact
    later = CampaignSchoolFactory(campaign=campaign, need=1)
    assert actions.invite_wave(campaign=campaign, most=3, by=coordinator) == 3
    assert set(messages("school_invited")) == {
        (teacher.user, known.pk, "planned"),
        (colleague.user, known.pk, "planned"),
        ("ce.1@ac-paris.fr", alone.pk, "planned"),
    }
    assert pending.user not in {row[0] for row in messages("school_invited")}
    assert list(campaign.schools.order_by("pk").values_list("state", "wave")) == [
        ("invited", 1), ("invited", 1), ("invited", 1), ("chosen", None),
    ]  # fmt: skip
    assert actions.invite_wave(campaign=campaign, by=coordinator) == 1
    later.refresh_from_db()
    assert later.wave == 2
    with pytest.raises(ValidationError, match="Choose schools first"):
        actions.invite_wave(campaign=campaign, by=coordinator)
    assert mute.pk not in {about for _to, about, _state in messages("school_invited")}


def test_one_reminder_after_a_week_unless_there_is_an_answer(campaign, school, teacher, coordinator):
    place = CampaignSchoolFactory(campaign=campaign, school=school)
    actions.invite_wave(campaign=campaign, by=coordinator)
    [reminder] = Message.objects.filter(occasion="awareness.campaign_school_reminded")
    assert timezone.localtime(reminder.due_at).date() == timezone.localdate() + dt.timedelta(days=7)
    actions.say_no(place=place, contact=teacher, reason="dates")
    assert [row[2] for row in messages("school_reminded")] == ["cancelled"]


def test_a_school_that_was_invited_stays(campaign, coordinator):
    chosen, invited = CampaignSchoolFactory(campaign=campaign), CampaignSchoolFactory(campaign=campaign, invited=True)
    actions.leave_out_school(place=chosen, by=coordinator)
    with pytest.raises(ValidationError, match="has been invited"):
        actions.leave_out_school(place=invited, by=coordinator)
    assert list(campaign.schools.all()) == [invited]


def test_a_silent_school_is_one_that_said_nothing_for_two_weeks(campaign):
    def invited(days, **facts):
        then = timezone.now() - dt.timedelta(days=days)
        return CampaignSchoolFactory(campaign=campaign, invited_at=then, **{"invited": True} | facts)

    silent, fresh, answered = invited(15), invited(13), invited(15, invited=False, no=True)
    assert set(campaign.schools.silent()) == {silent}
    assert [place.is_silent for place in (silent, fresh, answered)] == [True, False, False]


# --- Answers ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def place(campaign, school):
    return CampaignSchoolFactory(campaign=campaign, school=school, invited=True)


def yes(place, teacher, *names, weeks=None, **more):
    classes = [{"name": name, "level": "2GT", "head_count": 30} for name in names]
    weeks = place.campaign.mondays[:1] if weeks is None else weeks
    wanted = {"half_days": ["1-morning"], "classes": classes} | more
    return actions.say_yes(place=place, contact=teacher, weeks=weeks, **wanted)


def test_a_yes_makes_a_talk_for_each_class(place, teacher):
    known = ClassGroup.objects.create(
        school=place.school, school_year=place.campaign.school_year, name="2de A", level="2GT", head_count=29
    )
    place = yes(place, teacher, "2DE A", "2de B", note="Sonner")
    assert (place.state, place.contact, place.half_days, place.note) == ("yes", teacher, ["1-morning"], "Sonner")
    assert {talk.class_group.name for talk in place.talks.all()} == {"2de A", "2de B"}
    assert place.talks.get(class_group=known).class_group.head_count == 29
    yes(place, teacher, "2de B", "2de C")
    assert {talk.class_group.name for talk in place.talks.all()} == {"2de B", "2de C"}


def test_a_talk_that_has_its_session_stays(place, teacher):
    yes(place, teacher, "2de A", "2de B")
    settled = place.talks.get(class_group__name="2de A")
    settled.session = SessionFactory(school=place.school)
    settled.save()
    yes(place, teacher, "2de C")
    assert {talk.class_group.name for talk in place.talks.all()} == {"2de A", "2de C"}
    with pytest.raises(ValidationError, match="already planned"):
        actions.say_no(place=place, contact=teacher, reason="dates")


def test_a_no_has_a_reason_and_may_become_a_yes(place, teacher):
    yes(place, teacher, "2de A")
    place = actions.say_no(place=place, contact=teacher, reason="people")
    assert (place.state, place.reason, place.weeks, place.talks.count()) == ("no", "people", [], 0)
    assert yes(place, teacher, "2de A").reason == ""


@pytest.mark.parametrize(
    ("names", "more", "sentence"),
    [
        ([], {}, "at least one class"),
        ([f"c{n}" for n in range(13)], {}, "at most 12"),
        (["2de A"], {"weeks": []}, "at least one week"),
        (["2de A"], {"weeks": [next_monday(30)]}, "at least one week"),
    ],
)
def test_an_answer_that_nobody_could_plan_is_refused(place, teacher, names, more, sentence):
    with pytest.raises(ValidationError, match=sentence):
        yes(place, teacher, *names, **more)


def test_nobody_answers_before_the_invitation_or_after_the_campaign(campaign, teacher):
    with pytest.raises(ValidationError, match="not been invited"):
        yes(CampaignSchoolFactory(campaign=campaign), teacher, "2de A")
    past = CampaignFactory(first_week=next_monday(-8), last_week=next_monday(-7))
    with pytest.raises(ValidationError, match="over"):
        yes(CampaignSchoolFactory(campaign=past, invited=True), teacher, "2de A")
    with pytest.raises(ValidationError, match="over"):
        actions.invite_wave(campaign=past, by=None)
    with pytest.raises(ValidationError, match="over"):
        actions.invite_speakers(campaign=past, volunteers=[], by=None)
    with pytest.raises(ValidationError, match="over"):
        actions.stay_out(speaker=CampaignSpeakerFactory(campaign=past))


def wishes(campaign, **more):
    return {
        "weeks": campaign.mondays[:2], "half_days": [], "travel_minutes": 60, "own_school": None,
        "leaves_from_home": False, "most_talks": 3, "gender": "woman",
    } | more  # fmt: skip


def test_volunteers_are_asked_once_and_say_their_wishes(campaign, school, coordinator):
    ada, eve = VolunteerFactory(former_school=school), VolunteerFactory()
    assert actions.invite_speakers(campaign=campaign, volunteers=[ada], by=coordinator) == 1
    assert actions.invite_speakers(campaign=campaign, volunteers=[ada, eve], by=coordinator) == 1
    speaker = campaign.speakers.get(volunteer=ada)
    assert (speaker.state, speaker.own_school) == ("invited", school)
    assert messages("speaker_asked")[0] == (ada.user, speaker.pk, "planned")
    actions.say_wishes(speaker=speaker, **wishes(campaign))
    assert [row[2] for row in messages("speaker_reminded")] == ["cancelled", "planned"]
    speaker.refresh_from_db()
    assert (speaker.state, speaker.most_talks, speaker.gender) == ("yes", 3, "woman")
    with pytest.raises(ValidationError, match="at least one week"):
        actions.say_wishes(speaker=speaker, **wishes(campaign, weeks=[next_monday(30)]))
    actions.stay_out(speaker=speaker)
    speaker.refresh_from_db()
    assert (speaker.state, speaker.weeks, speaker.gender) == ("no", [], "")


def test_what_was_said_for_the_groups_is_forgotten_30_days_after(campaign):
    now = CampaignSpeakerFactory(campaign=campaign, yes=True, gender="woman")
    past = CampaignFactory(first_week=next_monday(-12), last_week=next_monday(-9))
    over = CampaignSpeakerFactory(campaign=past, yes=True, gender="man")
    assert actions.forget_composition() == 1
    assert set(CampaignSpeaker.objects.values_list("pk", "gender")) == {(now.pk, "woman"), (over.pk, "")}


# --- Who sees what ----------------------------------------------------------------------------------------------------


def test_each_sees_their_own_campaigns(campaign, school, teacher, stranger, coordinator, ben, client_for):
    member = OrganisationFactory(kind="member_school")
    other = CampaignFactory(programme=ProgrammeFactory(lead=member))
    assert set(Campaign.objects.visible_to(coordinator)) == {campaign, other}
    for user in (teacher.user, ben):
        assert list(Campaign.objects.visible_to(user)) == []
    invited = CampaignSchoolFactory(campaign=campaign, school=school, invited=True)
    CampaignSchoolFactory(campaign=other, school=school)  # chosen: the school does not know yet
    theirs = CampaignSchoolFactory(campaign=campaign, invited=True)
    assert list(CampaignSchool.objects.visible_to(teacher.user)) == [invited]
    assert list(CampaignSchool.objects.visible_to(stranger.user)) == []
    assert theirs in CampaignSchool.objects.visible_to(coordinator)
    mine = CampaignSpeakerFactory(campaign=campaign, volunteer=VolunteerFactory(user=ben, recognised=False))
    CampaignSpeakerFactory(campaign=campaign)
    assert list(CampaignSpeaker.objects.visible_to(ben)) == [mine]


def test_a_link_that_was_tampered_with_opens_nothing(place):
    token = invitations.link(place).rstrip("/").rsplit("/", 1)[-1]
    assert invitations.read_link(token) == place.pk
    number, mark = token.split(".")
    for wrong in (f"{int(number) + 1}.{mark}", number, f"{number}.", "x.y", ""):
        assert invitations.read_link(wrong) is None


def test_a_school_without_contact_is_written_to_at_its_address(place):
    CampaignTalkFactory(place=place)
    school = place.school
    school.email = "ce.2@ac-lyon.fr"
    school.save()
    found = invitations.find_school(place.pk)
    assert (found.name, found.email) == (str(school), "ce.2@ac-lyon.fr")
    assert invitations.find_school(0) is None
