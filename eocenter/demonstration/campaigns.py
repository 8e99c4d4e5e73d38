"""Two campaigns of forty schools. The one in the weeks to come: invited in two waves, half of them have said yes, a plan is
to be looked at. The one of last winter: carried out, and its young people counted."""

import datetime as dt

from django.db.models import Count
from django.utils import timezone

from eocenter.demonstration.delivery import Year
from participants.organisations.models import ClassGroup
from participants.organisations.school_years import school_year_of
from participants.people.models import Volunteer
from programs.activities.models import Activity, Session
from programs.awareness import actions, board, needs
from programs.awareness.models import (
    Campaign,
    CampaignSchool,
    CampaignSpeaker,
    CampaignTalk,
    monday_of,
)
from programs.awareness.models.campaign import HALF_DAYS

SCHOOLS, WEEKS = 40, 8
LETTER_FR = (
    "Vous nous avez dit, ou nous pensons, que beaucoup de vos élèves n’osent pas penser à des études scientifiques."
)
LETTER_EN = "Many of your pupils, you told us or we believe, do not dare to think of studying science."
State = CampaignSchool.State


def build_campaign(work: Year) -> Campaign:
    """Everything up to the plan; nothing is applied, so that whoever tries it can."""
    today = timezone.localdate()
    first = _first_week(today)
    campaign = Campaign.objects.create(
        programme=work.programmes["talks"],
        organisation=work.organisations["Centre"],
        school_year=school_year_of(first),
        first_week=first,
        last_week=first + dt.timedelta(weeks=WEEKS - 1),
        name_fr="Retour au lycée",
        name_en="Back to school",
        letter_fr=LETTER_FR,
        letter_en=LETTER_EN,
    )
    _build_schools(work.dice, campaign, work.contacts)
    _build_speakers(work.dice, campaign, work.volunteers)
    plan = actions.ask_plan(campaign=campaign, by=work.coordinator)
    actions.work_out(plan=plan, seconds=2)
    return campaign


def build_last_campaign(work: Year) -> Campaign:
    """The winter before: talks that were given anyway to one class each, now known as those of a campaign."""
    year = work.year - 1
    first = monday_of(dt.date(year + 1, 1, 11))
    campaign = Campaign.objects.create(
        programme=work.programmes["talks"],
        organisation=work.organisations["Centre"],
        school_year=year,
        first_week=first,
        last_week=first + dt.timedelta(weeks=WEEKS - 1),
        name_fr="Un hiver de sciences",
        name_en="A winter of science",
    )
    invited_at = timezone.make_aware(dt.datetime.combine(first, dt.time(10))) - dt.timedelta(weeks=6)
    of_school = {school.pk: contact for school, contact in work.contacts.items()}
    facts = {"campaign": campaign, "wave": 1, "invited_at": invited_at}
    given = _given_to_one_class(campaign)
    for school in sorted({session.school_id for session in given}):
        own = [session for session in given if session.school_id == school]
        weeks = sorted({monday_of(session.local_start.date()) for session in own})
        said = {"state": State.YES, "contact": of_school[school], "weeks": weeks}
        place = CampaignSchool.objects.create(
            school_id=school, answered_at=invited_at + dt.timedelta(days=4), **said, **facts
        )
        for session in own:
            CampaignTalk.objects.create(place=place, session=session, class_group=session.bookings.get().class_group)
    others = [school for school in of_school if not campaign.schools.filter(school=school).exists()]
    silent = work.dice.sample(others, max(0, SCHOOLS - campaign.schools.count()))
    CampaignSchool.objects.bulk_create(CampaignSchool(school_id=pk, state=State.INVITED, **facts) for pk in silent)
    spoke = {"campaign": campaign, "state": CampaignSpeaker.State.YES, "weeks": campaign.mondays}
    moments = {"invited_at": invited_at, "answered_at": invited_at + dt.timedelta(days=9)}
    people = Volunteer.objects.filter(assignments__session__in=given).distinct().order_by("pk")
    CampaignSpeaker.objects.bulk_create(CampaignSpeaker(volunteer=person, **spoke, **moments) for person in people)
    return campaign


def _given_to_one_class(campaign):
    """Talks of the weeks of a campaign; one a class."""
    weeks = (campaign.first_week, campaign.last_day)
    sessions = Session.objects.filter(
        activity__programme=campaign.programme, activity__kind=Activity.Kind.TALK, starts_at__date__range=weeks
    )
    sessions = sessions.annotate(classes=Count("bookings")).filter(classes=1, bookings__class_group__isnull=False)
    of_class = {session.bookings.get().class_group_id: session for session in sessions.order_by("pk")}
    return list(of_class.values())


def _first_week(today: dt.date) -> dt.date:
    """The second week of January, or in six weeks where that is past; with its eight weeks in one school year."""
    january = monday_of(dt.date(school_year_of(today) + 1, 1, 11))
    first = january if january > today + dt.timedelta(weeks=2) else monday_of(today + dt.timedelta(weeks=6))
    last = first + dt.timedelta(weeks=WEEKS)
    return first if school_year_of(first) == school_year_of(last) else monday_of(dt.date(last.year, 9, 14))


def _build_schools(dice, campaign, contacts):
    """Those in need first among the lycées that have a contact, the teacher's own school among them, still to answer."""
    rows = needs.in_need(campaign, needs.Wanted(), board.campuses(), first=500)
    of_school = {school.pk: contact for school, contact in contacts.items()}
    own = next(iter(contacts)).pk
    chosen = sorted((row for row in rows if row.id in of_school), key=lambda row: (row.id != own, -row.need))[:SCHOOLS]
    now = timezone.now()
    states = [State.INVITED, *[State.YES] * 20, *[State.NO] * 4, *[State.INVITED] * 8]
    for number, row in enumerate(chosen):
        state = states[number] if number < len(states) else State.CHOSEN
        place = CampaignSchool(campaign=campaign, school_id=row.id, need=row.need, state=state)
        if state != State.CHOSEN:
            place.wave = 1 if number < 25 else 2
            place.invited_at = now - dt.timedelta(days=18 if place.wave == 1 else 6)
        if state in {State.YES, State.NO}:
            place.contact, place.answered_at = of_school[row.id], now - dt.timedelta(days=dice.randint(1, 5))
        if state == State.NO:
            place.reason = dice.choice(["dates", "done", "people"])
        if state == State.YES:
            place.weeks = sorted(dice.sample(campaign.mondays, dice.randint(1, 3)))
            place.half_days = sorted(dice.sample([value for value, _label in HALF_DAYS], dice.randint(1, 3)))
            place.language = "en" if dice.random() < 0.15 else "fr"
        place.save()
        if state == State.YES:
            _build_talks(dice, place)


def _build_talks(dice, place):
    year = place.campaign.school_year
    for number in sorted(dice.sample(range(1, 7), dice.choice([1, 1, 2, 2, 3]))):
        group, _created = ClassGroup.objects.get_or_create(
            school=place.school,
            school_year=year,
            name=f"1re {number}",
            defaults={"level": "1G", "head_count": dice.randint(24, 35)},
        )
        CampaignTalk.objects.create(place=place, class_group=group)


def _build_speakers(dice, campaign, volunteers):
    """Most have said their wishes; the first students of the demonstration are still asked."""
    schools = list(campaign.schools.values_list("school", flat=True))
    now = timezone.now()
    rows = []
    for number, volunteer in enumerate(volunteers[:110]):
        has_answered = number >= 3 and dice.random() < 0.85
        speaker = CampaignSpeaker(campaign=campaign, volunteer=volunteer, invited_at=now - dt.timedelta(days=9))
        if has_answered:
            speaker.answered_at = now - dt.timedelta(days=dice.randint(0, 6))
            speaker.state = CampaignSpeaker.State.YES if dice.random() < 0.9 else CampaignSpeaker.State.NO
        if speaker.state == CampaignSpeaker.State.YES:
            speaker.weeks = sorted(dice.sample(campaign.mondays, dice.randint(2, 6)))
            speaker.half_days = sorted(dice.sample([value for value, _label in HALF_DAYS], dice.randint(2, 6)))
            speaker.travel_minutes = dice.choice([45, 60, 90, 120])
            speaker.own_school_id = dice.choice(schools) if dice.random() < 0.6 else None
            speaker.leaves_from_home = bool(speaker.own_school_id) and dice.random() < 0.6
            speaker.most_talks = dice.choice([1, 2, 2, 3])
            speaker.gender = dice.choices(["woman", "man", "other", ""], [40, 42, 2, 16])[0]
        rows.append(speaker)
    CampaignSpeaker.objects.bulk_create(rows)
