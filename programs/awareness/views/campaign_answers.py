"""What schools and volunteers answer: an invitation behind a signed link, a yes or a no, the wishes of a student."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from participants.accounts import links
from participants.accounts.answers import attempt, settle
from participants.accounts.roles import Permission
from participants.organisations import calendar
from participants.organisations.models import ClassGroup, School
from participants.people.models import SchoolContact
from programs.awareness import actions, invitations
from programs.awareness.forms import HALF_DAY_ROWS, ClassFormSet, KnownClassesForm
from programs.awareness.forms.campaigns import NoForm, WishesOfSpeakerForm, YesForm
from programs.awareness.half_days import weeks_of
from programs.awareness.models import CampaignSchool, CampaignSpeaker


@links.opened_with(invitations.read_link)
def invitation(request, number):
    """What the letter says, once more, and the way to the answer: signed in for one's school, or the door for schools."""
    place = CampaignSchool.objects.exclude(state="chosen").filter(pk=number)
    place = place.select_related("campaign__organisation", "school").first()
    if place is None:
        raise Http404
    may_answer = request.user.is_authenticated and _own(request).filter(pk=place.pk).exists()
    if may_answer:
        return redirect("awareness:campaign-answer", place.pk)
    return render(request, "programs/awareness/campaign_invitation.html", {"place": place})


def campaign_answer(request, pk):
    """The yes of a school: its classes, weeks and half-days. It may change until the talks are planned."""
    place = get_object_or_404(_own(request).select_related("campaign", "school__departement"), pk=pk)
    contact = get_object_or_404(SchoolContact, user=request.user)
    weeks = _weeks_of_school(place)
    form = YesForm(request.POST or None, weeks=weeks, initial=_said(place))
    groups = ClassGroup.objects.filter(
        school=place.school, school_year=place.campaign.school_year, head_count__isnull=False
    )
    chosen = list(place.talks.values_list("class_group", flat=True))
    known = KnownClassesForm(request.POST or None, groups=groups, initial={"known": chosen})
    rows = ClassFormSet(request.POST or None, prefix="classes")
    if request.method == "POST" and all([form.is_valid(), known.is_valid(), rows.is_valid()]):
        said = settle(
            form,
            actions.say_yes,
            place=place,
            contact=contact,
            classes=known.entries() + rows.entries(),
            **form.cleaned_data,
        )
        if said:
            messages.success(request, _("Thank you! We look for students and write to you as soon as a date is found."))
            return redirect("awareness:campaign-answer", pk)
    context = _time_context(form, weeks) | {
        "place": place,
        "form": form,
        "known": known,
        "has_known": groups.exists(),
        "rows": rows,
        "no_form": NoForm(),
        "talks": place.talks.select_related("class_group", "session").order_by("pk"),
    }
    return render(request, "programs/awareness/campaign_answer.html", context)


@require_POST
def campaign_refuse(request, pk):
    """The no of a school."""
    place = get_object_or_404(_own(request), pk=pk)
    contact = get_object_or_404(SchoolContact, user=request.user)
    form = NoForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a reason: it tells us whether to ask again next year."))
    else:
        done = _("Thank you for your answer. You can still change it below.")
        attempt(request, actions.say_no, done, place=place, contact=contact, **form.cleaned_data)
    return redirect("awareness:campaign-answer", pk)


def campaign_wishes(request, pk):
    """What a volunteer wishes, on one page for a phone."""
    speaker = get_object_or_404(_asked(request), pk=pk)
    weeks = weeks_of(speaker.campaign.mondays, {}, timezone.localdate())
    form = WishesOfSpeakerForm(request.POST or None, weeks=weeks, initial=_wished(speaker))
    if (
        request.method == "POST"
        and form.is_valid()
        and settle(form, actions.say_wishes, speaker=speaker, **form.wishes())
    ):
        messages.success(request, _("Thank you! You hear from us as soon as the plan stands."))
        return redirect("awareness:campaign-wishes", pk)
    context = _time_context(form, weeks) | {"speaker": speaker, "campaign": speaker.campaign, "form": form}
    return render(request, "programs/awareness/campaign_wishes.html", context)


@require_POST
def campaign_stay_out(request, pk):
    """A volunteer does not take part this time."""
    speaker = get_object_or_404(_asked(request), pk=pk)
    attempt(request, actions.stay_out, _("Noted: not this time. You can still change your mind here."), speaker=speaker)
    return redirect("awareness:campaign-wishes", pk)


def _own(request):
    """What the schools were asked for which one speaks."""
    own = School.objects.of(request.user, Permission.REQUEST_MAKE)
    return CampaignSchool.objects.visible_to(request.user).filter(school__in=own).exclude(state="chosen")


def _asked(request):
    """One's own wishes."""
    return (
        CampaignSpeaker.objects.visible_to(request.user)
        .filter(volunteer__user=request.user)
        .select_related("campaign", "own_school", "volunteer__member_school")
    )


def _weeks_of_school(place):
    campaign = place.campaign
    off = calendar.days_off(place.school, campaign.first_week, campaign.last_day)
    return weeks_of(campaign.mondays, off, timezone.localdate())


def _time_context(form, weeks):
    """What the weeks and half-days of the form are drawn from."""
    return {
        "weeks": weeks,
        "half_day_rows": HALF_DAY_ROWS,
        "chosen_weeks": form["weeks"].value() or [],
        "chosen_half_days": form["half_days"].value() or [],
    }


def _said(place):
    return {
        "weeks": [week.isoformat() for week in place.weeks],
        "half_days": place.half_days,
        "language": place.language,
        "note": place.note,
    }


def _wished(speaker):
    return {
        "weeks": [week.isoformat() for week in speaker.weeks],
        "half_days": speaker.half_days,
        "most_talks": speaker.most_talks,
        "travel_minutes": speaker.travel_minutes,
        "own_school_name": str(speaker.own_school or ""),
        "leaves_from_home": speaker.leaves_from_home,
        "gender": speaker.gender,
    }
