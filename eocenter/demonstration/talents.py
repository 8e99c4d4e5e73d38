"""The talent pool: young people of the tutoring who came in by every door, nominations of the teacher, and a round of
invitations to a visit of laboratories that is open to pupils."""

import datetime as dt

from django.utils import timezone

from participants.accounts.text import fold
from participants.people.ages import DECIDES_ALONE
from participants.people.consents import valid_until
from participants.people.models import Consent, ConsentText, Pupil, Purpose
from programs.activities.models import Activity, Booking
from programs.awareness import actions
from programs.awareness.models import Nomination, PoolEntry, PoolInvitation, PoolRound, SelfEntry

AHEAD = dt.timedelta(days=30)
DOORS = {"nomination": 45, "self": 25, "event": 20, "guardian": 10}


def build_pool(work, rosters, teacher):
    """Two in three of this year's pupils of the tutoring; the pupil of the demonstration among them, with her own
    word."""
    people = [(school, pupil) for school, pupils in rosters.items() for pupil in pupils]
    chosen = [pair for pair in people if work.dice.random() < 0.66 or pair[1].user_id]
    moment = timezone.now() - dt.timedelta(days=40)
    PoolEntry.objects.bulk_create(
        [
            PoolEntry(
                pupil=pupil,
                door="self" if pupil.user_id else work.dice.choices(list(DOORS), list(DOORS.values()))[0],
                entered_at=moment + dt.timedelta(hours=number),
            )
            for number, (_school, pupil) in enumerate(chosen)
        ],
        ignore_conflicts=True,
    )
    _nominate(work, chosen, teacher)
    _reach([pupil for _school, pupil in chosen])
    own_word(work, [pupil for _school, pupil in chosen if pupil.user_id])
    _invite(work, chosen)
    _at_the_door(chosen)


def _nominate(work, chosen, teacher):
    """What the teacher of the demonstration said of the pupils of the own school."""
    own = set(teacher.posts.values_list("school", flat=True))
    Nomination.objects.bulk_create(
        Nomination(
            pupil=pupil,
            school=school,
            school_year=work.year,
            nominated_by=teacher.user,
            is_curious="yes",
            works_hard=work.dice.choice(["yes", "unknown"]),
            does_not_dare=work.dice.choice(["yes", "no", "unknown"]),
            lacks_examples=work.dice.choice(["yes", "unknown"]),
        )
        for school, pupil in chosen[:12]
        if school.pk in own
    )


def _reach(pupils):
    """Whoever decides alone has an address of their own."""
    grown = [pupil for pupil in pupils if pupil.age >= DECIDES_ALONE]
    for pupil in grown:
        pupil.email = f"{fold(pupil.first_name).replace(' ', '-')}.{pupil.pk}@jeunes.example.org"
    Pupil.objects.bulk_update(grown, ["email"])


def own_word(work, pupils):
    """These agree to be followed, by their own word, whatever was said before."""
    text = ConsentText.objects.current().get(purpose=Purpose.FOLLOW_UP)
    today = timezone.localdate()
    for pupil in pupils:
        Consent.objects.filter(pupil=pupil, purpose=text.purpose, replaced_at=None).delete()
        Consent.objects.create(
            pupil=pupil,
            purpose=text.purpose,
            text=text,
            decision="given",
            channel="account" if pupil.user_id else "link",
            school_year=work.year,
            said_at=timezone.now(),
            valid_until=valid_until(pupil.birth_date, today, each_school_year=text.each_school_year),
        )


def _at_the_door(chosen):
    """One of the tutoring writes by themselves as if nobody knew them: a coordinator decides."""
    school, pupil = next(pair for pair in chosen if pair[1].age >= DECIDES_ALONE and not pair[1].user_id)
    email = f"{fold(pupil.first_name).replace(' ', '-')}@ailleurs.example.org"
    actions.ask_to_come_in(
        school=school,
        language="fr",
        first_name=pupil.first_name,
        last_name=pupil.last_name.upper(),
        birth_date=pupil.birth_date,
        level=pupil.enrolments.latest("school_year").level,
        email=email,
        guardian_email="",
    )
    actions.come_in(entry=SelfEntry.objects.get(email=email), signature=str(pupil))


def _invite(work, chosen):
    """A visit for lycées with a date to come, and a round a month ago of whom some have a seat."""
    activity = Activity.objects.create(
        programme=work.programmes["open-days"],
        organisation=work.organisations["Plateau"],
        school_year=work.year,
        kind=Activity.Kind.CAMPUS_DAY,
        title_fr="Une journée au laboratoire",
        title_en="A day in the laboratory",
        levels=["2GT", "1G", "TG", "1T", "TT"],
        registration_for=[Activity.Audience.PUPILS],
        is_public=True,
    )
    day = work.day_for(next(iter(work.contacts)), work.today + AHEAD, weekday=2)
    session = work.build_session(activity, day, campus=work.organisations["Plateau"], seats=60, hour=14)
    made = PoolRound.objects.create(
        activity=activity,
        reason="Vous venez au tutorat et aimez chercher : venez voir des chercheuses à l’œuvre.",
        filters={"status": "tutoring"},
        made_at=timezone.now() - dt.timedelta(days=20),
        made_by=work.coordinator,
    )
    may = PoolEntry.objects.contactable().filter(pupil__in=[pupil for _school, pupil in chosen])
    invited = list(may.select_related("pupil").order_by("pk")[:25])
    PoolInvitation.objects.bulk_create(
        PoolInvitation(round=made, pupil=entry.pupil, activity=activity, invited_on=made.made_at.date())
        for entry in invited
    )
    for entry in invited[:9]:
        Booking.objects.create(session=session, pupil=entry.pupil, stage="confirmed")
