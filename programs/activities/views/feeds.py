"""The personal calendar feed: a secret address that programs fetch without signing in. It reads, and opens nothing
else."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from participants.accounts import links
from participants.accounts.actions import revoke_links
from participants.accounts.roles import Permission
from programs.activities import calendars

PURPOSE = "calendar"


def feed_url(request):
    """The address of this person's feed, to be given to a calendar and nobody else."""
    token = links.sign(request.user, purpose=PURPOSE)
    return request.build_absolute_uri(reverse("activities:calendar-feed", args=[token]))


@require_safe
@links.opened_by(PURPOSE)
def calendar_feed(request, link):
    """The sessions of the person to whom the link belongs, as long as they have a part in any."""
    if not link.user.can(Permission.SESSION_VIEW):
        raise Http404
    with translation.override(link.user.language):
        content = calendars.feed(calendars.in_feed(link.user))
    return HttpResponse(content, content_type=calendars.MIME)


@require_POST
def calendar_reset(request):
    """Take back the address of the feed, and with it every other personal link."""
    revoke_links(user=request.user)
    messages.success(request, _("The old address no longer works. Give the new one to your calendar."))
    return redirect("activities:my-sessions")
