"""How a page does something and says how it went."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404


def need(request, permission):
    """A page that is not for you does not exist."""
    if not request.user.can(permission):
        raise Http404


def number_in(text: str) -> int:
    """The number of a row that an address or a form names; 0, which no row bears, for anything else."""
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def attempt(request, act, success="", **arguments):
    """Do it and say so, or say what stands in the way; what it gave, or nothing."""
    try:
        done = act(**arguments)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return None
    if success:
        messages.success(request, success)
    return done


def settle(form, act, **arguments):
    """Do it, or put what stands in the way beside the field; what it gave, or nothing."""
    try:
        return act(**arguments)
    except ValidationError as refusal:
        own = hasattr(refusal, "error_dict") and set(refusal.error_dict) <= {*form.fields, "__all__"}
        form.add_error(None, refusal if own else refusal.messages)
        return None
