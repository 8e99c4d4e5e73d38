"""The counting rule read by a person with a pencil: slow, in plain Python, sharing nothing with the product's SQL."""

from collections import defaultdict

from programs.activities.models import Attendance, Headcount, Session


def circles_of(session):
    activity = session.activity
    return [
        ("all", 0),
        ("pillar", activity.programme.pillar),
        ("programme", activity.programme_id),
        ("organisation", activity.organisation_id),
    ]


def records():
    """Per circle and year: the head-counts and the presences of sessions that were not cancelled."""
    counts, presences = defaultdict(list), defaultdict(list)
    sessions = Session.objects.select_related("activity__programme").order_by("pk")
    live = {session.pk: session for session in sessions if session.state != "cancelled"}
    for headcount in Headcount.objects.select_related("class_group").order_by("pk"):
        if (session := live.get(headcount.session_id)) and headcount.total:
            for circle in circles_of(session):
                counts[(*circle, session.activity.school_year)].append((session, headcount))
    for attendance in Attendance.objects.select_related("pupil").order_by("pk"):
        if session := live.get(attendance.session_id):
            for circle in circles_of(session):
                presences[(*circle, session.activity.school_year)].append((session, attendance))
    return counts, presences


def known(*levels):
    return next((level for level in levels if level and level != "unknown"), "unknown")


def reach():
    """Every row that must stand in ReachUnit, as tuples."""
    counts, presences = records()
    rows = set()
    for key in counts.keys() | presences.keys():
        year = key[2]
        came, first = {}, {}
        for session, attendance in presences[key]:
            if attendance.status in {"present", "late", "left_early"}:
                pupil = attendance.pupil
                came[pupil] = pupil.enrolments.filter(school_year=year).first()
                moment = (session.starts_at, session.pk)
                if pupil not in first or moment < (first[pupil].starts_at, first[pupil].pk):
                    first[pupil] = session
        by_class = defaultdict(lambda: defaultdict(list))
        for session, headcount in counts[key]:
            if headcount.class_group:
                by_class[headcount.class_group][session].append(headcount)
            else:
                rows.add(row(key, session, headcount.level, session.school_id, headcounts=[headcount]))
        for class_group, by_session in by_class.items():
            best = min(
                by_session,
                key=lambda session: (-sum(h.total for h in by_session[session]), session.starts_at, session.pk),
            )
            named = [pupil for pupil, year_of in came.items() if year_of and year_of.class_group_id == class_group.pk]
            levels = defaultdict(list)
            if len(named) > sum(h.total for h in by_session[best]):
                best = min((first[pupil] for pupil in named), key=lambda session: (session.starts_at, session.pk))
                for pupil in named:
                    levels[known(came[pupil].level, class_group.level)].append(pupil)
                for level, pupils in levels.items():
                    rows.add(row(key, best, level, class_group.school_id, class_group.pk, pupils=pupils))
            else:
                for headcount in by_session[best]:
                    levels[known(headcount.level, class_group.level)].append(headcount)
                for level, headcounts in levels.items():
                    rows.add(row(key, best, level, class_group.school_id, class_group.pk, headcounts=headcounts))
        counted = {class_group.pk for class_group in by_class}
        for pupil, year_of in came.items():
            if year_of and year_of.class_group_id in counted:
                continue
            level = known(year_of and year_of.level, year_of and year_of.class_group and year_of.class_group.level)
            school = year_of.school_id if year_of else None
            rows.add(row(key, first[pupil], level, school, pupil_id=pupil.pk, pupils=[pupil]))
    return rows


def row(key, session, level, school_id, class_group_id=None, pupil_id=None, headcounts=(), pupils=()):
    count = sum(h.total for h in headcounts) + len(pupils)
    girls = sum(h.girls for h in headcounts) + sum(pupil.sex == "F" for pupil in pupils)
    boys = sum(h.boys for h in headcounts) + sum(pupil.sex == "M" for pupil in pupils)
    organisation_id = session.activity.organisation_id
    return (*key, level, school_id, organisation_id, class_group_id, pupil_id, session.pk, count, girls, boys)


def participations():
    """Every row that must stand in Participation, as tuples."""
    _, presences = records()
    rows = set()
    for key, all_of_key in presences.items():
        by_pupil = defaultdict(list)
        for session, attendance in all_of_key:
            by_pupil[attendance.pupil].append((session, attendance))
        for pupil, own in by_pupil.items():
            year_of = pupil.enrolments.filter(school_year=key[2]).first()
            level = known(year_of and year_of.level, year_of and year_of.class_group and year_of.class_group.level)
            came = [pair for pair in own if pair[1].status in {"present", "late", "left_early"}]
            session = min((pair[0] for pair in came or own), key=lambda s: (s.starts_at, s.pk))
            rows.add(
                (
                    *key,
                    level,
                    year_of.school_id if year_of else None,
                    session.activity.organisation_id,
                    pupil.pk,
                    pupil.sex,
                    year_of.class_group_id if year_of else None,
                    session.pk,
                    len(came),
                    len(own),
                    sum(attendance.minutes for _, attendance in own),
                )
            )
    return rows
