"""Where people register by themselves: for a date, or for an activity as a whole; signed in, by the link of a family, or
as anybody."""

from allauth.core.ratelimit import respond_429
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from participants.accounts import links
from participants.accounts.answers import settle
from participants.accounts.roles import Permission
from participants.people import family_links, limits
from participants.people.models import Guardian
from programs.activities import actions, health, place_links, priority, registration
from programs.activities import limits as place_limits
from programs.activities.forms.places import RegisterClassForm, RegisterGuestForm, RegisterPupilForm
from programs.activities.models import Activity, AskedQuestion, Session

Audience = Activity.Audience
REGISTRATIONS_AN_HOUR = 60


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def session_register(request, pk):
    """Register for one date."""
    session = _open_session(pk)
    return _to_the_whole(session) or _register(request, session)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def activity_register(request, pk):
    """Register for an activity that is booked as a whole."""
    return _register(request, _open_activity(pk))


@links.opened_with(family_links.read)
@require_http_methods(["GET", "HEAD", "POST"])
def session_register_child(request, link, pk):
    """Register a child for one date, by the personal link of a family."""
    session = _open_session(pk)
    return (link and _to_the_whole(session, link.token)) or _register_child(request, link, session)


@links.opened_with(family_links.read)
@require_http_methods(["GET", "HEAD", "POST"])
def activity_register_child(request, link, pk):
    """Register a child for an activity that is booked as a whole, by the personal link of a family."""
    return _register_child(request, link, _open_activity(pk))


def _register_child(request, link, place):
    activity = place_limits.activity_of(place)
    if link is None or Audience.PUPILS not in activity.registration_for:
        raise Http404
    language = link.guardian.language if link.guardian else get_language()
    with translation.override(language):
        pupils = registration.pupils_of_family(link.person)
        asked, agreement = health.askable(_asked(activity), pupils, link.person)
        form = RegisterPupilForm(*_said(request, "pupil"), pupils=pupils, asked=asked, agreement=agreement)
        if form.is_bound and form.is_valid():
            said = form.facts() | {"answers": form.answers(), "agreed_by": link.person if form.is_agreed else None}
            booking = settle(form, actions.register_pupil, place=place, **said)
            if booking:
                return redirect(place_links.url(booking, link.person))
        return _page(request, place, [form])


def _open_session(pk):
    sessions = Session.objects.taking_registrations().select_related("activity", "school", "campus")
    return get_object_or_404(sessions, pk=pk)


def _open_activity(pk):
    activities = Activity.objects.taking_registrations().booked_as_a_whole()
    return get_object_or_404(activities.select_related("organisation"), pk=pk)


def _to_the_whole(session, token=""):
    """Away to what is booked as a whole, whichever of its dates one came from."""
    return redirect(registration.address(session, token)) if session.activity.is_booked_as_a_whole else None


def _register(request, place):
    activity = place_limits.activity_of(place)
    forms = _forms(request, activity)
    if not forms and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if request.method == "POST":
        if limits.asks_too_often(request, what="registration", most=REGISTRATIONS_AN_HOUR):
            return respond_429(request)
        answer = next((_take(request, place, form) for form in forms if form.is_bound and form.is_valid()), None)
        if answer:
            return answer
    return _page(request, place, forms)


def _forms(request, activity):
    """One form for each way in which this person may register."""
    user, audiences, asked = request.user, set(activity.registration_for), _asked(activity)
    found = []
    if user.is_authenticated:
        if Audience.CLASSES in audiences and user.can(Permission.REQUEST_MAKE):
            classes = registration.classes_of(user, activity)
            found.append(RegisterClassForm(*_said(request, "class"), prefix="class", asked=asked, classes=classes))
        pupils = registration.pupils_of(user, activity)
        if Audience.PUPILS in audiences and pupils:
            asked_of_pupil, agreement = health.askable(asked, pupils, user)
            of_pupil = {"pupils": pupils, "asked": asked_of_pupil, "agreement": agreement}
            found.append(RegisterPupilForm(*_said(request, "pupil"), prefix="pupil", **of_pupil))
    if Audience.PUBLIC in audiences:
        found.append(RegisterGuestForm(*_said(request, "public"), prefix="public", asked=asked))
    return found


def _asked(activity):
    """The questions at registration."""
    asked = activity.asked.filter(moment=AskedQuestion.Moment.REGISTRATION)
    return list(asked.select_related("question", "only_if__question"))


def _said(request, kind):
    """What was sent with this form, files included."""
    is_this = request.method == "POST" and request.POST.get("kind") == kind
    return (request.POST, request.FILES) if is_this else (None, None)


def _take(request, place, form):
    """Do what the form says; where to go on, or nothing when it was refused."""
    said = form.facts() | {"answers": form.answers()}
    if form.kind == "public":
        done = settle(form, actions.register_guest, place=place, language=get_language()[:2], **said)
        return done and redirect(f"{request.path}?done")
    act = actions.register_class if form.kind == "class" else actions.register_pupil
    if form.is_agreed:
        said["agreed_by"] = request.user
    booking = settle(form, act, place=place, by=request.user, **said)
    return booking and redirect(_seen_by(request.user, booking))


def _seen_by(user, booking):
    """The page of the booking; who registers a child that another has registered already sees it as the guardian."""
    if booking.booked_by_id == user.pk:
        return place_links.url(booking, user)
    guardian = Guardian.objects.filter(user=user, guardianships__pupil=booking.pupil_id).first()
    return place_links.url(booking, guardian) if guardian else booking.place


def _page(request, place, forms):
    activity = place_limits.activity_of(place)
    session = place if isinstance(place, Session) else None
    counts = place_limits.counts(place, place_limits.Held(activity))
    context = {
        "session": session,
        "activity": activity,
        "dates": registration.dates_of_whole(place),
        "forms": forms,
        "others": set(activity.registration_for) - {Audience.PUBLIC} if request.user.is_anonymous else (),
        "is_done": "done" in request.GET and request.method == "GET",
        "free": min(count.free for count in counts if count.code in {"place", "all"}),
        "counts": [count for count in counts if count.code.startswith("level")],
        "order": priority.order_in_words(activity),
        "priorities": priority.in_words(activity),
    }
    return render(request, "programs/activities/register.html", context)
