"""What awareness puts on the first page of a teacher."""

from django.db.models import Exists, OuterRef
from django.utils import timezone

from participants.accounts.roles import Permission
from participants.organisations.models import School
from programs.activities.models import Booking, Headcount, Session
from programs.awareness.models import CampaignSchool, CampaignSpeaker, TalkRequest


def of_teacher(user) -> dict:
    """One's open requests, the next sessions of one's schools, and those whose young people are still to be counted."""
    booked = Booking.objects.live().filter(
        session=OuterRef("pk"), class_group__school__in=School.objects.of(user, Permission.REQUEST_MAKE)
    )
    sessions = Session.objects.visible_to(user).filter(Exists(booked)).select_related("activity", "school", "campus")
    return {
        "requests": TalkRequest.objects.written_by(user)
        .filter(state__in=[TalkRequest.State.DRAFT, TalkRequest.State.SENT])
        .select_related("school"),
        "next_sessions": sessions.upcoming().order_by("starts_at", "pk"),
        "to_count": _uncounted(sessions),
    }


def campaigns_to_answer(user):
    """The campaigns to which one's schools are invited and have not answered."""
    own = School.objects.of(user, Permission.REQUEST_MAKE)
    places = CampaignSchool.objects.waiting().filter(school__in=own, campaign__last_week__gte=timezone.localdate())
    return places.select_related("campaign", "school").order_by("invited_at", "pk")


def wishes_to_say(user):
    """The campaigns in which one is asked to speak and has said nothing yet."""
    asked = CampaignSpeaker.objects.filter(volunteer__user=user, state=CampaignSpeaker.State.INVITED)
    return asked.filter(campaign__last_week__gte=timezone.localdate()).select_related("campaign").order_by("pk")


def _uncounted(sessions):
    """Past sessions with classes in them that nobody has counted, the newest first."""
    seats = Booking.objects.seated().filter(session=OuterRef("pk"), class_group__isnull=False)
    counts = Headcount.objects.filter(session=OuterRef("pk"))
    return sessions.past().filter(Exists(seats), ~Exists(counts)).order_by("-starts_at", "pk")
