"""What people answer to the questions of an activity, kept with their booking."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from participants.people import consents, scans
from participants.people.models import Pupil, Purpose
from programs.activities.models import Answer, Inquiry

FOLDER = "answers"


@transaction.atomic
def save_answers(*, booking, answers):
    """Write the answers to these questions. What is sensitive about a pupil needs the agreement on health data."""
    sensitive = booking.pupil_id and any(asked.question.is_sensitive for asked in answers)
    alone = Pupil.objects.filter(pk=booking.pupil_id)
    if sensitive and not consents.allowed(alone, Purpose.CAMP_HEALTH).exists():
        raise ValidationError(_("The family must agree first that we receive health data."))
    kept = {answer.asked_id: answer for answer in booking.answers.all()}
    for asked, value in answers.items():
        answer = kept.get(asked.pk) or Answer(booking=booking, asked=asked, pupil_id=booking.pupil_id)
        old = answer.file
        if asked.question.kind == Inquiry.Kind.FILE:
            answer.file = _keep(value)
        else:
            answer.value = value
        answer.save()
        _forget(old if old != answer.file else "")


def _keep(file):
    """A file just sent, or one that waited on the server."""
    if isinstance(file, Path):
        with file.open("rb") as waiting:
            return scans.keep(File(waiting), FOLDER)
    return scans.keep(file, FOLDER)


@transaction.atomic
def stop_asking(*, asked):
    """Ask a question no longer, as long as nobody has answered it."""
    if asked.answers.exists():
        raise ValidationError(_("Somebody has answered already: the question stays with its answers."))
    asked.delete()


def delete_answers(rows):
    """Delete answers with their files; returns how many."""
    files = list(rows.exclude(file="").values_list("file", flat=True))
    numbers = list(rows.values_list("pk", flat=True))
    deleted, _each = Answer.objects.filter(pk__in=numbers).delete()
    for name in files:
        _forget(name)
    return deleted


def delete_overdue_answers():
    """What the clock does: sensitive answers go on their day."""
    return delete_answers(Answer.objects.overdue())


def _forget(name):
    """A file that no answer names; it goes when the change is certain."""
    if name:
        transaction.on_commit(lambda: scans.forget(name, FOLDER))
