"""How a page does something and says how it went."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404


def need(request, permission):
    """A page that is not for you does not exist."""
    if not request.user.can(permission):
        raise Http404


def attempt(request, act, success="", **arguments):
    """Do it and say so, or say what stands in the way; whether it was done."""
    try:
        done = act(**arguments)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return None
    if success:
        messages.success(request, success)
    return done
