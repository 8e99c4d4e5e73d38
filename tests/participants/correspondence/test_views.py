"""The pages: who sees what, what may be done, and no query more for more rows."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from participants.accounts.models import User
from participants.accounts.roles import Role
from participants.correspondence import actions, jobs, occasions
from participants.correspondence.forms import RuleForm
from participants.correspondence.models import Job, Message, Rule
from participants.correspondence.occasions import Occasion
from tests.factories.accounts import GrantFactory, UserFactory
from tests.factories.correspondence import JobFactory, MessageFactory, RuleFactory
from tests.participants.correspondence.conftest import describe_meeting

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def boss(db):
    return GrantFactory(user=UserFactory(name="Nora"), role=Role.ADMINISTRATOR).user


@pytest.fixture
def officer(db):
    return GrantFactory(user=UserFactory(name="Olga"), role=Role.PROTECTION_OFFICER).user


def shown(response):
    return [message.pk for message in response.context["page"]]


def test_the_log_shows_shelf_by_shelf(client_for, boss, rule):
    browser = client_for(boss)
    now = timezone.now()
    later = MessageFactory(rule=rule, due_at=now + 2 * DAY, state="held")
    soon = MessageFactory(rule=rule, due_at=now + DAY)
    sent = MessageFactory(rule=rule, state="sent", sent_at=now)
    failed = MessageFactory(rule=rule, state="failed", reason="No.")
    unknown = MessageFactory(rule=rule, state="unknown", reason="Perhaps.")
    cancelled = MessageFactory(rule=rule, state="cancelled", reason="Gone.")

    assert shown(browser.get("/messages/")) == [soon.pk, later.pk]
    assert shown(browser.get("/messages/?show=sent")) == [sent.pk]
    assert shown(browser.get("/messages/?show=doubtful")) == [unknown.pk, failed.pk]
    assert shown(browser.get("/messages/?show=cancelled")) == [cancelled.pk]
    assert len(shown(browser.get("/messages/?show=all"))) == 6
    assert shown(browser.get("/messages/?show=nonsense")) == [soon.pk, later.pk]


def test_the_log_is_filtered(client_for, boss, rule):
    browser = client_for(boss)
    zoe = MessageFactory(rule=rule, recipient__name="Zoé Martin", recipient__email="zoe@lycee.example")
    alert = MessageFactory(rule=rule, occasion="alert", due_at=timezone.now() + 5 * DAY)
    assert shown(browser.get("/messages/?q=zoé")) == [zoe.pk]
    assert shown(browser.get("/messages/?q=LYCEE.example")) == [zoe.pk]
    assert shown(browser.get("/messages/?occasion=alert")) == [alert.pk]
    tomorrow = timezone.localdate() + DAY
    assert shown(browser.get(f"/messages/?since={tomorrow}")) == [alert.pk]
    assert shown(browser.get(f"/messages/?until={tomorrow}")) == [zoe.pk]
    assert shown(browser.get("/messages/?since=nonsense")) == [zoe.pk, alert.pk]


@pytest.mark.parametrize("path", ["/messages/?show=all", "/messages/rules/", "/files/"])
def test_lists_ask_no_more_for_more_rows(client_for, boss, path):
    browser = client_for(boss)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert browser.get(path).status_code == 200
        return len(captured)

    MessageFactory()
    JobFactory(owner=boss)
    one = queries()
    for _ in range(2):
        MessageFactory()
        JobFactory(owner=boss)
    assert queries() == one


@pytest.fixture
def guarded(boss):
    """An occasion about users, of whom a coordinator sees only one."""
    occasions.register(
        Occasion(
            "user",
            "user",
            ("title",),
            describe_meeting,
            abouts_visible_to=lambda user: User.objects.filter(email="seen@example.org"),
        )
    )
    seen, hidden = UserFactory(email="seen@example.org"), UserFactory()
    rule = RuleFactory(occasion="user")
    return [MessageFactory(rule=rule, occasion="user", about=user.pk) for user in (seen, hidden)]


def test_a_coordinator_sees_the_messages_about_what_they_may_see(client_for, cleo, guarded):
    seen, hidden = guarded
    MessageFactory()
    MessageFactory(rule=None, recipient=cleo, about=None, subject="Code")
    browser = client_for(cleo)
    assert shown(browser.get("/messages/?show=all")) == [seen.pk]
    assert browser.get(f"/messages/{seen.pk}/").status_code == 200
    assert browser.get(f"/messages/{hidden.pk}/").status_code == 404
    assert browser.post(f"/messages/{hidden.pk}/cancel/").status_code == 404
    hidden.refresh_from_db()
    assert hidden.state == "planned"


@pytest.mark.parametrize("person", ["ada", "ben", "dan"])
def test_the_log_does_not_exist_for_others(client_for, request, person, rule):
    message = MessageFactory(rule=rule, recipient=request.getfixturevalue(person))
    browser = client_for(message.recipient)
    for path in ("/messages/", f"/messages/{message.pk}/", "/messages/rules/", f"/messages/rules/{rule.pk}/"):
        assert browser.get(path).status_code == 404
    assert list(Message.objects.visible_to(message.recipient)) == []
    assert list(Rule.objects.visible_to(message.recipient)) == []


def test_who_may_only_look_changes_nothing(client_for, officer, rule):
    message = MessageFactory(rule=rule)
    browser = client_for(officer)
    page = browser.get(f"/messages/{message.pk}/")
    assert "<form" not in page.content.decode().split("<main")[1]
    for verb in ("hold", "release", "resend", "cancel"):
        assert browser.post(f"/messages/{message.pk}/{verb}/").status_code == 404
    assert browser.get(f"/messages/rules/{rule.pk}/").status_code == 404
    message.refresh_from_db()
    assert message.state == "planned"


def test_hold_release_cancel_and_back(client_for, boss, rule):
    message = MessageFactory(rule=rule, due_at=timezone.now() + DAY)
    browser = client_for(boss)
    for verb, state in [("hold", "held"), ("release", "planned"), ("cancel", "cancelled"), ("release", "planned")]:
        assert browser.post(f"/messages/{message.pk}/{verb}/").url == f"/messages/{message.pk}/"
        message.refresh_from_db()
        assert message.state == state
    assert message.reason == ""


def test_a_refusal_is_told(client_for, boss, rule):
    message = MessageFactory(rule=rule, state="sent", sent_at=timezone.now())
    page = client_for(boss).post(f"/messages/{message.pk}/cancel/", follow=True, headers=ENGLISH)
    assert [str(note) for note in page.context["messages"]] == ["This message can no longer be stopped: it is sent."]
    message.refresh_from_db()
    assert message.state == "sent"


@pytest.mark.parametrize("state", ["failed", "unknown"])
def test_what_did_not_arrive_is_sent_again_under_the_same_message_id(client_for, boss, rule, postbox, state):
    message = MessageFactory(rule=rule, state=state, reason="No.", attempts=3)
    client_for(boss).post(f"/messages/{message.pk}/resend/")
    actions.deliver()
    message.refresh_from_db()
    assert (message.state, message.attempts, message.reason) == ("sent", 1, "")
    assert [mail["Message-ID"] for mail in postbox.mails] == [f"<{message.token}@example.org>"]


def test_what_was_sent_is_sent_again_as_a_new_message(client_for, boss, rule, postbox):
    message = MessageFactory(rule=rule, state="sent", sent_at=timezone.now() - DAY)
    for _ in range(2):
        client_for(boss).post(f"/messages/{message.pk}/resend/")
        actions.deliver()
    assert Message.objects.filter(state="sent", recipient=message.recipient).count() == 3


def test_a_message_is_shown_as_it_left(client_for, boss, rule, postbox):
    message = MessageFactory(rule=rule, recipient__name="Zoé")
    actions.deliver()
    Rule.objects.update(body_fr="Autre chose")
    page = client_for(boss).get(f"/messages/{message.pk}/").content.decode()
    assert "Bonjour Zoé," in page
    assert "Autre chose" not in page


def test_what_a_mail_of_the_house_says_is_shown_to_nobody(client_for, boss):
    code = MessageFactory(rule=None, about=None, subject="Code", text="It is 123456", html="<p>123456</p>")
    browser = client_for(boss)
    for path in (f"/messages/{code.pk}/", "/messages/", f"/office/correspondence/message/{code.pk}/change/"):
        answer = browser.get(path)
        assert answer.status_code == 200
        assert "123456" not in answer.content.decode()
    for verb in ("hold", "release", "resend", "cancel"):
        browser.post(f"/messages/{code.pk}/{verb}/")
    code.refresh_from_db()
    assert code.state == "planned"


def rule_data(rule, **changes):
    data = {name: getattr(rule, name) for name in actions.rules.TEXT_FIELDS}
    return data | {"amount": 2, "unit": "days", "side": "before", "is_active": "on"} | changes


def test_a_rule_is_changed(client_for, boss, rule):
    page = client_for(boss).post(f"/messages/rules/{rule.pk}/", rule_data(rule, subject_en="On {title}"))
    assert page.url == f"/messages/rules/{rule.pk}/"
    rule.refresh_from_db()
    assert (rule.offset, rule.subject_en) == (-2 * DAY, "On {title}")


@pytest.mark.parametrize(
    "text", ["{{ settings.SECRET_KEY }}", "{title.__class__}", "{title!r:>999999999}", "Hello {first_name}"]
)
def test_a_rule_with_unknown_words_is_refused(rule, text):
    form = RuleForm(rule_data(rule, body_fr=text), instance=rule)
    assert list(form.errors) == ["body_fr"]
    assert "{recipient_name}" in form.errors["body_fr"][0]


def test_what_is_refused_is_not_saved(client_for, boss, rule):
    page = client_for(boss).post(f"/messages/rules/{rule.pk}/", rule_data(rule, subject_en="On {day}"))
    assert list(page.context["form"].errors) == ["subject_en"]
    rule.refresh_from_db()
    assert rule.subject_en == "Your meeting: {title}"


def test_a_button_in_one_language_is_refused(client_for, boss, rule):
    page = client_for(boss).post(f"/messages/rules/{rule.pk}/", rule_data(rule, action_label_en=""), headers=ENGLISH)
    assert "in both languages, or in none" in str(page.context["form"].errors)


@pytest.mark.parametrize("offset", [timedelta(), 2 * DAY, timedelta(hours=-36), timedelta(minutes=-90)])
def test_the_moment_of_a_rule_comes_back_as_it_was(client_for, boss, rule, offset):
    Rule.objects.filter(pk=rule.pk).update(offset=offset)
    browser = client_for(boss)
    form = browser.get(f"/messages/rules/{rule.pk}/").context["form"]
    moment = {name: form.initial[name] for name in ("amount", "unit", "side")}
    browser.post(f"/messages/rules/{rule.pk}/", rule_data(rule, **moment))
    rule.refresh_from_db()
    assert rule.offset == offset


def test_a_preview_shows_the_typed_words_and_saves_nothing(client_for, boss, rule):
    MessageFactory(rule=rule, about=7, recipient__name="Zoé")
    data = rule_data(rule, subject_fr="Neuf : {title}")
    page = client_for(boss).post(f"/messages/rules/{rule.pk}/preview/", data).content.decode()
    assert "Neuf : meeting 7" in page
    assert "Bonjour Zoé," in page
    rule.refresh_from_db()
    assert rule.subject_fr == "Votre rencontre : {title}"


def test_a_test_goes_to_oneself_in_ones_language(client_for, boss, rule, postbox):
    User.objects.filter(pk=boss.pk).update(language="en")
    client_for(boss).post(f"/messages/rules/{rule.pk}/test/", headers=ENGLISH)
    actions.deliver()
    assert [(mail["To"], mail["Subject"]) for mail in postbox.mails] == [(boss.email, "[Test] Your meeting: «title»")]


@pytest.fixture
def file(settings, tmp_path, ada):
    settings.PRIVATE_ROOT = tmp_path

    def run(job, report):
        report.path.write_text("a;b")
        return "list.csv"

    jobs.register(jobs.Kind("list", "list", run, lambda user: user.language == "en"))
    job = actions.start_job(kind="list", owner=ada, parameters={})
    actions.work()
    return job


def test_a_file_is_for_its_owner_alone(client_for, ada, boss, file):
    answer = client_for(ada).post(f"/files/{file.pk}/download/")
    assert b"".join(answer.streaming_content) == b"a;b"
    assert answer["Content-Disposition"] == 'attachment; filename="list.csv"'
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-store")
    for path in (f"/files/{file.pk}/", f"/files/{file.pk}/download/", f"/files/{file.pk}/seen/"):
        assert client_for(boss).post(path).status_code == 404
    assert shown(client_for(boss).get("/files/")) == []


def test_rights_are_asked_again_at_the_download(client_for, ada, file):
    User.objects.filter(pk=ada.pk).update(language="fr")
    assert client_for(ada).post(f"/files/{file.pk}/download/").status_code == 404


def test_who_saw_the_end_gets_no_mail(client_for, ada, file, postbox):
    client_for(ada).post(f"/files/{file.pk}/seen/")
    Message.objects.update(due_at=timezone.now())
    actions.deliver()
    assert postbox.mails == []
    assert Message.objects.get().state == "cancelled"


def test_progress_is_asked_for_by_htmx_until_the_end(client_for, ada, file):
    waiting = JobFactory(owner=ada, done=4, total=10)
    browser = client_for(ada)
    part = browser.get(f"/files/{waiting.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert ('hx-trigger="every 1s"' in part, 'value="4"' in part, "<html" in part) == (True, True, False)
    part = browser.get(f"/files/{file.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "every 1s" not in part
    assert '<noscript><p><a class="button"' in browser.get(f"/files/{waiting.pk}/").content.decode()


def test_a_file_whose_time_is_over_says_so(client_for, ada, file):
    Job.objects.update(expires_at=timezone.now() - DAY)
    actions.delete_expired_files()
    browser = client_for(ada)
    assert "Ask for it again" in browser.get(f"/files/{file.pk}/", headers=ENGLISH).content.decode()
    assert browser.post(f"/files/{file.pk}/download/").status_code == 404


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("correspondence_message_one_address", {"address": "a@example.org, b@example.org"}),
        ("correspondence_message_one_address", {"address": "A <a@example.org>"}),
        ("correspondence_message_rule_has_recipient", {"about": None}),
        ("correspondence_message_sent_has_moment", {"state": "sent"}),
        ("correspondence_message_sent_has_moment", {"sent_at": timezone.now()}),
        ("correspondence_message_end_has_reason", {"state": "cancelled"}),
        ("correspondence_message_end_has_reason", {"state": "unknown"}),
        ("correspondence_message_lease_whole", {"state": "sending"}),
        ("correspondence_message_lease_whole", {"lease_until": timezone.now()}),
    ],
)
def test_the_database_keeps_messages_whole(constraint, values):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        MessageFactory(**values)


def test_the_database_keeps_one_message_per_rule_recipient_and_key():
    message = MessageFactory()
    with pytest.raises(IntegrityError, match="correspondence_message_once"), transaction.atomic():
        MessageFactory(rule=message.rule, recipient=message.recipient, key=message.key)


def test_the_database_keeps_buttons_in_both_languages():
    with pytest.raises(IntegrityError, match="correspondence_rule_button_in_both_languages"), transaction.atomic():
        RuleFactory(action_label_fr="")
