"""The row of a request, locked, and what every change of it has in common."""

from django.utils.translation import gettext as _

from participants.accounts.dates import say_moment
from programs.awareness.models import TalkRequest


def locked(request):
    # Without select_related: whoever waited for the lock would read the joined rows as they were before the wait.
    return TalkRequest.objects.select_for_update(no_key=True, of=("self",)).get(pk=request.pk)


def changed(request, *fields):
    request.version += 1
    request.save(update_fields=[*fields, "version", "updated_at"])


def too_late(request):
    """Who did what and when, for whoever comes second."""
    if request.state == TalkRequest.State.WITHDRAWN:
        return _("The school has withdrawn this request (%(when)s).") % {"when": say_moment(request.updated_at)}
    said = {"name": request.handled_by or _("the center"), "when": say_moment(request.handled_at)}
    if request.state == TalkRequest.State.ACCEPTED:
        return _("%(name)s has already accepted this request (%(when)s).") % said
    return _("%(name)s has already declined this request (%(when)s).") % said
