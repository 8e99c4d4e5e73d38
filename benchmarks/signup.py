"""Signing up through the real web path: a crowd on the places of one session, then on many sessions with room.

An attempt is the form posted as a browser with scripts does it, and the answer read: in ours the piece of the page that
changed, in the reference the page. `without_scripts` is what a browser without scripts waits for: the form posted, the
redirect followed and the whole page read, beside the same reference; no contract.

Every limit is active: each activity has ten dates, seats over all of them, a cap of the school, a quota and the rule of
two adults, for whom a pupil waits in line at each date: the second volunteer of a date sets an offer going.
"""

import json
import os
import random
import statistics
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from itertools import cycle, islice

from django.conf import settings
from django.db import connection
from django.utils import timezone

from benchmarks.crowd import open_sessions, storm
from benchmarks.figures import Figure
from benchmarks.servers import web
from eocenter.local.state import ROOT
from participants.accounts.models import Grant, User
from participants.accounts.roles import Role
from participants.organisations.levels import Level
from participants.organisations.models import Organisation, School
from participants.organisations.school_years import current_school_year, school_year_dates
from participants.people.models import Enrolment, Pupil, Volunteer
from programs.activities.models import Activity, Assignment, Booking, LevelQuota, Programme, Session

AT_A_TIME = 32
DATES = 10  # of one activity, whose limits bind them together
OURS, REFERENCE = "/sessions/{}/join/", "/join/{}/"
SCRIPTS = {"HX-Request": "true", "HX-Target": "part"}
BARE = {"DJANGO_SETTINGS_MODULE": "benchmarks.bare.settings"}
SIZES = {  # people, places, sessions with room, sessions each of them takes, runs
    "small": (100, 10, 40, 2, 2),
    "full": (500, 50, 200, 4, 3),
}


def measure(size):
    people, places, wide, each, runs = SIZES[size]
    ours = build(people, places, 2 * runs, wide * runs)
    bare = build_bare(people, places, runs, wide * runs)
    found = {"ours": [], "bare": []}
    plain, wrong = [], {"oversold": 0, "errors": 0}
    with web() as port, web("benchmarks.bare.wsgi:application", **BARE) as bare_port:
        warm_up(port, OURS, ours)
        warm_up(bare_port, REFERENCE, bare)
        for run in range(runs):
            rooms = slice(run * wide, (run + 1) * wide)
            found["bare"].append(onslaught(bare_port, REFERENCE, bare, run, rooms, each))
            found["ours"].append(onslaught(port, OURS, ours, run, rooms, each, **SCRIPTS))
            plain.append(storm(port, crowd(OURS, ours["hot"][runs + run :], ours["sessions"]), AT_A_TIME))
            wrong["errors"] += sum(outcome.errors for outcome in (*found["ours"][-1], plain[-1]))
            wrong["oversold"] += wrong_rooms(ours["wide"][rooms], people * each)
            wrong["oversold"] += sum(wrong_places(ours["hot"][hot], people, places) for hot in (run, runs + run))
    bursts, steadies = zip(*found["ours"], strict=True)
    bare_bursts, bare_steadies = zip(*found["bare"], strict=True)
    return [
        *figures("burst", bursts, bare_bursts),
        *figures("steady", steadies, bare_steadies),
        replace(figures("without_scripts", plain, bare_bursts)[0], must=0),
        *(Figure(part=part, ours=count, must=0, unit="times", less_is_better=True) for part, count in wrong.items()),
    ]


def onslaught(port, path, world, run, rooms, each, **headers):
    """A crowd on the places of one session, then everybody on several of many."""
    return (
        storm(port, crowd(path, world["hot"][run:], world["sessions"]), AT_A_TIME, **headers),
        storm(port, spread(path, world["wide"][rooms], world["sessions"], each), AT_A_TIME, **headers),
    )


def figures(part, ours, bare):
    def median(runs, what):
        return statistics.median(getattr(run, what) for run in runs)

    rates = {"ours": median(ours, "per_second"), "reference": median(bare, "per_second")}
    waits = {"ours": median(ours, "p99"), "reference": median(bare, "p99")}
    return [
        Figure(part=part, **rates, must=0.30, unit="attempts/s"),
        Figure(part=f"{part}_p99", **waits, must=0.25, unit="ms", less_is_better=True),
    ]


def crowd(path, sessions, keys):
    """Everybody wants the same one."""
    return [(path.format(sessions[0]), key) for key in keys]


def spread(path, sessions, keys, each):
    """Each person takes some of many, never the same twice; who comes when has no order, and is the same in each run."""
    wanted = cycle(sessions)
    attempts = [(path.format(pk), key) for key in keys for pk in islice(wanted, each)]
    random.Random(len(attempts)).shuffle(attempts)
    return attempts


def warm_up(port, path, world):
    """The first requests load code and open connections: that is not what is measured."""
    storm(port, [(path.format(world["hot"][-1]), key) for key in world["sessions"][:AT_A_TIME]], AT_A_TIME)


def wrong_places(session, people, places):
    """How many people are not where they should be: `places` confirmed, the others in line."""
    states = Assignment.objects.filter(session=session)
    confirmed, in_line = states.confirmed().count(), states.in_line().count()
    return abs(confirmed - places) + abs(in_line - (people - places))


def wrong_rooms(sessions, attempts):
    return abs(Assignment.objects.filter(session__in=sessions).confirmed().count() - attempts)


def build(people, places, hot, wide):
    """People who may sign up, and sessions that never overlap."""
    organisation = Organisation.objects.create(kind=Organisation.Kind.MEMBER_SCHOOL, name="École")
    users = User.objects.bulk_create(
        [User(email=f"person{number}@example.org", name=f"Person {number}", password="!") for number in range(people)]
    )
    Grant.objects.bulk_create([Grant(user=user, role=Role.VOLUNTEER) for user in users])
    Volunteer.objects.bulk_create(
        [
            Volunteer(user=user, first_name="Person", last_name=str(number), member_school=organisation)
            for number, user in enumerate(users)
        ]
    )
    sessions = build_sessions(organisation, [places] * (hot + 1) + [people] * wide)
    connection.cursor().execute("ANALYZE")
    keys = open_sessions(users, settings.AUTHENTICATION_BACKENDS[0])
    return {"sessions": keys, "hot": sessions[: hot + 1], "wide": sessions[hot + 1 :]}


def build_sessions(organisation, places):
    programme = Programme.objects.create(
        code="bench",
        name_fr="Interventions",
        pillar=Programme.Pillar.AWARENESS,
        lead=organisation,
        starts_on=school_year_dates(current_school_year())[0],
    )
    activities = Activity.objects.bulk_create(
        Activity(
            programme=programme,
            organisation=organisation,
            school_year=current_school_year(),
            kind=Activity.Kind.TALK,
            title_fr=f"Intervention {number}",
            seats_in_all=40 * DATES,
            school_cap=40 * DATES,
            needs_two_adults=True,
        )
        for number in range(len(places) // DATES + 1)
    )
    LevelQuota.objects.bulk_create(
        LevelQuota(activity=activity, levels=[Level.L2GT], seats=40 * DATES) for activity in activities
    )
    school = School.objects.create(uai="0910625K", name="Lycée", kind=School.Kind.LYCEE_GT, commune="Massy")
    start = timezone.now() + timedelta(days=30)
    rows = [
        Session(
            activity=activities[number // DATES],
            school=school,
            starts_at=start + timedelta(hours=3 * number),
            ends_at=start + timedelta(hours=3 * number + 2),
            seats=30,
            volunteer_places=number_of_places,
        )
        for number, number_of_places in enumerate(places)
    ]
    sessions = Session.objects.bulk_create(rows)
    a_line(school, sessions)
    return [session.pk for session in sessions]


def a_line(school, sessions):
    """A pupil in line for each date, until two adults are confirmed: every limit that young people have is active."""
    day = timezone.localdate().replace(year=timezone.localdate().year - 16, day=1)
    pupils = Pupil.objects.bulk_create(
        [Pupil(first_name="Lou", last_name=f"Pupil {n}", birth_date=day, sex="F") for n in range(len(sessions))]
    )
    year = current_school_year()
    Enrolment.objects.bulk_create(
        [Enrolment(pupil=pupil, school=school, school_year=year, level=Level.L2GT) for pupil in pupils]
    )
    Booking.objects.bulk_create(
        [
            Booking(session=session, pupil=pupil, school=school, seats=1, stage=Booking.Stage.WAITLISTED)
            for session, pupil in zip(sessions, pupils, strict=True)
        ]
    )


def build_bare(people, places, hot, wide):
    numbers = [str(number) for number in (people, places, hot + 1, wide)]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "benchmarks.bare.fill", *numbers],
        cwd=ROOT,
        env=os.environ | BARE,
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout)
