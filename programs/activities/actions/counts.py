"""What was counted: heads of classes and open public."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.activities import reminders
from programs.activities.locks import locked_session
from programs.activities.models import Assignment, Headcount, PeriodLock, Session
from programs.activities.refusals import in_sentences


@in_sentences
@transaction.atomic
def confirm_headcount(*, session, by, source, counts, schools=None):
    """Write how many young people were there: `counts` are (class or None, level, total, girls, boys), one for each
    class and level, and together they are the whole truth (of the classes of `schools`, where these are named). The
    latest word wins; the history keeps the others. Said twice, nothing changes."""
    session = locked_session(session.pk)
    check_countable(session)
    kept = [write_count(session, by, source, *count).pk for count in counts]
    others = session.headcounts.exclude(pk__in=kept)
    if schools is not None:
        others = others.filter(class_group__school__in=schools)
    others.delete()
    if session.state == Session.State.NOT_HELD:
        session.state, session.state_reason = Session.State.PLANNED, ""
        session.save(update_fields=["state", "state_reason"])
    finish(session)
    return list(session.headcounts.select_related("class_group"))


def write_count(session, by, source, class_group, level, total, girls, boys, confirmed_at=None):
    """The row of one class and level, written when it says something new."""
    row = Headcount.objects.filter(session=session, class_group=class_group, level=level).first()
    row = row or Headcount(session=session, class_group=class_group, level=level)
    said = {"total": total, "girls": girls, "boys": boys}
    if row.pk and all(getattr(row, name) == value for name, value in said.items()):
        return row
    for name, value in said.items():
        setattr(row, name, value)
    row.source, row.confirmed_by, row.confirmed_at = source, by, confirmed_at or timezone.now()
    row.full_clean()
    row.save()
    return row


@in_sentences
@transaction.atomic
def report_not_held(*, session, by, reason):
    """Say that a session of the past did not take place: its counts go, its volunteers gave no hours."""
    session = locked_session(session.pk)
    check_countable(session)
    if not reason.strip():
        raise ValidationError({"reason": _("Say in a few words what happened.")})
    session.headcounts.all().delete()
    session.assignments.filter(state=Assignment.State.DONE).update(state=Assignment.State.CONFIRMED)
    session.state, session.state_reason = Session.State.NOT_HELD, reason.strip()
    session.save(update_fields=["state", "state_reason"])
    reminders.session_counted(session)
    return session


def finish(session):
    """A session that was counted was given: its volunteers have done it, and nobody is asked again, unless another
    school has not counted yet."""
    session.assignments.filter(state=Assignment.State.CONFIRMED).update(state=Assignment.State.DONE)
    counted = session.headcounts.exclude(class_group=None).values("class_group__school")
    open_still = session.bookings.seated().filter(class_group__isnull=False).exclude(class_group__school__in=counted)
    if not counted.exists() or not open_still.exists():
        reminders.session_counted(session)


def check_countable(session, before=timedelta()):
    """Refuse what nobody can count: called off, closed, or further ahead than `before`."""
    if session.state == Session.State.CANCELLED:
        raise ValidationError(_("This session was cancelled: there is nobody to count."))
    if session.starts_at - before > timezone.now():
        raise ValidationError(_("This session has not begun yet: count when everybody is there."))
    if lock := PeriodLock.objects.covering(session.local_start.date()).first():
        raise ValidationError(
            _("The counts of this period are closed (%(reason)s). Write to the center to correct them.")
            % {"reason": lock.reason}
        )
