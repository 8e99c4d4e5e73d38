"""Whether somebody may register by themselves, and if not, the sentence that says why and what to do. Reads only."""

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from participants.accounts.dates import say_day, say_span
from participants.accounts.roles import Permission
from participants.organisations.levels import Level
from participants.organisations.models import ClassGroup, School
from participants.organisations.school_years import current_school_year
from participants.people import consents
from participants.people.ages import DECIDES_ALONE, born_by
from participants.people.family_offers import Offer
from participants.people.models import Enrolment, Guardian, Pupil, Purpose
from programs.activities.limits import activity_of
from programs.activities.models import Activity, Session

Audience = Activity.Audience
SHOWN = 20


def check(place, audience):
    """Raise why this audience cannot register for this date, or this activity, now."""
    activity = activity_of(place)
    if isinstance(place, Session):
        if not place.is_planned:
            raise ValidationError(_("This session is cancelled. Choose another one."))
        if place.has_begun:
            raise ValidationError(_("This session has begun: nobody can join any more."))
        if activity.is_booked_as_a_whole:
            raise ValidationError(_("All dates of this activity are booked together: register for the activity."))
    if audience not in activity.registration_for:
        raise ValidationError(_("This activity does not take such registrations. Write to the center."))
    if activity.is_registration_open:
        return
    opens_at = activity.registration_opens_at
    if activity.state == Activity.State.OPEN and opens_at and opens_at > timezone.now():
        raise ValidationError(_("Registration opens on %(day)s: come back then.") % {"day": say_day(opens_at)})
    raise ValidationError(_("Registration is closed. Ask the team of the center whether a place is left."))


def check_level(activity, level):
    """An activity for some levels takes no other; an unknown level is nobody's fault."""
    if activity.levels and level != Level.UNKNOWN and level not in activity.levels:
        said = ", ".join(activity.level_labels)
        raise ValidationError(_("This activity is for these levels: %(levels)s.") % {"levels": said})


def check_agreement(pupil):
    """A pupil takes part only when whoever must agree has done so."""
    if not consents.is_allowed(pupil.pk, Purpose.TAKING_PART):
        raise ValidationError(
            _("%(name)s may not take part yet: the agreement of the family is missing. Answer or ask for it first.")
            % {"name": pupil.first_name},
            code="agreement",
        )


def classes_of(user, activity):
    """The classes that this school contact may register."""
    schools = School.objects.of(user, Permission.REQUEST_MAKE)
    classes = ClassGroup.objects.for_school_year(activity.school_year).filter(school__in=schools)
    return classes.select_related("school").order_by("school__name", "name", "pk")


def pupils_of(user, activity):
    """The pupils that this user may register: oneself from 15, one's children, those of one's schools this year."""
    own = Pupil.objects.named().filter(user=user, birth_date__lte=_fifteen_ago())
    children = Pupil.objects.named().filter(guardianships__guardian__user=user)
    found = own.values("pk").union(children.values("pk"))
    if user.can(Permission.PUPIL_MANAGE):
        schools = School.objects.of(user, Permission.PUPIL_MANAGE)
        years = Enrolment.objects.filter(school_year=activity.school_year, school__in=schools, state="enrolled")
        found = found.union(years.values("pupil"))
    return Pupil.objects.named().filter(pk__in=found).order_by("sort_name", "pk")


def pupils_of_family(person):
    """The pupils for whom somebody behind a personal link speaks: one's children, or oneself."""
    if isinstance(person, Guardian):
        return Pupil.objects.named().filter(guardianships__guardian=person).order_by("sort_name", "pk")
    return Pupil.objects.named().filter(pk=person.pk)


def _fifteen_ago():
    today = timezone.localdate()
    return born_by(DECIDES_ALONE, today)


def open_to_family(person, token) -> list[Offer]:
    """What stands on the page of a family: the dates that take pupils of its children's levels now."""
    fitting = Activity.objects.for_levels(_levels_of(pupils_of_family(person)))
    fitting = fitting.filter(registration_for__contains=[Audience.PUPILS])
    sessions = Session.objects.taking_registrations().filter(activity__in=fitting)
    sessions = sessions.once_for_a_whole().select_related("activity", "school", "campus").order_by("starts_at", "pk")
    return [offer(session, token) for session in sessions[:SHOWN]]


def _levels_of(pupils) -> set[str]:
    """The levels of these pupils this school year."""
    years = Enrolment.objects.filter(pupil__in=pupils, school_year=current_school_year())
    known = dict(years.values_list("pupil", "level"))
    return {known.get(pupil.pk, Level.UNKNOWN) for pupil in pupils}


def dates_of_whole(place) -> list[Session]:
    """What one registers for at once, when it is not one date."""
    if isinstance(place, Session):
        return []
    return list(place.sessions.upcoming().select_related("school", "campus").order_by("starts_at", "pk"))


def offer(session, token="") -> Offer:
    """One line to choose: a date, or the first day of what is booked as a whole."""
    when = say_span(session.starts_at, session.ends_at, session.zone)
    if session.activity.is_booked_as_a_whole:
        when = _("from %(day)s") % {"day": say_day(session.starts_at)}
    return Offer(session.activity.title, f"{when} · {session.where}", address(session, token))


def address(session, token="") -> str:
    """Where one registers for this date, or for all of what it belongs to; with the token of a family, by its link."""
    name, pk = ("activity", session.activity_id) if session.activity.is_booked_as_a_whole else ("session", session.pk)
    if token:
        return reverse(f"activities:{name}-register-child", args=[token, pk])
    return reverse(f"activities:{name}-register", args=[pk])
