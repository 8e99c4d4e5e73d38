"""Due messages rendered and delivered to a local mail server by two workers, beside a bare loop over one connection.

The bare loop sends the same letters, written beforehand, and keeps no record of anything.
"""

import time

from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils import timezone

from benchmarks import servers
from benchmarks._sink import Sink
from benchmarks.figures import Figure, median_of
from participants.accounts.models import User
from participants.correspondence import actions, letters, tasks
from participants.correspondence.actions.jobs import JOB_READY
from participants.correspondence.models import Job, Message, Rule

SIZES = {"small": (1_000, 3), "full": (10_000, 3)}
PATIENCE = 600


def measure(size):
    number, runs = SIZES[size]
    people = create_people(number)
    ready = write_letters(people)
    with Sink() as mailbox, servers.worker(concurrency=2, EMAIL_URL=f"smtp://127.0.0.1:{mailbox.port}"):
        deliver(people[:50], mailbox)  # the workers are awake
        ours, bare = median_of(runs, lambda: deliver(people, mailbox), lambda: loop(ready, mailbox))
    return [Figure(part="delivered", ours=ours, reference=bare, must=0.5, unit="messages/s")]


def create_people(number):
    people = (User(email=f"person{n}@example.org", name=f"Person {n}", password="!") for n in range(number))
    return User.objects.bulk_create(people)


def deliver(people, mailbox):
    """Messages a second, from the moment they are due until the last one is marked as sent; each exactly once."""
    Message.objects.all().delete()
    job = Job.objects.create(kind="list", owner=people[0], fingerprint=str(time.monotonic()))
    actions.plan(occasion=JOB_READY, recipients=people, about=job.pk, key="ready")
    began = time.monotonic()
    Message.objects.update(due_at=timezone.now())
    while Message.objects.filter(state__in=("planned", "sending")).exists():
        assert time.monotonic() - began < PATIENCE, "the workers did not finish"
        for _ in range(2):
            tasks.deliver.apply_async(expires=2)
        time.sleep(0.25)
    seconds = time.monotonic() - began
    received = mailbox.received()
    assert len(received) == received.total() == len(people), "not each message exactly once"
    return len(people) / seconds


def write_letters(people):
    """What the messages will say, written beforehand."""
    rule = Rule.objects.get(code="correspondence.job-ready")
    example = Message(recipient=people[0], about=0)
    letter = letters.specimen(rule, "fr", example)
    return [(person.email, letter) for person in people]


def loop(ready, mailbox):
    """Messages a second of Django alone over one open connection."""
    began = time.monotonic()
    transport = get_connection("django.core.mail.backends.smtp.EmailBackend", host="127.0.0.1", port=mailbox.port)
    transport.open()
    for address, letter in ready:
        email = EmailMultiAlternatives(letter.subject, letter.text, None, [address], connection=transport)
        email.attach_alternative(letter.html, "text/html")
        email.send()
    transport.close()
    seconds = time.monotonic() - began
    assert mailbox.received().total() == len(ready)
    return len(ready) / seconds
