"""Feedback: the page that pupils open by a QR code, the teacher's by a link, what the answers come to."""

from allauth.account.adapter import get_adapter
from allauth.core.ratelimit import respond_429
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from participants.accounts import links
from participants.accounts.answers import need
from participants.accounts.roles import Permission
from participants.organisations.school_years import current_school_year, school_year_label
from programs.activities import actions, feedback, tickets
from programs.activities.forms.feedback import SheetForm
from programs.activities.models import Assignment, Booking, Programme, Questionnaire, Session
from programs.activities.occasions import FEEDBACK_PURPOSE

COOKIE_LASTS = 7 * 24 * 3600
SHEETS_A_MINUTE = 120
WHO = {feedback.PUPILS: _("Pupils"), feedback.TEACHER: _("Teachers"), feedback.SPEAKER: _("Speakers")}


@login_not_required
@never_cache
def feedback_give(request, code):
    """Three questions to a pupil: no account, no name, and nothing kept of who asks. A device that has answered is
    thanked; that is a courtesy, not a lock."""
    session = feedback.of_code(code)
    if session is None:
        raise Http404
    if request.method == "POST" and _count(request) > SHEETS_A_MINUTE:
        return respond_429(request)
    cookie = f"feedback-{session.pk}"
    response = _sheet(request, session, feedback.PUPILS, has_answered=cookie in request.COOKIES)
    if response.status_code == 302:
        response.set_cookie(
            cookie, "1", COOKIE_LASTS, path=request.path, secure=request.is_secure(), httponly=True, samesite="Lax"
        )
    return response


@links.opened_by(FEEDBACK_PURPOSE)
def feedback_teacher(request, link):
    """Three questions to a teacher, from the mail of the day after."""
    session = get_object_or_404(
        Session.objects.roll_called_by(link.user).select_related("activity", "school", "campus"), pk=link.object_id
    )
    with translation.override(link.user.language):
        return _sheet(request, session, feedback.TEACHER, by=link.user)


def feedback_own(request, pk):
    """The same to a teacher who has scanned the square of the session, or opens its page: by signing in."""
    called = Session.objects.roll_called_by(request.user)
    booked = called.filter(bookings__in=Booking.objects.live().filter(booked_by=request.user))
    session = get_object_or_404(booked.distinct().select_related("activity", "school", "campus"), pk=pk)
    return _sheet(request, session, feedback.TEACHER, by=request.user)


def feedback_speaker(request, pk):
    """Three questions to whoever held a place in the session."""
    sessions = Session.objects.filter(
        assignments__in=Assignment.objects.confirmed().filter(volunteer__user=request.user).values("pk")
    )
    session = get_object_or_404(sessions.select_related("activity", "school", "campus"), pk=pk)
    return _sheet(request, session, feedback.SPEAKER, by=request.user)


def _sheet(request, session, audience, by=None, *, has_answered=False):
    questions = feedback.asked(session, audience)
    is_open = bool(questions) and feedback.is_open(session, audience)
    form = SheetForm(request.POST or None, questions=questions)
    if request.method == "POST" and is_open and form.is_valid():
        said = {"nonce": form.cleaned_data["nonce"], "replies": form.replies()}
        try:
            actions.give_feedback(session=session, audience=audience, by=by, **said)
            return redirect(f"{request.path}?thanks")
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
    is_thanks = request.method == "GET" and ("thanks" in request.GET or has_answered)
    context = {"session": session, "form": form, "is_open": is_open, "is_thanks": is_thanks, "is_adult": bool(by)}
    return render(request, "programs/activities/feedback/sheet.html", context)


def _count(request):
    """How many sheets came from this address within the minute; the address itself is not kept."""
    address = salted_hmac("activities.feedback.limit", get_adapter().get_client_ip(request)).hexdigest()
    key = f"limit:feedback:{address}"
    cache.add(key, 0, timeout=60)
    try:
        return cache.incr(key)
    except ValueError:  # the minute ended between the two
        return 0


def session_feedback(request, pk):
    """The QR code, large: on the wall, on a phone held up, on paper."""
    session = _called(request, pk)
    address = feedback.address_of(session)
    context = {"session": session, "address": address, "drawing": tickets.drawn(address)}
    return render(request, "programs/activities/feedback/code.html", context)


def session_feedback_results(request, pk):
    """What the answers to one session come to: all of it for those who run it; for those who took part, what the pupils
    said, from five sheets on."""
    session = _called(request, pk)
    is_inside = Session.objects.managed_by(request.user).filter(pk=pk).exists()
    of_pupils = session.feedback.filter(questionnaire__audience=feedback.PUPILS)
    of_teachers = session.feedback.filter(questionnaire__audience=feedback.TEACHER)
    of_speakers = session.feedback.filter(questionnaire__audience=feedback.SPEAKER)
    number = of_pupils.count()
    is_hidden = not is_inside and number < feedback.THRESHOLD
    context = {
        "session": session,
        "is_inside": is_inside,
        "is_hidden": is_hidden,
        "number": None if is_hidden else number,
        "threshold": feedback.THRESHOLD,
        "results": [] if is_hidden else feedback.results(of_pupils, feedback.PUPILS),
        "teacher_results": feedback.results(of_teachers, feedback.TEACHER) if is_inside else [],
        "words": feedback.words(of_teachers) if is_inside else [],
        "speaker_results": feedback.results(of_speakers, feedback.SPEAKER) if is_inside else [],
        "speaker_words": feedback.words(of_speakers) if is_inside else [],
    }
    return render(request, "programs/activities/feedback/session.html", context)


def feedback_results(request):
    """By programme in one school year, and from year to year, of pupils, teachers or speakers: for those who run them."""
    need(request, Permission.SESSION_MANAGE)
    audiences = Questionnaire.Audience
    of = request.GET.get("of") if request.GET.get("of") in audiences.values else audiences.PUPILS.value
    counts, means = feedback.by_year(request.user, of)
    years = sorted({*counts, current_school_year()}, reverse=True)
    chosen = request.GET.get("year", "")
    year = int(chosen) if chosen.isdecimal() and int(chosen) in years else years[0]
    sheets, programme_means, questions = feedback.by_programme(request.user, of, year)
    programmes = Programme.objects.visible_to(request.user).filter(pk__in=sheets)
    context = {
        "audiences": [_tab(WHO[each], of=each.value, year=year, is_current=each == of) for each in audiences],
        "tabs": [_tab(school_year_label(each), of=of, year=each, is_current=each == year) for each in years],
        "questions": questions.values(),
        "rows": [(each, sheets[each.pk], _in_order(questions, programme_means[each.pk])) for each in programmes],
        "years": [(school_year_label(each), counts.get(each, 0), _in_order(questions, means[each])) for each in years],
        "versions": Questionnaire.objects.filter(audience=of),
    }
    return render(request, "programs/activities/feedback/results.html", context)


def _tab(label, *, of, year, is_current):
    return {"label": label, "url": f"?of={of}&year={year}", "is_current": is_current, "count": None}


def _in_order(questions, means):
    return [(question, means.get(code)) for code, question in questions.items()]


def _called(request, pk):
    return get_object_or_404(
        Session.objects.roll_called_by(request.user).select_related("activity", "school", "campus"), pk=pk
    )
