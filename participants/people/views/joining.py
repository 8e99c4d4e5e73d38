"""The two doors, and the people that staff follow."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST

from participants.accounts.answers import attempt, need
from participants.accounts.paging import BoundedPaginator
from participants.accounts.roles import Permission
from participants.organisations.limits import search_limited
from participants.organisations.models import School
from participants.people import actions, doors
from participants.people.forms import ContactJoinForm, PeopleFilterForm, VolunteerForm, VolunteerJoinForm
from participants.people.models import SchoolPost, Volunteer

PAGE_SIZE = 50
VOLUNTEER_STATES = [("waiting", _lazy("waiting for approval")), ("recognised", _lazy("recognised"))]


@login_not_required
@search_limited
def contact_join(request):
    """First step of a school contact: which school?"""
    text = request.GET.get("q", "").strip()
    schools = School.objects.offered(text)
    return render(request, "participants/people/contact_join.html", {"text": text, "schools": schools})


@login_not_required
def contact_join_school(request, pk):
    """Second step: who are you? Then a code proves the address."""
    school = get_object_or_404(School.objects.pickable(), pk=pk)
    form = ContactJoinForm(request.POST or None, user=request.user, initial={"language": get_language()})
    if request.method == "POST" and form.is_valid():
        profile = {name: form.cleaned_data[name] for name in ("first_name", "last_name", "function", "subject")}
        answer = _enter(request, form, {"kind": "contact", "school": school.pk, "profile": profile})
        if answer:
            return answer
    return render(request, "participants/people/contact_join_school.html", {"school": school, "form": form})


@login_not_required
def volunteer_join(request):
    """A student or an alumnus comes in."""
    if request.user.is_authenticated and hasattr(request.user, "volunteer"):
        return redirect("people:volunteer-profile")
    form = VolunteerJoinForm(request.POST or None, user=request.user, initial={"language": get_language()})
    if request.method == "POST" and form.is_valid():
        answer = _enter(request, form, {"kind": "volunteer", "profile": doors.plain(form.profile())})
        if answer:
            return answer
    return render(request, "participants/people/volunteer_join.html", {"form": form})


def _enter(request, form, claim):
    """Settle the claim of somebody whose address is proven, else send the code; None when the form has an error."""
    if request.user.is_authenticated and doors.has_proven_address(request.user):
        doors.settle(request.user, claim)
        return redirect("home")
    email = request.user.email if request.user.is_authenticated else form.cleaned_data["email"]
    refused = doors.knock(
        request,
        email=email,
        name=f"{form.cleaned_data['first_name']} {form.cleaned_data['last_name']}",
        language=form.cleaned_data.get("language") or get_language(),
        claim=claim,
    )
    if refused:
        form.add_error("email" if "email" in form.fields else None, refused.errors.as_data()["email"])
        return None
    return redirect(f"{reverse('account_confirm_login_code')}?next={reverse('home')}")


def volunteer_profile(request):
    """A volunteer's own page."""
    volunteer = get_object_or_404(Volunteer, user=request.user)
    form = VolunteerForm(request.POST or None, instance=volunteer)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your profile is saved."))
        return redirect("people:volunteer-profile")
    return render(
        request,
        "participants/people/volunteer_profile.html",
        {"form": form, "clearances": volunteer.clearances.all()},
    )


def contact_list(request):
    """School contacts and their posts; those that wait for a decision come first."""
    need(request, Permission.CONTACT_VIEW)
    form = PeopleFilterForm(request.GET, states=SchoolPost.State.choices)
    posts = SchoolPost.objects.visible_to(request.user).select_related("contact__user", "school")
    if form.is_valid():
        posts = _named(posts, form.cleaned_data["q"], "contact__")
        if form.cleaned_data["state"]:
            posts = posts.filter(state=form.cleaned_data["state"])
    posts = posts.waiting_first()
    page = BoundedPaginator(posts, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "participants/people/contact_list.html", {"page": page, "form": form})


@require_POST
def post_decide(request, pk, decision):
    """Approve, refuse or end a post."""
    need(request, Permission.CONTACT_APPROVE)
    post = get_object_or_404(SchoolPost.objects.visible_to(request.user), pk=pk)
    act = {"approve": actions.approve_post, "refuse": actions.refuse_post, "end": actions.end_post}[decision]
    attempt(request, act, _("Done: the contact sees it at the next page."), post=post, by=request.user)
    return redirect("people:contact-list")


def volunteer_list(request):
    """Volunteers that one follows."""
    need(request, Permission.VOLUNTEER_VIEW)
    form = PeopleFilterForm(request.GET, states=VOLUNTEER_STATES)
    volunteers = Volunteer.objects.visible_to(request.user).select_related("user", "member_school", "club")
    volunteers = volunteers.with_recognition()
    if form.is_valid():
        volunteers = _named(volunteers, form.cleaned_data["q"], "")
        if form.cleaned_data["state"]:
            volunteers = volunteers.filter(is_recognised=form.cleaned_data["state"] == "recognised")
    page = BoundedPaginator(volunteers.order_by("sort_name", "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "participants/people/volunteer_list.html", {"page": page, "form": form})


@require_POST
def volunteer_approve(request, pk):
    """Let a volunteer sign up for sessions."""
    need(request, Permission.CONTACT_APPROVE)
    volunteer = get_object_or_404(Volunteer.objects.visible_to(request.user), pk=pk)
    attempt(
        request,
        actions.approve_volunteer,
        _("%(name)s can now sign up for sessions.") % {"name": volunteer},
        volunteer=volunteer,
        by=request.user,
    )
    return redirect("people:volunteer-list")


def _named(queryset, text, prefix):
    """Those whose name holds this text, accents left aside; where nobody's does, those whose address holds it."""
    if not text:
        return queryset
    named = queryset.filter(**{f"{prefix}sort_name__holds": text})
    return named if named.exists() else queryset.filter(**{f"{prefix}user__email__holds": text})
