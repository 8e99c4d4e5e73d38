"""What is written down, when it is due, and what calls it off."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from participants.correspondence import actions, placeholders
from participants.correspondence.models import Message, Rule
from tests.factories.accounts import UserFactory
from tests.factories.correspondence import MessageFactory, RuleFactory

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
DAY = timedelta(days=1)


def plan(recipients, **changes):
    return actions.plan(**{"occasion": "meeting", "recipients": recipients, "about": 7, "key": "v1"} | changes)


def test_plan_writes_one_message_per_active_rule_and_recipient(ada, ben, dan):
    now, later = RuleFactory(), RuleFactory(offset=DAY)
    RuleFactory(is_active=False)
    RuleFactory(occasion="alert")

    assert plan([ada, ben, ada]) == 4

    rows = Message.objects.values_list("rule", "recipient", "address", "language", "about", "key", "state")
    assert set(rows) == {
        (rule.pk, user.pk, user.email, "en", 7, "v1", "planned") for rule in (now, later) for user in (ada, ben)
    }


def test_plan_twice_writes_once(rule, ada, ben):
    assert plan([ada]) == 1
    assert plan([ada, ben]) == 1
    assert Message.objects.count() == 2


@pytest.mark.sabotage
def test_plan_twice_writes_twice_without_the_key(rule, ada, monkeypatch):
    monkeypatch.setenv("EOC_SABOTAGE", "unique_key")
    plan([ada])
    plan([ada])
    assert Message.objects.count() == 2


def test_plan_skips_closed_accounts(rule, ada):
    assert plan([ada, UserFactory(is_active=False)]) == 1


def test_plan_refuses_an_unknown_occasion(ada):
    with pytest.raises(ValueError, match="No app has registered the occasion nothing"):
        plan([ada], occasion="nothing")


def test_a_reminder_whose_moment_has_passed_is_not_written(ada):
    RuleFactory(offset=-7 * DAY)
    day_before, thanks = RuleFactory(offset=-DAY), RuleFactory(offset=DAY)
    anchor = timezone.now() + 3 * DAY

    plan([ada], anchor=anchor)

    assert dict(Message.objects.values_list("rule", "due_at")) == {
        day_before.pk: anchor - DAY,
        thanks.pk: anchor + DAY,
    }


@pytest.mark.parametrize(
    ("anchor", "due"),
    [
        # The clocks go back on 25 October 2026 and forward on 28 March 2027.
        (datetime(2026, 10, 25, 18, tzinfo=PARIS), datetime(2026, 10, 24, 16, tzinfo=UTC)),
        (datetime(2026, 10, 25, 17, tzinfo=UTC), datetime(2026, 10, 24, 16, tzinfo=UTC)),
        (datetime(2027, 3, 28, 18, tzinfo=PARIS), datetime(2027, 3, 27, 17, tzinfo=UTC)),
        (datetime(2026, 10, 25, 18, tzinfo=ZoneInfo("Indian/Reunion")), datetime(2026, 10, 24, 14, tzinfo=UTC)),
    ],
)
def test_one_day_before_six_in_the_evening_is_six_in_the_evening(ada, anchor, due):
    RuleFactory(offset=-DAY)
    with time_machine.travel(datetime(2026, 9, 1, tzinfo=UTC)):
        plan([ada], anchor=anchor)
    assert Message.objects.get().due_at == due


def test_a_moved_meeting_keeps_only_the_new_key(ada, ben):
    RuleFactory(offset=-DAY)
    plan([ada, ben], anchor=timezone.now() + 5 * DAY)
    plan([ada, ben], anchor=timezone.now() + 9 * DAY, key="v2")
    plan([ada], anchor=timezone.now() + 5 * DAY, about=8, key="w1")

    called_off = actions.call_off(about=7, occasions=["meeting"], reason="It moved.", except_key="v2")

    assert called_off == 2
    states = Message.objects.values_list("key", "recipient", "state", "reason")
    assert set(states) == {
        ("v1", ada.pk, "cancelled", "It moved."),
        ("v1", ben.pk, "cancelled", "It moved."),
        ("v2", ada.pk, "planned", ""),
        ("v2", ben.pk, "planned", ""),
        ("w1", ada.pk, "planned", ""),
    }


def test_call_off_for_one_recipient_leaves_the_others_and_what_has_left(rule, ada, ben):
    plan([ada, ben])
    MessageFactory(recipient=ada, about=7, state="sent", sent_at=timezone.now())
    MessageFactory(recipient=ada, about=7, state="held")

    assert actions.call_off(about=7, occasions=["meeting"], reason="Gone.", recipients=[ada]) == 2

    assert sorted(Message.objects.filter(recipient=ada).values_list("state", flat=True)) == [
        "cancelled",
        "cancelled",
        "sent",
    ]
    assert Message.objects.get(recipient=ben).state == "planned"


DEFAULT = actions.RuleDefault(
    code="meeting.reminder",
    occasion="meeting",
    offset=-DAY,
    subject_fr="Demain : {title}",
    subject_en="Tomorrow: {title}",
    body_fr="À demain.",
    body_en="See you tomorrow.",
)


def test_ensure_rules_writes_once_and_keeps_what_staff_wrote():
    assert actions.ensure_rules([DEFAULT]) == 1
    Rule.objects.filter(code=DEFAULT.code).update(subject_en="Do not forget {title}")
    assert actions.ensure_rules([DEFAULT]) == 0
    assert Rule.objects.get(code=DEFAULT.code).subject_en == "Do not forget {title}"


def test_ensure_rules_refuses_words_the_occasion_does_not_know():
    wrong = actions.RuleDefault(**{**vars(DEFAULT), "body_fr": "Bonjour {first_name}"})
    with pytest.raises(ValidationError, match=r"\{first_name\} cannot be filled in here"):
        actions.ensure_rules([wrong])


@pytest.mark.parametrize(
    "text",
    ["{{ settings.SECRET_KEY }}", "{% load static %}", "{p.__class__}", "{title!r}", "{0}", "{unknown}", "%(title)s"],
)
def test_what_is_not_a_known_word_stays_text(text):
    assert placeholders.fill(text, {"title": "Talk", "p": object()}) == text


def test_a_value_is_not_searched_for_words():
    assert placeholders.fill("{a} {b}", {"a": "{b}", "b": "{a}"}) == "{b} {a}"


@pytest.mark.parametrize("text", ["{" * 100_000, "{a" * 50_000, "{title}" * 15_000])
def test_long_texts_are_quick(text):
    started = timezone.now()
    placeholders.fill(text, {"title": "x"})
    placeholders.unknown_in(text, ["title"])
    assert timezone.now() - started < timedelta(seconds=0.3)
