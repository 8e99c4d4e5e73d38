"""Lines that no person has to be told about: letters, prepared files, traces, histories, proofs that are old enough."""

from collections.abc import Iterator

from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from pghistory.models import Context

from participants.accounts.models import Grant
from participants.correspondence.models import Job, Message
from participants.people.models import Category, Consent, Look, RetentionRun, RightsRequest, Tombstone
from participants.people.rights import relations


def old(category, before) -> Iterator[QuerySet]:
    """The rows of a category that were written before this moment and are of no more use."""
    if own := OLD.get(category):
        yield from own(before)
    for _app, key, finders in relations.said("OLD_ROWS"):
        if key == category:
            yield from (find(before) for find in finders)


def ended_sessions() -> Iterator[QuerySet]:
    """What browsers had open, and where from: it ends by itself and goes the same night."""
    yield Session.objects.filter(expire_date__lt=timezone.now())
    open_still = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gte=timezone.now())
    yield UserSession.objects.filter(~Exists(open_still))


def _letters(before):
    finished = [Message.State.SENT, Message.State.FAILED, Message.State.CANCELLED, Message.State.UNKNOWN]
    # A reminder is written down long before it leaves: a letter is as old as the day on which it was sent.
    written = Message.objects.filter(state__in=finished).annotate(left_at=Coalesce("sent_at", "created_at"))
    yield written.filter(left_at__lt=before)
    yield Job.objects.filter(finished_at__lt=before, stored_as="")


def _trail(before):
    yield Look.objects.filter(hour__lt=before)
    yield LogEntry.objects.filter(action_time__lt=before)
    for event in relations.histories():
        yield event.objects.filter(pgh_created_at__lt=before)
    yield _contexts_of_nothing(before)


def _grants(before):
    yield Grant.objects.filter(ends_on__lt=before.date())


def _proofs(before):
    yield RightsRequest.objects.filter(done_on__lt=before.date())
    yield Tombstone.objects.filter(month__lt=before.date())
    yield RetentionRun.objects.filter(ran_on__lt=before.date())


def _ended_words(before):
    """What was agreed to and ended, was withdrawn or replaced, so long ago."""
    ended = Q(valid_until__lt=before.date()) | Q(withdrawn_at__lt=before) | Q(replaced_at__lt=before)
    yield Consent.objects.filter(ended)


def _contexts_of_nothing(before):
    """Who and why, of changes whose lines are gone."""
    found = Context.objects.filter(created_at__lt=before)
    for event in relations.histories():
        found = found.exclude(Exists(event.objects.filter(pgh_context=OuterRef("pk"))))
    return found


OLD = {
    Category.ACCOUNT: _grants,
    Category.MESSAGE: _letters,
    Category.CONSENT: _ended_words,
    Category.AUDIT: _trail,
    Category.PROOF: _proofs,
}
