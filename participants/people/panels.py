"""What people show on the page of a school, and on that of a family."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from participants.accounts.roles import Permission
from participants.organisations.panels import Panel
from participants.people.family_offers import Offer
from participants.people.models import Pupil, Roster, SchoolPost
from participants.people.studies import OLD_ENOUGH

SHOWN = 3


def of_school(school, user):
    """Its contacts, for those who see contacts."""
    if not user.can(Permission.CONTACT_VIEW):
        return None
    posts = SchoolPost.objects.visible_to(user).filter(school=school, state__in=SchoolPost.LIVE)
    context = {"posts": [*posts.select_related("contact__user").waiting_first()]}
    return Panel(_("Contacts"), "participants/people/includes/school_contacts.html", context)


def rosters_of_school(school, user):
    """Its last class lists, and the way to send one, for those who send them."""
    if not user.can(Permission.ROSTER_SEND) or school.is_section:
        return None
    rosters = Roster.objects.visible_to(user).filter(school=school).order_by("-created_at", "-pk")
    context = {"rosters": rosters[:SHOWN], "school": school}
    return Panel(_("Class lists"), "participants/people/includes/school_rosters.html", context)


def studies_for_family(person, token) -> list[Offer]:
    """The way from one's own page to that of one's studies: for a pupil who is old enough to have any."""
    if not isinstance(person, Pupil) or person.age < OLD_ENOUGH:
        return []
    url = reverse("people:family-studies", args=[token]) if token else reverse("people:own-studies")
    return [Offer(_("After the bac"), _("Say what you study, in three answers"), url)]
