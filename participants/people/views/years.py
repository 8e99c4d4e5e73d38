"""The school years of a pupil: enrolled, corrected, facts told, moved to another school, left."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from participants.accounts.answers import attempt, settle
from participants.organisations.school_years import school_year_label
from participants.people import actions
from participants.people.forms import EnrolForm, FactsForm, YearForm
from participants.people.models import Enrolment, Pupil, schools_to_manage
from participants.people.rights import looks
from participants.people.views.pupils import choose_school, chosen_school, managed_pupil


def pupil_enrol(request, pk):
    """Write another school year for a pupil."""
    pupil = managed_pupil(request, pk)
    school = chosen_school(request)
    if school is None:
        return choose_school(request, _("Add a school year"), pupil)
    form = EnrolForm(request.POST or None, pupil=pupil, school=school)
    if request.method == "POST" and form.is_valid():
        done = settle(form, actions.enrol, pupil=pupil, school=school, by=request.user, **form.cleaned_data)
        if done:
            year = {"year": done.year_label}
            messages.success(request, _("The school year %(year)s is written.") % year)
            return redirect(pupil)
    return render(request, "participants/people/pupil_enrol.html", {"form": form, "pupil": pupil, "school": school})


def enrolment_edit(request, pk):
    """Correct the class and the level of a year."""
    enrolment = _managed_year(request, pk)
    form = YearForm(request.POST or None, instance=enrolment)
    if request.method == "POST" and form.is_valid():
        done = settle(form, actions.change_year, enrolment=enrolment, by=request.user, **form.cleaned_data)
        if done:
            messages.success(request, _("The school year is corrected."))
            return redirect(enrolment.pupil)
    context = {"form": form, "enrolment": enrolment, "pupil": enrolment.pupil}
    return render(request, "participants/people/pupil_year.html", context)


def enrolment_facts(request, pk):
    """Note the facts of a year, each with its source."""
    enrolment = _managed_year(request, pk)
    form = FactsForm(request.POST or None, instance=Enrolment.objects.get(pk=pk))
    if request.method == "POST" and form.is_valid():
        done = settle(form, actions.tell_facts, enrolment=enrolment, by=request.user, **form.facts())
        if done:
            messages.success(request, _("The facts are noted."))
            return redirect(enrolment.pupil)
    context = {"form": form, "enrolment": enrolment, "pupil": enrolment.pupil}
    return render(request, "participants/people/pupil_facts.html", context)


def enrolment_move(request, pk):
    """The pupil goes to another school within the year."""
    enrolment = _managed_year(request, pk)
    school = _other_school(request, enrolment)
    if school is None:
        return choose_school(request, _("Change school"), enrolment.pupil)
    if request.method == "POST":
        text = _("%(name)s is now in %(school)s.") % {"name": enrolment.pupil, "school": school}
        done = attempt(request, actions.move_to_school, text, enrolment=enrolment, school=school, by=request.user)
        return redirect(enrolment.pupil if done else "people:pupil-list")
    context = {"enrolment": enrolment, "pupil": enrolment.pupil, "school": school}
    return render(request, "participants/people/pupil_move.html", context)


@require_POST
def enrolment_state(request, pk, has_left):
    """The pupil has left the school, or is back."""
    enrolment = _managed_year(request, pk)
    act = actions.leave_school if has_left else actions.return_to_school
    year = {"name": enrolment.pupil, "year": school_year_label(enrolment.school_year)}
    text = _("%(name)s left the school in %(year)s.") if has_left else _("%(name)s is in the school in %(year)s.")
    attempt(request, act, text % year, enrolment=enrolment, by=request.user)
    return redirect(enrolment.pupil)


def _managed_year(request, pk):
    """A year that the user may correct: of a pupil they manage, in a school they manage. They have looked at it then."""
    years = Enrolment.objects.filter(
        pupil__in=Pupil.objects.managed_by(request.user), school__in=schools_to_manage(request.user)
    )
    year = get_object_or_404(years.select_related("pupil", "school", "class_group"), pk=pk)
    looks.note(request.user, year.pupil)
    return year


def _other_school(request, enrolment):
    """The school of ?school=, among those whose pupils the user manages."""
    asked = request.GET.get("school", "")
    if not asked:
        return None
    if not asked.isdigit() or len(asked) > 9:
        raise Http404
    return get_object_or_404(schools_to_manage(request.user).pickable().exclude(pk=enrolment.school_id), pk=asked)
