"""Background work: asked for once, run under a lease, stopped after three attempts, its file kept for its owner."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, close_old_connections, transaction
from django.utils import timezone

from participants.correspondence import actions, jobs
from participants.correspondence.actions import jobs as job_actions
from participants.correspondence.models import Job, Message
from tests.factories.accounts import UserFactory
from tests.factories.correspondence import JobFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def write_list(job, report):
    report(1, 2)
    report.path.write_text(f"list of {job.owner.name}")
    return "list.csv"


def may(user):
    return user.is_active


@pytest.fixture(autouse=True)
def private_root(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path


@pytest.fixture(autouse=True)
def list_kind(kinds):
    jobs.register(jobs.Kind("list", "List", write_list, may))


def fail_with(error):
    def run(job, report):
        report.path.write_text("half")
        raise error

    return run


def set_run(monkeypatch, run):
    monkeypatch.setitem(jobs._registry, "list", jobs.Kind("list", "List", run, may))


def test_a_job_ends_with_a_file_and_a_notice(ada):
    job = actions.start_job(kind="list", owner=ada, parameters={"year": 2026})
    assert actions.work() == 1
    job.refresh_from_db()
    assert (job.state, job.file_name, job.done, job.total, job.size) == ("done", "list.csv", 2, 2, 11)
    assert job.path.read_text() == "list of Ada"
    assert job.expires_at - job.finished_at == timedelta(days=7)
    notice = Message.objects.get()
    assert (notice.occasion, notice.recipient, notice.about) == (job_actions.JOB_READY, ada, job.pk)


def test_asking_twice_gives_the_same_job_until_it_is_done(ada, ben):
    first = actions.start_job(kind="list", owner=ada, parameters={"b": 1, "a": 2})
    assert actions.start_job(kind="list", owner=ada, parameters={"a": 2, "b": 1}) == first
    assert actions.start_job(kind="list", owner=ada, parameters={"a": 3}) != first
    assert actions.start_job(kind="list", owner=ben, parameters={"a": 2, "b": 1}) != first
    actions.work()
    assert actions.start_job(kind="list", owner=ada, parameters={"a": 2, "b": 1}) != first


@pytest.mark.django_db(transaction=True)
def test_many_clicks_at_once_give_one_job():
    owner, found, start = UserFactory(), [], threading.Barrier(8)

    def click():
        start.wait()
        found.append(actions.start_job(kind="list", owner=owner, parameters={}).pk)
        close_old_connections()

    threads = [threading.Thread(target=click) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [Job.objects.get().pk] * 8


def test_who_may_not_have_it_cannot_ask_for_it():
    with pytest.raises(PermissionDenied):
        actions.start_job(kind="list", owner=UserFactory(is_active=False), parameters={})


def test_rights_are_asked_again_when_the_work_is_done(ada):
    job = actions.start_job(kind="list", owner=ada, parameters={})
    ada.is_active = False
    ada.save()
    actions.work()
    job.refresh_from_db()
    assert (job.state, job.error, job.has_file) == ("failed", job_actions.NOT_ALLOWED, False)


def test_a_refusal_is_told_and_not_tried_again(ada, monkeypatch):
    set_run(monkeypatch, fail_with(jobs.Refused("There is nothing to list.")))
    job = actions.start_job(kind="list", owner=ada, parameters={})
    assert actions.work() == 1
    job.refresh_from_db()
    assert (job.state, job.error, job.attempts) == ("failed", "There is nothing to list.", 1)
    assert Message.objects.get().occasion == job_actions.JOB_FAILED


def test_an_error_is_tried_three_times(ada, monkeypatch):
    set_run(monkeypatch, fail_with(RuntimeError()))
    job = actions.start_job(kind="list", owner=ada, parameters={})
    assert actions.work() == 3
    job.refresh_from_db()
    assert (job.state, job.error, job.attempts) == ("failed", job_actions.BROKEN, 3)


@pytest.mark.kills
def test_poison_that_kills_its_worker_is_given_up_after_three_attempts(ada, monkeypatch):
    set_run(monkeypatch, fail_with(SystemExit()))
    poison = actions.start_job(kind="list", owner=ada, parameters={})
    for attempt in (1, 2, 3):
        with pytest.raises(SystemExit):
            actions.work()
        poison.refresh_from_db()
        assert (poison.state, poison.attempts) == ("running", attempt)
        assert actions.work() == 0
        Job.objects.update(lease_until=timezone.now() - HOUR)
    set_run(monkeypatch, write_list)
    other = JobFactory()
    assert actions.work() == 1
    poison.refresh_from_db()
    other.refresh_from_db()
    assert other.state == "done"
    assert (poison.state, poison.attempts, poison.error) == ("failed", 3, job_actions.BROKEN)


def test_a_job_taken_over_by_another_worker_stops_at_its_next_report(ada, monkeypatch):
    def slow(job, report):
        Job.objects.filter(pk=job.pk).update(claim="00000000-0000-0000-0000-000000000001")
        report(1, 2)
        raise AssertionError

    set_run(monkeypatch, slow)
    job = actions.start_job(kind="list", owner=ada, parameters={})
    actions.work()
    job.refresh_from_db()
    assert (job.state, job.done) == ("running", 0)


def test_progress_is_written_while_it_runs_and_not_at_every_word(ada, monkeypatch):
    seen = []

    def steady(job, report):
        for done in range(1000):
            report(done, 1000)
        seen.append(Job.objects.get(pk=job.pk).total)
        return write_list(job, report)

    set_run(monkeypatch, steady)
    actions.start_job(kind="list", owner=ada, parameters={})
    actions.work()
    assert seen == [1000]


def test_files_whose_time_is_over_are_deleted(ada):
    old = actions.start_job(kind="list", owner=ada, parameters={"n": 1})
    new = actions.start_job(kind="list", owner=ada, parameters={"n": 2})
    actions.work()
    for job in (old, new):
        job.refresh_from_db()
    path = old.path
    Job.objects.filter(pk=old.pk).update(expires_at=timezone.now() - HOUR)
    assert actions.delete_expired_files() == 1
    old.refresh_from_db()
    assert (path.exists(), old.has_file, new.path.exists()) == (False, False, True)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("correspondence_job_done_within_total", {"done": 3, "total": 2}),
        ("correspondence_job_end_whole", {"state": "done", "finished_at": timezone.now()}),
        ("correspondence_job_end_whole", {"state": "failed", "finished_at": timezone.now()}),
        ("correspondence_job_end_whole", {"finished_at": timezone.now()}),
        ("correspondence_job_lease_whole", {"state": "running"}),
        ("correspondence_job_lease_whole", {"lease_until": timezone.now()}),
    ],
)
def test_the_database_keeps_jobs_whole(constraint, values):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        JobFactory(**values)


def test_the_database_keeps_one_unfinished_job_of_a_kind():
    job = JobFactory()
    with pytest.raises(IntegrityError, match="correspondence_job_once_at_a_time"), transaction.atomic():
        JobFactory(owner=job.owner, fingerprint=job.fingerprint)
