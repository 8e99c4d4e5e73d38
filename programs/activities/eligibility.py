"""Whether a volunteer may join a session, and if not, the sentence that says why and what to do. Reads only."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from participants.accounts.dates import say_day, say_span
from participants.accounts.roles import Permission
from participants.people.models import Clearance
from programs.activities.models import Activity, Assignment


def check(*, session, volunteer):
    """Raise the first reason for which this volunteer cannot join, clashes apart."""
    check_session(session)
    check_registration(session)
    check_volunteer(session, volunteer)


def check_session(session):
    """A session that is cancelled or has begun takes nobody any more."""
    if not session.is_planned:
        raise ValidationError(_("This session is cancelled. Look for another one in the list."))
    if session.has_begun:
        raise ValidationError(_("This session has begun: nobody can join any more."))


def check_registration(session):
    """Volunteers sign up while the window of the activity is open; staff may place them at any time."""
    activity = session.activity
    if activity.is_registration_open:
        return
    opens_at = activity.registration_opens_at
    if activity.state == Activity.State.OPEN and opens_at and opens_at > timezone.now():
        day = say_day(opens_at)
        raise ValidationError(_("Registration opens on %(day)s: come back then.") % {"day": day})
    raise ValidationError(_("Registration is closed. Ask the team of the center whether a place is left."))


def check_volunteer(session, volunteer):
    """Active, recognised, and with every clearance that the activity asks for on the day of the session."""
    day = session.local_start.date()
    if volunteer.ended_on and volunteer.ended_on < day:
        raise ValidationError(_("Your time as a volunteer ends before that day. Write to the center to go on."))
    if not volunteer.user.can(Permission.SESSION_JOIN):
        raise ValidationError(_("The center has not approved your profile yet. You can sign up as soon as it has."))
    if missing := missing_clearances(session, volunteer):
        names = ", ".join(str(Clearance.Kind(kind).label) for kind in missing)
        raise ValidationError(
            _("This session needs: %(names)s. Send it to the center, then sign up.") % {"names": names}
        )


def may_join(session, volunteer) -> bool:
    try:
        check_volunteer(session, volunteer)
    except ValidationError:
        return False
    return True


def missing_clearances(session, volunteer):
    """The clearances asked for that the volunteer does not hold on the day of the session."""
    required = session.activity.required_clearances
    if not required:
        return []
    held = set(volunteer.clearances.valid_on(session.local_start.date()).values_list("kind", flat=True))
    if volunteer.charter_signed_at:
        held.add(Clearance.Kind.CHARTER)
    return [kind for kind in required if kind not in held]


def clash_of(session, volunteer, start=None, end=None):
    """The commitment that overlaps the session (or the times it shall have), if any."""
    commitments = Assignment.objects.clashing_with(start or session.starts_at, end or session.ends_at)
    return (
        commitments.filter(volunteer=volunteer)
        .exclude(session=session)
        .select_related("session__activity", "session__school", "session__campus")
        .first()
    )


def check_clash(session, volunteer):
    """Nobody stands in two places at once."""
    clash = clash_of(session, volunteer)
    if clash:
        raise ValidationError(clash_sentence(clash.session), code="clash")


def clash_sentence(other):
    """Which commitment is in the way, and what to do."""
    return _("You are already taking part in “%(title)s”, %(when)s. Withdraw from it first.") % {
        "title": other.activity.title,
        "when": say_span(other.starts_at, other.ends_at, other.zone),
    }


def refusal(session, volunteer):
    """The sentence, or nothing when the volunteer may join."""
    try:
        check(session=session, volunteer=volunteer)
        check_clash(session, volunteer)
    except ValidationError as reason:
        return " ".join(reason.messages)
    return ""
