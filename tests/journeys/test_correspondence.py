"""Staff read the log, change a rule and see the letter change; a person waits for a file and gets it."""

import os
from datetime import timedelta

import pytest
from django.utils import timezone

from participants.accounts.roles import Role
from participants.correspondence import actions, jobs
from participants.correspondence.actions.delivery import CRASHED
from participants.correspondence.actions.jobs import JOB_READY
from participants.correspondence.models import Job, Message, Rule
from tests.factories.accounts import GrantFactory, UserFactory
from tests.factories.correspondence import JobFactory, MessageFactory
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import DESK, PHONE

LOOKS = pytest.mark.parametrize(("width", "language"), [(PHONE, "fr"), (DESK, "en")])


def photograph(page, name):
    """Kept where the variable says, for eyes."""
    if folder := os.environ.get("PHOTOGRAPHS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.fixture
def boss(db):
    return GrantFactory(user=UserFactory(name="Nora"), role=Role.ADMINISTRATOR).user


@pytest.fixture
def rule(db):
    return Rule.objects.get(code="correspondence.job-ready")


@pytest.fixture
def log(rule):
    now = timezone.now()
    job = JobFactory(kind="list")
    common = {"rule": rule, "occasion": JOB_READY, "about": job.pk}
    MessageFactory(**common, recipient__name="Zoé Martin", due_at=now + timedelta(hours=20))
    MessageFactory(**common, recipient__name="Karim Haddad", due_at=now + timedelta(days=2), state="held")
    MessageFactory(**common, state="sent", sent_at=now, subject="Votre fichier est prêt", text="Bonjour,\n\nPrêt.")
    MessageFactory(**common, state="failed", reason="The mail server refuses this address.")
    MessageFactory(**common, state="unknown", reason=CRASHED)
    return Message.objects.order_by("pk")


@pytest.mark.a11y
@LOOKS
def test_the_log_is_read_and_a_message_held_and_released(open_page, boss, log, width, language):
    page = open_page("/messages/", user=boss, width=width, language=language)
    assert_accessible(page)
    photograph(page, f"log-{width}-{language}")
    page.get_by_role("link", name="1 minute").first.click()
    assert_accessible(page)
    photograph(page, f"message-{width}-{language}")
    page.locator("form[action$='hold/'] button").click()
    assert_accessible(page)
    assert Message.objects.filter(state="held").count() == 2
    page.locator("form[action$='release/'] button").click()
    assert Message.objects.filter(state="held").count() == 1
    page.goto("/messages/?show=doubtful")
    assert_accessible(page)
    photograph(page, f"doubtful-{width}-{language}")


@pytest.mark.a11y
@LOOKS
def test_the_words_of_a_rule_are_changed_with_the_letter_beside(open_page, boss, rule, log, width, language):
    page = open_page("/messages/rules/", user=boss, width=width, language=language)
    assert_accessible(page)
    photograph(page, f"rules-{width}-{language}")
    page.goto(f"/messages/rules/{rule.pk}/")
    page.fill("#id_subject_en", "Come and get {work}")
    page.locator("#specimens h4", has_text="Come and get list").wait_for()
    assert_accessible(page)
    photograph(page, f"rule-{width}-{language}")
    page.fill("#id_body_fr", "Bonjour {first_name}")
    page.locator("button.button-primary").click()
    assert_accessible(page)
    photograph(page, f"rule-refused-{width}-{language}")
    page.fill("#id_body_fr", "Bonjour {recipient_name}")
    page.locator("button.button-primary").click()
    page.locator(".toast").wait_for()
    rule.refresh_from_db()
    assert (rule.subject_en, rule.body_fr) == ("Come and get {work}", "Bonjour {recipient_name}")


@pytest.mark.a11y
@LOOKS
def test_a_person_waits_for_a_file_and_gets_it(open_page, dan, settings, tmp_path, monkeypatch, width, language):
    def run(job, report):
        report.path.write_text("a;b")
        return "liste.csv"

    settings.PRIVATE_ROOT = tmp_path
    monkeypatch.setattr(jobs, "_registry", {"list": jobs.Kind("list", "liste", run, lambda user: True)})
    job = actions.start_job(kind="list", owner=dan, parameters={})
    page = open_page(f"/files/{job.pk}/", user=dan, width=width, language=language)
    assert_accessible(page)
    Job.objects.update(done=40, total=100)
    page.locator("progress[value='40']").wait_for(timeout=3000)
    assert_accessible(page)
    photograph(page, f"job-running-{width}-{language}")
    actions.work()
    with page.expect_download() as download:
        page.locator("form[action$='download/'] button").click()
    assert download.value.suggested_filename == "liste.csv"
    assert_accessible(page)
    photograph(page, f"job-ready-{width}-{language}")
    page.goto("/files/")
    assert_accessible(page)
    photograph(page, f"jobs-{width}-{language}")
    assert Message.objects.get().occasion == JOB_READY
    assert Job.objects.get().seen_at is not None
