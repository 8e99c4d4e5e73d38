"""The log: every message, what became of it, and what staff may still do."""

import logging

from django.contrib import messages as notes
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from participants.accounts.answers import need
from participants.accounts.paging import BoundedPaginator
from participants.accounts.roles import Permission
from participants.correspondence import actions, letters
from participants.correspondence.forms import MessageFilterForm
from participants.correspondence.models import Message
from participants.correspondence.occasions import Pointless

log = logging.getLogger(__name__)
PAGE_SIZE = 50


def message_list(request):
    """The log, by what there is to know: what will leave, what has left, what needs a look."""
    need(request, Permission.MESSAGE_VIEW)
    form = MessageFilterForm(request.GET)
    found = form.search(Message.objects.visible_to(request.user))
    page = BoundedPaginator(found.select_related("rule", "recipient"), PAGE_SIZE).get_page(request.GET.get("page"))
    doubtful = Message.objects.visible_to(request.user).uncertain().count()
    context = {"form": form, "page": page, "doubtful": doubtful, "tabs": form.tabs(request.GET)}
    return render(request, "participants/correspondence/message_list.html", context)


def message_detail(request, pk):
    """One message: to whom, when, its state, and how it reads."""
    need(request, Permission.MESSAGE_VIEW)
    visible = Message.objects.visible_to(request.user).select_related("rule", "recipient")
    message = get_object_or_404(visible, pk=pk)
    context = {"message": message, "may_manage": request.user.can(Permission.MESSAGE_MANAGE), **_read(message)}
    return render(request, "participants/correspondence/message_detail.html", context)


def _read(message):
    """The letter as it left or as it would read now, or why there is none to show."""
    if message.text and not message.is_private:
        return {"letter": message, "obstacle": ""}
    if message.is_private:
        return {"letter": None, "obstacle": _("What the platform writes about sign-in is shown to nobody.")}
    try:
        letter = letters.without_key(message.occasion, letters.compose(message))
        return {"letter": letter, "obstacle": ""}
    except Pointless as reason:
        return {"letter": None, "obstacle": _("Now it would not be sent: %(reason)s") % {"reason": _(str(reason))}}
    except Exception as error:  # an error in the app that knows the occasion must not hide the message
        log.error("Message %s could not be shown: %s", message.pk, type(error).__name__)
        return {"letter": None, "obstacle": _("The text could not be written: an error in the platform.")}


@require_POST
def message_hold(request, pk):
    """Keep it back."""
    return _handle(request, pk, actions.hold, _("The message is held. Release it when it may leave."))


@require_POST
def message_release(request, pk):
    """Let it go, or undo its cancelling."""
    return _handle(request, pk, actions.release, _("The message will leave at its moment."))


@require_POST
def message_resend(request, pk):
    """Send it again."""
    return _handle(request, pk, actions.resend, _("The message leaves again within a minute."))


@require_POST
def message_cancel(request, pk):
    """Decide that it does not leave."""
    return _handle(request, pk, actions.cancel, _("The message will not leave. To undo this, release it."))


def _handle(request, pk, act, done):
    need(request, Permission.MESSAGE_MANAGE)
    message = get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
    try:
        message = act(message=message)
    except ValidationError as refusal:
        notes.error(request, " ".join(refusal.messages))
    else:
        notes.success(request, done)
    return redirect(message)
