"""Lines that no person has to be told about: letters, prepared files, traces, histories, proofs that are old enough."""

from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from pghistory.models import Context

from participants.correspondence.models import Job, Message
from participants.people.models import Category, Consent, Look, RetentionRun, RightsRequest, Tombstone
from participants.people.rights import relations


def old(*, message, audit, consent, proof):
    """(category, rows) of what was written before these moments and is of no more use."""
    finished = [Message.State.SENT, Message.State.FAILED, Message.State.CANCELLED, Message.State.UNKNOWN]
    # A reminder is written down long before it leaves: a letter is as old as the day on which it was sent.
    written = Message.objects.filter(state__in=finished).annotate(left_at=Coalesce("sent_at", "created_at"))
    yield Category.MESSAGE, written.filter(left_at__lt=message)
    yield Category.MESSAGE, Job.objects.filter(finished_at__lt=message, stored_as="")
    yield Category.SESSION, Session.objects.filter(expire_date__lt=timezone.now())
    yield Category.CONSENT, _ended_words(consent)
    yield Category.AUDIT, Look.objects.filter(hour__lt=audit)
    yield Category.AUDIT, LogEntry.objects.filter(action_time__lt=audit)
    for event in relations.histories():
        yield Category.AUDIT, event.objects.filter(pgh_created_at__lt=audit)
    yield Category.AUDIT, _contexts_of_nothing(audit)
    yield Category.PROOF, RightsRequest.objects.filter(done_on__lt=proof.date())
    yield Category.PROOF, Tombstone.objects.filter(month__lt=proof.date())
    yield Category.PROOF, RetentionRun.objects.filter(ran_on__lt=proof.date())


def _ended_words(before):
    """What was agreed to and ended, was withdrawn or replaced, so long ago."""
    ended = Q(valid_until__lt=before.date()) | Q(withdrawn_at__lt=before) | Q(replaced_at__lt=before)
    return Consent.objects.filter(ended)


def _contexts_of_nothing(before):
    """Who and why, of changes whose lines are gone."""
    found = Context.objects.filter(created_at__lt=before)
    for event in relations.histories():
        found = found.exclude(Exists(event.objects.filter(pgh_context=OuterRef("pk"))))
    return found
