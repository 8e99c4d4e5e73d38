"""The roll call: on a phone with or without network, and on a plain page."""

import json
from collections import defaultdict

from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from participants.accounts.answers import attempt, need
from participants.accounts.roles import Permission
from participants.people.models import Look
from participants.people.rights import looks
from programs.activities import actions, roll, roll_shell, roll_words
from programs.activities.actions.roll import REFUSED, StillRunning
from programs.activities.counters import source_of


def app(request):
    """The shell of the app: no list and no name stands in it, so that the phone may keep it."""
    need(request, Permission.HEADCOUNT_CONFIRM)
    return render(request, "programs/activities/roll/app.html", roll_shell.context())


@require_GET
def worker(request):
    """The service worker, served from the folder of the app so that it reaches no other page."""
    need(request, Permission.HEADCOUNT_CONFIRM)
    response = HttpResponse(roll_shell.worker(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@require_GET
def manifest(request):
    """What a phone needs to put the app on its first screen."""
    need(request, Permission.HEADCOUNT_CONFIRM)
    return JsonResponse(roll_shell.manifest(), content_type="application/manifest+json")


@never_cache
@require_GET
def lists(request):
    """The lists of today and tomorrow, and nothing outside this window. That they went to a phone leaves a trace."""
    need(request, Permission.HEADCOUNT_CONFIRM)
    return _answer(request, roll.window(roll_words.callable_by(request.user)))


@never_cache
@require_POST
def words(request):
    """Take what a phone brings; the answer says what became of each word, and what stands now."""
    need(request, Permission.HEADCOUNT_CONFIRM)
    try:
        body = json.loads(request.body)
        is_readable = isinstance(body, dict) and isinstance(body.get("words"), list)
    except ValueError:
        is_readable = False
    if not is_readable or len(body["words"]) > roll_words.MOST_WORDS:
        return JsonResponse({"why": _("This cannot be read.")}, status=400)
    said, answers = roll_words.read(body)
    by_session = defaultdict(list)
    for session_id, entry in said:
        by_session[session_id].append(entry)
    sessions = {session.pk: session for session in roll_words.callable_by(request.user).filter(pk__in=by_session)}
    try:
        for pk, entries in by_session.items():
            answers += _take(request.user, sessions.get(pk), entries)
    except StillRunning:
        return JsonResponse({"why": _("This is being saved already.")}, status=409)
    return _answer(request, roll.window(roll_words.callable_by(request.user).filter(pk__in=by_session)), answers)


def plain(request):
    """The sessions of today and tomorrow, for whoever prefers a page, or has no scripts."""
    need(request, Permission.HEADCOUNT_CONFIRM)
    sessions = roll.window(roll_words.callable_by(request.user))
    return render(request, "programs/activities/roll/plain.html", {"sessions": sessions})


def session_roll(request, pk):
    """One list as a form: by name where pupils are booked, else the way to the number."""
    need(request, Permission.HEADCOUNT_CONFIRM)
    session = get_object_or_404(roll_words.callable_by(request.user), pk=pk)
    pupils, _classes = roll.callable_in(session, request.user)
    form = roll_words.PlainForm(request.POST or None, session=session, pupils=pupils)
    if request.method == "POST" and form.is_valid() and _took(request, session, form, pupils):
        return redirect("activities:session-roll", session.pk)
    context = {"session": session, "form": form, "opens_at": session.starts_at - roll.OPENS_BEFORE}
    return render(request, "programs/activities/roll/session.html", context)


def _took(request, session, form, pupils):
    text = _("It is noted.")
    numbers = {"pupils": {pupil.pk for pupil in pupils}, "classes": set()}
    source = source_of(session, request.user)
    try:
        return attempt(
            request, actions.take_roll, text,
            session=session, by=request.user, source=source, words=form.entries(), **numbers,
        ) is not None  # fmt: skip
    except StillRunning:
        return True


def _take(user, session, entries):
    """What became of the words about one session."""
    if session is None:
        return _refused(entries, _("This list is not yours any more."))
    pupils, classes = roll.callable_in(session, user)
    try:
        done = actions.take_roll(
            session=session,
            by=user,
            source=source_of(session, user),
            words=entries,
            pupils={pupil.pk for pupil in pupils},
            classes={class_group and class_group.pk for class_group in classes},
        )
    except ValidationError as refusal:
        return _refused(entries, " ".join(refusal.messages))
    return [{"nonce": str(nonce), "outcome": answer.outcome, "why": answer.why} for nonce, answer in done.items()]


def _refused(entries, why):
    return [{"nonce": str(entry.nonce), "outcome": REFUSED, "why": why} for entry in entries]


def _answer(request, sessions, answers=()):
    found = roll_words.lists(sessions, request.user, request.session.get_expiry_date())
    looks.note(request.user, {pupil["id"] for each in found for pupil in each["pupils"]}, Look.What.EXPORT)
    told = {
        "csrf": get_token(request),
        "owner": roll_words.owner_mark(request.user),
        "now": roll_words.milliseconds(timezone.now()),
        "lists": found,
        "answers": list(answers),
    }
    return JsonResponse(told)
