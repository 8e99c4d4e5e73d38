"""Answers after a session."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.activities import feedback
from programs.activities.locks import locked_session
from programs.activities.models import Feedback, Reply
from programs.activities.refusals import in_sentences


@in_sentences
@transaction.atomic
def give_feedback(*, session, audience, nonce, replies, by=None):
    """Keep one sheet: `replies` are {question: number or words}. The same sheet again is the same; an adult's new one
    takes the place of the old one of the same part: who taught and spoke has a sheet as each."""
    session = locked_session(session.pk)
    sheet = Feedback.objects.filter(nonce=nonce).first()
    if sheet:
        return sheet
    if not feedback.is_open(session, audience):
        raise ValidationError(_("The questions about this session are closed."))
    if by:
        session.feedback.filter(by=by, questionnaire__audience=audience).delete()
    elif session.feedback.filter(questionnaire__audience=audience).count() >= feedback.most_sheets(session):
        raise ValidationError(_("This session has had all its answers. Thank you!"))
    [questionnaire] = {question.questionnaire_id for question in replies}
    sheet = Feedback.objects.create(
        session=session, questionnaire_id=questionnaire, nonce=nonce, by=by, given_on=timezone.localdate()
    )
    Reply.objects.bulk_create(
        Reply(feedback=sheet, question=question, value=said if question.kind == "scale" else None,
              text=said if question.kind == "text" else "")
        for question, said in replies.items()
    )  # fmt: skip
    return sheet
