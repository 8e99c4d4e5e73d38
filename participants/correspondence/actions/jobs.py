"""Background work asked for by a person: claimed, run, reported on, its file kept for a while."""

import hashlib
import json
import logging
import secrets
import time
import uuid
from pathlib import Path

import pghistory
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from participants.accounts.models import User
from participants.correspondence import jobs, uploads
from participants.correspondence.actions.planning import plan
from participants.correspondence.models import Job

log = logging.getLogger(__name__)
State = Job.State

MAX_ATTEMPTS = 3
REPORT_SECONDS = 0.5

NOT_ALLOWED = gettext_noop("You may no longer ask for this.")
BROKEN = gettext_noop("Something went wrong three times: the platform is at fault, not you.")


class Lost(Exception):  # noqa: N818 - what happened, in a word
    """Another worker has taken the job over."""


@transaction.atomic
def start_job(*, kind: str, owner: User, parameters: dict) -> Job:
    """Ask for a piece of work; asking again while it waits or runs gives the same one."""
    if not jobs.find(kind).is_allowed(owner):
        raise PermissionDenied
    fingerprint = hashlib.sha256(json.dumps(parameters, sort_keys=True).encode()).hexdigest()
    wanted = {"owner": owner, "kind": kind, "fingerprint": fingerprint}
    # Insert first, then read: of two clicks at once the second waits for the first and finds its row.
    Job.objects.bulk_create([Job(parameters=parameters, **wanted)], ignore_conflicts=True)
    return Job.objects.filter(**wanted).latest("pk")


def work() -> int:
    """Do the work that waits, one piece after the other; returns how many were tried. Not atomic on purpose: progress
    is seen while it runs, and a crash leaves the attempt counted."""
    tried = 0
    while job := claim():
        run(job)
        tried += 1
    return tried


def claim() -> Job | None:
    """Take the oldest waiting work, or work whose worker fell silent; what stopped three workers is given up."""
    now = timezone.now()
    waiting = Q(state=State.QUEUED) | Q(state=State.RUNNING, lease_until__lt=now)
    due = Job.objects.select_for_update(skip_locked=True, no_key=True, of=("self",)).filter(waiting)
    with transaction.atomic():
        for poison in due.filter(attempts__gte=MAX_ATTEMPTS):
            finish(poison, state=State.FAILED, error=BROKEN)
        job = due.order_by("created_at", "pk").first()
        if job is None:
            return None
        job.stored_as and job.path.unlink(missing_ok=True)
        job.state, job.claim, job.lease_until = State.RUNNING, uuid.uuid4(), now + settings.JOB_LEASE
        job.attempts, job.stored_as = job.attempts + 1, secrets.token_hex(24)
        job.save(update_fields=["state", "claim", "lease_until", "attempts", "stored_as"])
    return job


class Report:
    """What a running job is given: where to write, and how to say how far it is."""

    def __init__(self, job: Job):
        self.path: Path = job.path
        self.outcome: dict[str, int] = {}
        self._job, self._next = job, 0.0

    def __call__(self, done: int, total: int) -> None:
        """Show the progress, at most twice a second, and keep the lease; stops a job that another worker has taken."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + REPORT_SECONDS
        mine = Job.objects.filter(pk=self._job.pk, claim=self._job.claim)
        if not mine.update(done=done, total=total, lease_until=timezone.now() + settings.JOB_LEASE):
            raise Lost


def run(job: Job) -> None:
    """Run one piece of work and write down how it ended."""
    job.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        kind = jobs.find(job.kind)
        if kind is None or not kind.is_allowed(job.owner):
            raise jobs.Refused(NOT_ALLOWED)
        report = Report(job)
        # What the work changes is done in the name of whoever asked for it.
        with pghistory.context(user=job.owner_id, url=f"job:{job.kind}"):
            file_name = kind.run(job, report)
        size = job.path.stat().st_size if file_name else 0
        finish(job, state=State.DONE, file_name=file_name, size=size, outcome=report.outcome)
    except Lost:
        job.path.unlink(missing_ok=True)
    except jobs.Refused as refusal:
        finish(job, state=State.FAILED, error=str(refusal))
    except Exception as error:  # an error in the app that knows the work must not stop the others' work
        log.error("Job %s failed: %s", job.pk, type(error).__name__, exc_info=settings.DEBUG)
        _back_in_line(job)


def _back_in_line(job: Job) -> None:
    if job.attempts >= MAX_ATTEMPTS:
        finish(job, state=State.FAILED, error=BROKEN)
    else:
        Job.objects.filter(pk=job.pk, claim=job.claim).update(state=State.QUEUED, claim=None, lease_until=None)


@transaction.atomic
def finish(job: Job, **ending) -> None:
    """Write down the end of a job that is still ours, and tell its owner."""
    now = timezone.now()
    if ending["state"] == State.DONE:
        ending |= {"done": F("total"), "expires_at": now + settings.JOB_FILE_LIFE}
    ending |= {"finished_at": now, "claim": None, "lease_until": None}
    if Job.objects.filter(pk=job.pk, claim=job.claim).update(**ending):
        occasion = JOB_FAILED
        if ending["state"] == State.DONE:
            occasion = JOB_READY if ending["file_name"] else JOB_DONE
        plan(occasion=occasion, recipients=[job.owner], about=job.pk, key=f"job:{job.pk}")


JOB_READY = "correspondence.job_ready"
JOB_DONE = "correspondence.job_done"
JOB_FAILED = "correspondence.job_failed"


@transaction.atomic
def mark_seen(*, job: Job) -> None:
    """Remember that the owner has seen how it ended: no mail is needed then."""
    Job.objects.filter(pk=job.pk, seen_at=None).update(seen_at=timezone.now())


@transaction.atomic
def end_files(*, owners) -> None:
    """What these people had made is no longer to be had from this moment, and what is being made begins again."""
    made = Job.objects.filter(owner__in=owners)
    made.filter(state=State.RUNNING).update(state=State.QUEUED, claim=None, lease_until=None)
    made.filter(state=State.DONE).exclude(stored_as="").update(expires_at=timezone.now())


@transaction.atomic
def delete_expired_files() -> int:
    """Delete the files whose time is over and what failed jobs left behind; returns how many. Files that came in and
    were never used go after a day."""
    uploads.delete_old()
    over = Q(expires_at__lt=timezone.now()) | Q(state=State.FAILED)
    expired = Job.objects.select_for_update(no_key=True, of=("self",)).filter(over).exclude(stored_as="")
    for job in expired:
        job.path.unlink(missing_ok=True)
        job.stored_as = ""
        job.save(update_fields=["stored_as"])
    return len(expired)
