"""Who counts in a session: as whom, and whose heads. One answer for the page of the number and for the roll call."""

from participants.accounts.roles import Permission
from participants.organisations.models import School
from programs.activities.models import Assignment, Booking, Headcount, Session

Source = Headcount.Source


def sources_in_each(sessions, user) -> dict[int, str]:
    """As whom somebody counts, by number of the session: as the team, as one of those who give it, else as its school."""
    numbers = [session.pk for session in sessions]
    managed = Session.objects.managed_by(user).filter(pk__in=numbers).values_list("pk", flat=True)
    given = Assignment.objects.confirmed().filter(session__in=numbers, volunteer__user=user)
    found = dict.fromkeys(numbers, Source.SCHOOL)
    found |= dict.fromkeys(given.values_list("session", flat=True), Source.VOLUNTEER)
    return found | dict.fromkeys(managed, Source.STAFF)


def source_of(session, user) -> str:
    return sources_in_each([session], user)[session.pk]


def schools_of(user):
    """The schools whose classes somebody counts as their teacher."""
    return School.objects.of(user, Permission.REQUEST_MAKE)


def classes_in_each(sessions, user) -> dict[int, dict]:
    """Class -> seats, by number of the session, in the order of their names: of the own schools for a teacher, else of all,
    and then of the open public (None) that has seats."""
    sources = sources_in_each(sessions, user)
    schools = set(schools_of(user).values_list("pk", flat=True)) if Source.SCHOOL in sources.values() else set()
    found, public = {pk: {} for pk in sources}, dict.fromkeys(sources, 0)
    booked = Booking.objects.seated().filter(session__in=sources, pupil=None).select_related("class_group__school")
    for booking in booked.order_by("class_group__name", "pk"):
        sees_all = sources[booking.session_id] != Source.SCHOOL
        if booking.guest_id:
            public[booking.session_id] += booking.seats * sees_all
        elif sees_all or booking.class_group.school_id in schools:
            found[booking.session_id][booking.class_group] = booking.seats
    return {pk: classes | ({None: public[pk]} if public[pk] else {}) for pk, classes in found.items()}
