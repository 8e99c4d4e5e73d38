"""Pupils for those who work with them: the list, the record, entry and correction, notes."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from participants.accounts.answers import attempt, need, settle
from participants.accounts.paging import MOST, BoundedPaginator
from participants.accounts.roles import Permission
from participants.organisations.models import Organisation, School
from participants.organisations.school_years import current_school_year, school_year_label
from participants.people import actions, consents, criteria, histories, pupil_panels, questions
from participants.people.ages import DECIDES_ALONE
from participants.people.duplicates.candidates import similar_to
from participants.people.duplicates.scoring import EVIDENCE
from participants.people.forms import NoteForm, PupilEntryForm, PupilFilterForm, PupilForm
from participants.people.models import (
    Enrolment,
    Guardianship,
    Pupil,
    PupilNote,
    Purpose,
    Study,
    schools_to_manage,
    sees_all,
)
from participants.people.rights import looks

PAGE_SIZE = 50
ALIKE = 5


def pupil_list(request):
    """The pupils one works with, of one school year."""
    need(request, Permission.PUPIL_VIEW)
    user = request.user
    reaches_all = sees_all(user)
    own = [] if reaches_all else list(School.objects.of(user, Permission.PUPIL_VIEW).order_by("sort_name"))
    form = PupilFilterForm(request.GET, is_of_school=len(own) == 1)
    pupils = Pupil.objects.visible_to(user)
    pupils = form.pupils(pupils) if form.is_valid() else pupils.none()
    paginator = BoundedPaginator(pupils.order_by("sort_name", "pk"), PAGE_SIZE, most=MOST)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": _rows(page.object_list, form.year_shown),
        "form": form,
        "most": MOST,
        "reaches_all": reaches_all,
        "year": school_year_label(form.year_shown),
        "can_manage": user.can(Permission.PUPIL_MANAGE),
        "can_export": user.can(Permission.PUPIL_EXPORT),
        "is_filtered": bool(form.changed_data),
    }
    return render(request, "participants/people/pupil_list.html", context)


def _rows(pupils, year):
    """(pupil, school year, whether taking part is allowed) for one page, in a fixed number of queries."""
    of_year = Enrolment.objects.filter(school_year=year).select_related("school", "class_group")
    pupils = list(pupils.prefetch_related(Prefetch("enrolments", of_year, to_attr="years")))
    found = Pupil.objects.filter(pk__in=[pupil.pk for pupil in pupils])
    allowed = set(consents.allowed(found, Purpose.TAKING_PART).values_list("pk", flat=True))
    return [(pupil, pupil.years[0] if pupil.years else None, pupil.pk in allowed) for pupil in pupils]


def pupil_detail(request, pk):
    """The record of a pupil, or the part of it that the reader needs for the work."""
    pupil = visible_pupil(request, pk)
    user = request.user
    looks.note(user, pupil)
    reads = Pupil.objects.recorded_for(user).filter(pk=pk).exists()
    manages = Pupil.objects.managed_by(user).filter(pk=pk).exists()
    notes = PupilNote.objects.visible_to(user).filter(pupil=pupil).select_related("author")
    context = {
        "pupil": pupil,
        "years": _years(pupil) if reads else [],
        "now": pupil.enrolments.select_related("school", "class_group").order_by("-school_year").first(),
        "reads": reads,
        "manages": manages,
        "sees_notes": manages or user.can(Permission.RIGHTS_HANDLE),
        "follows": _studies_url(pupil, user),
        "studies": Study.objects.visible_to(user).filter(pupil=pupil).select_related("member_school"),
        "notes": notes if manages or user.can(Permission.RIGHTS_HANDLE) else [],
        "note_form": NoteForm() if manages else None,
        "guardianships": _guardians(pupil, user),
        "consents": _consents(pupil, user) if reads else [],
        "reads_ledger": manages and user.can(Permission.CONSENT_MANAGE),
        "this_year": current_school_year(),
        "panels": [
            {"title": panel.title, "content": render_to_string(panel.template, panel.context, request)}
            for panel in pupil_panels.panels_of(pupil, user)
        ],
    }
    return render(request, "participants/people/pupil_detail.html", context)


def _studies_url(pupil, user):
    """Where this user notes what the pupil studies after the bac: one's own page, or that of the record."""
    if pupil.user_id == user.pk:
        return reverse("people:own-studies") if pupil.age >= DECIDES_ALONE else ""
    follows = Pupil.objects.followed_by(user).filter(pk=pupil.pk).exists()
    return reverse("people:pupil-studies", args=[pupil.pk]) if follows else ""


def visible_pupil(request, pk):
    return get_object_or_404(Pupil.objects.visible_to(request.user), pk=pk)


def managed_pupil(request, pk):
    """A pupil whose record one corrects, which is also a look at it."""
    pupil = get_object_or_404(Pupil.objects.managed_by(request.user), pk=pk)
    looks.note(request.user, pupil)
    return pupil


def _guardians(pupil, user):
    links = Guardianship.objects.visible_to(user).filter(pupil=pupil)
    if not user.can(Permission.PUPIL_VIEW):
        return []  # a family has its own pages; what one parent wrote is not for the other
    return links.select_related("guardian").order_by("rank")


def _years(pupil):
    """(school year, its criteria) newest first; the facts of the schools in one query."""
    years = pupil.enrolments.select_related("school", "class_group").prefetch_related("school__profiles")
    return [
        (year, criteria.of_year(pupil, year, criteria.facts_of_school(year.school.profiles.all(), year.school_year)))
        for year in years.order_by("-school_year")
    ]


def _consents(pupil, user):
    """(purpose, whether it is allowed today): all of them for those who read the ledger, else those a school follows."""
    purposes = Purpose if user.can(Permission.CONSENT_MANAGE) else questions.SCHOOL_SEES
    return [(purpose.label, consents.is_allowed(pupil.pk, purpose)) for purpose in purposes]


def pupil_new(request):
    """Enter a pupil: first the school, where there are several."""
    need(request, Permission.PUPIL_MANAGE)
    school = chosen_school(request)
    if school is None:
        return choose_school(request, _("Enter a pupil"))
    form = PupilEntryForm(request.POST or None, school=school)
    alike = _alike(form, school, request.user) if request.method == "POST" and form.is_valid() else []
    if request.method == "POST" and form.is_valid() and ("is_new" in request.POST or not alike):
        pupil = settle(
            form,
            actions.enter_pupil,
            school=school,
            school_year=current_school_year(),
            by=request.user,
            level=form.cleaned_data["level"],
            class_name=form.cleaned_data["class_name"],
            **form.person(),
        )
        if pupil:
            messages.success(request, _("%(name)s is entered.") % {"name": pupil})
            return redirect(pupil)
    year = school_year_label(current_school_year())
    context = {"form": form, "school": school, "year": year, "alike": alike}
    return render(request, "participants/people/pupil_new.html", context)


def _alike(form, school, user):
    """(pupil, why) of those who may be the same person, among those whom the user sees."""
    told = [form.cleaned_data[name] for name in ("first_name", "last_name", "birth_date")]
    among = Pupil.objects.visible_to(user)
    found = similar_to(*told, school, year=current_school_year(), among=among)
    return [(similar.pupil, [EVIDENCE[code][0] for code in similar.codes]) for similar in found[:ALIKE]]


def chosen_school(request):
    """The school of ?school=, else the only one that the user manages; none when it is still to be chosen."""
    schools = schools_to_manage(request.user).pickable()
    asked = request.GET.get("school", "")
    if asked:
        return get_object_or_404(schools, pk=asked) if asked.isdigit() and len(asked) < 10 else _absent()
    few = list(schools[:2]) if not Organisation.objects.reaches_center(request.user, Permission.PUPIL_MANAGE) else []
    return few[0] if len(few) == 1 else None


def choose_school(request, title, pupil=None):
    """A search among the schools whose pupils the user manages; the choice comes back as ?school=."""
    text = request.GET.get("q", "").strip()[:200]
    schools = schools_to_manage(request.user).pickable()
    everything = Organisation.objects.reaches_center(request.user, Permission.PUPIL_MANAGE)
    if text:
        schools = schools.search(text).select_related("departement")[:10]
    else:
        schools = [] if everything else schools.select_related("departement").order_by("sort_name")[:20]
    context = {"title": title, "text": text, "schools": schools, "back": request.path, "pupil": pupil}
    return render(request, "participants/people/pupil_school.html", context)


def _absent():
    raise Http404


def pupil_edit(request, pk):
    """Correct who the pupil is."""
    pupil = managed_pupil(request, pk)
    form = PupilForm(request.POST or None, instance=Pupil.objects.get(pk=pk))
    if request.method == "POST" and form.is_valid():
        done = settle(form, actions.correct_pupil, pupil=pupil, by=request.user, **form.person())
        if done:
            messages.success(request, _("The record is corrected."))
            return redirect(pupil)
    return render(request, "participants/people/pupil_edit.html", {"form": form, "pupil": pupil})


def pupil_history(request, pk):
    """Who changed what in the record, and when."""
    pupil = managed_pupil(request, pk)
    context = {"pupil": pupil, "lines": histories.of_pupil(pupil)}
    return render(request, "participants/people/pupil_history.html", context)


@require_POST
def note_write(request, pk):
    """Keep a note about a pupil."""
    pupil = managed_pupil(request, pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The note is empty or too long: write up to 1,000 characters."))
    else:
        attempt(request, actions.write_note, pupil=pupil, text=form.cleaned_data["text"], by=request.user)
    return redirect(f"{pupil.get_absolute_url()}#notes")


@require_POST
def note_remove(request, pk):
    """Take a note away."""
    notes = PupilNote.objects.filter(pupil__in=Pupil.objects.managed_by(request.user))
    note = get_object_or_404(notes.select_related("pupil"), pk=pk)
    pupil = note.pupil
    attempt(request, actions.remove_note, _("The note is removed."), note=note, by=request.user)
    return redirect(f"{pupil.get_absolute_url()}#notes")
