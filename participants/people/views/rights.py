"""What people ask about their data, for those who answer them."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from participants.accounts.answers import number_in
from participants.accounts.paging import BoundedPaginator, bounded_count, said
from participants.accounts.roles import Permission
from participants.people import actions
from participants.people.forms.rights import AnswerForm, RightsRequestForm, correction_form
from participants.people.models import Look, Pupil, RightsRequest
from participants.people.rights import archive, erasure, looks, relations

PAGE_SIZE = 50
FOUND = 20


def need(request, permission):
    """A page that is not for you does not exist; these are for those who work on the whole center."""
    if not request.user.can_everywhere(permission):
        raise Http404


def right_list(request):
    """Every request, the next due first."""
    need(request, Permission.RIGHTS_HANDLE)
    requests = RightsRequest.objects.visible_to(request.user)
    shows_all = request.GET.get("show") == "all"
    shown = requests.order_by("-received_on", "-pk") if shows_all else requests.open().order_by("due_on", "pk")
    tabs = [
        {
            "label": _("To answer"),
            "url": "?",
            "is_current": not shows_all,
            "count": said(bounded_count(requests.open())),
        },
        {"label": _("All"), "url": "?show=all", "is_current": shows_all, "count": said(bounded_count(requests))},
    ]
    page = BoundedPaginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    overdue = bounded_count(requests.overdue())
    return render(request, "participants/people/right_list.html", {"page": page, "tabs": tabs, "overdue": overdue})


def right_new(request):
    """Write down what somebody asks."""
    need(request, Permission.RIGHTS_HANDLE)
    form = RightsRequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        opened = actions.open_request(**form.cleaned_data, by=request.user)
        messages.success(request, _("The request is written down. Now find the record that it is about."))
        return redirect(opened)
    return render(request, "participants/people/right_new.html", {"form": form})


def right_detail(request, pk):
    """One request: the record that it is about, what to do, what was answered."""
    asked = _asked(request, pk)
    person = _person(request, asked)
    words = request.GET.get("q", asked.about if person is None else "").strip()
    context = {
        "asked": asked,
        "person": person,
        "words": words,
        "found": _search(request, asked.subject, words) if asked.is_open and words else [],
        "form": AnswerForm(),
        "archives": archive.made_for(asked),
    }
    return render(request, "participants/people/right_detail.html", context)


@require_POST
def right_person(request, pk):
    """Say which record it is."""
    asked = _asked(request, pk)
    person = _everybody(asked.subject).filter(pk=number_in(request.POST.get("person", ""))).first()
    if person is None:
        messages.error(request, _("Choose one of the records below."))
        return redirect(asked)
    _attempt(request, lambda: actions.name_person(request=asked, person=person, by=request.user), _("Record chosen."))
    return redirect(asked)


def right_correct(request, pk):
    """Correct what is wrong in the record; the request is answered by it."""
    asked = _asked(request, pk)
    person = _person_or_404(request, asked)
    form = correction_form(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        changes = {name: value for name, value in form.cleaned_data.items() if name in form.changed_data}
        reason = changes.pop("reason", "")
        done = _("Corrected. The history keeps the former value and the reason.")
        if _attempt(
            request,
            lambda: actions.correct_person(
                request=asked, person=person, changes=changes, reason=reason, by=request.user
            ),
            done,
        ):
            return redirect(asked)
    return render(request, "participants/people/right_correct.html", {"asked": asked, "person": person, "form": form})


def right_erase(request, pk):
    """First what would go and what would stay; then do it."""
    asked = _asked(request, pk)
    person = _person_or_404(request, asked)
    if request.method == "POST":
        done = _("Erased. The figures have not changed.")
        if _attempt(request, lambda: actions.erase_person(request=asked, by=request.user), done):
            return redirect("people:right-list")
        return redirect(asked)
    context = {
        "asked": asked,
        "person": person,
        "lines": erasure.preview(person),
        "holds": relations.holds_on(person),
    }
    return render(request, "participants/people/right_erase.html", context)


@require_POST
def right_archive(request, pk):
    """Put together everything about the person; the file waits under "My files"."""
    asked = _asked(request, pk)
    person = _person_or_404(request, asked)
    job = actions.start_archive(kind=asked.subject, pk=person.pk, by=request.user, request=asked)
    return redirect(job)


@require_POST
def right_answer(request, pk):
    """Write down how it ended."""
    asked = _asked(request, pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        context = {"asked": asked, "person": _person(request, asked), "words": "", "found": [], "form": form}
        context["archives"] = archive.made_for(asked)
        return render(request, "participants/people/right_detail.html", context)
    _attempt(
        request,
        lambda: actions.answer_request(request=asked, **form.cleaned_data, by=request.user),
        _("Answered."),
    )
    return redirect(asked)


def own_data(request):
    """Everything about oneself, and about one's children, as a file for oneself alone."""
    choices = _own(request.user)
    if not choices:
        raise Http404
    if request.method == "POST":
        kind, _dot, number = request.POST.get("who", "").partition(".")
        if (kind, number) in {(c["kind"], str(c["pk"])) for c in choices}:
            return redirect(actions.start_archive(kind=kind, pk=int(number), by=request.user))
        messages.error(request, _("Choose one of the records below."))
    return render(request, "participants/people/own_data.html", {"choices": choices})


def _own(user):
    people = [person for model in relations.PERSONS for person in model.objects.filter(user=user)]
    people += [pupil for pupil in Pupil.objects.named().filter(guardianships__guardian__user=user) if pupil.is_minor]
    return [
        {"kind": person._meta.model_name, "pk": person.pk, "name": str(person), "what": person._meta.verbose_name}
        for person in people
    ]


def _asked(request, pk):
    need(request, Permission.RIGHTS_HANDLE)
    return get_object_or_404(RightsRequest.objects.visible_to(request.user), pk=pk)


def _everybody(kind):
    model = erasure.model_of(kind)
    return model.objects.named() if hasattr(model.objects, "named") else model.objects.all()


def _person(request, asked):
    """The record that the request is about, if it is found; that a pupil's was shown is noted."""
    person = asked.subject_id and _everybody(asked.subject).filter(pk=asked.subject_id).first()
    if person and asked.subject == "pupil":
        looks.note(request.user, [person], Look.What.PAGE)
    return person


def _person_or_404(request, asked):
    person = _person(request, asked) if asked.is_open else None
    if person is None:
        raise Http404
    return person


def _search(request, kind, words):
    """The records whose name holds every word; that pupils were shown is noted."""
    found = _everybody(kind)
    for word in words.split():
        found = found.filter(sort_name__holds=word)
    found = list(found.order_by("sort_name", "pk")[:FOUND])
    if kind == "pupil":
        looks.note(request.user, found, Look.What.PAGE)
    return found


def _attempt(request, action, done):
    """Do it and say so; or say why not. Whether it was done."""
    try:
        action()
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return False
    messages.success(request, done)
    return True
