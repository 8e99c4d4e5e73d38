"""Background work asked for by a person."""

import hashlib
import json

from django.core.exceptions import PermissionDenied
from django.db import transaction

from participants.accounts.models import User
from participants.correspondence import jobs
from participants.correspondence.models import Job


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
