"""Wednesday afternoons by name: sessions, tutors, who was there, who has a seat."""

import datetime as dt

from eocenter.demonstration import voices
from participants.organisations.models import School
from participants.organisations.school_years import current_school_year
from participants.people.models import Pupil, Volunteer
from programs.activities.models import Activity, Assignment, Attendance, Booking

SESSIONS_A_YEAR = 8
GROUP = 24


def build_tutoring(work, rosters: dict[School, list[Pupil]], tutor: Volunteer):
    """One activity a school in the year of `work`; `tutor` holds a place in the next session of the first school."""
    for number, (school, pupils) in enumerate(rosters.items()):
        if pupils:
            activity = _build_school(work, school, pupils[:GROUP], tutor if number == 0 else None)
            if number == 0 and work.year == current_school_year():
                voices.build_list_of_today(work, activity, tutor)


def _build_school(work, school, pupils, tutor):
    activity = Activity.objects.create(
        programme=work.programmes["tutoring"],
        organisation=work.organisations["Numérique"],
        school_year=work.year,
        kind=Activity.Kind.SCHOOL_TUTORING,
        title_fr=f"Tutorat au {school.name[0].lower()}{school.name[1:]}",
        title_en=f"Tutoring at {school.name}",
        volunteers_needed=3,
        seats=GROUP + 6,
    )
    day = dt.date(work.year, 10, 1)
    for _number in range(SESSIONS_A_YEAR):
        day = work.day_for(school, day, weekday=2)
        session = work.build_session(activity, day, school=school, hour=14)
        if tutor and day >= work.today and tutor.pk not in work.diary.busy[day]:
            work.diary.busy[day].add(tutor.pk)
            Assignment.objects.create(volunteer=tutor, session=session, role="tutor", state="confirmed")
            tutor = None
        else:
            work.staff(session, day)
        if day < work.today:
            _call_roll(work.dice, session, pupils)
        day += dt.timedelta(days=14)
    stage = Booking.Stage.COMPLETED if day < work.today else Booking.Stage.CONFIRMED
    Booking.objects.bulk_create(
        Booking(activity=activity, pupil=pupil, stage=stage, booked_by=work.coordinator) for pupil in pupils
    )
    return activity


def _call_roll(dice, session, pupils):
    statuses = dice.choices(["present", "late", "excused", "absent"], [82, 6, 7, 5], k=len(pupils))
    Attendance.objects.bulk_create(
        Attendance(session=session, pupil=pupil, status=status, minutes=120 if status in Attendance.WAS_THERE else 0)
        for pupil, status in zip(pupils, statuses, strict=True)
    )
