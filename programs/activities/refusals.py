"""What the database refuses, told as a sentence.

The actions ask first and refuse with a sentence of their own; this is the second net, for two people at the same
moment and for doors that ask nobody.
"""

from functools import wraps

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# Raised by triggers: no model knows them.
SENTENCES_OF_TRIGGERS = {
    "activities_attendance_minutes_within_session": gettext_lazy("Nobody can stay longer than the session lasts."),
    "activities_question_stays_as_asked": gettext_lazy("This was answered: write a new version instead."),
}


def in_sentences(action):
    """Put around a whole transaction: what a constraint refused in it comes out as a ValidationError."""

    @wraps(action)
    def told(**arguments):
        try:
            return action(**arguments)
        except IntegrityError as error:
            raise ValidationError(sentence_of(error), code=constraint_of(error)) from error

    return told


def constraint_of(error: IntegrityError) -> str:
    """The name of the constraint that refused."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return (diagnosis and diagnosis.constraint_name) or ""


def sentence_of(error: IntegrityError) -> str:
    """What the constraint says to a person."""
    name = constraint_of(error)
    for model in apps.get_app_config("activities").get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                return str(constraint.violation_error_message)
    return str(SENTENCES_OF_TRIGGERS.get(name, _("This cannot be saved: something changed meanwhile. Try again.")))
