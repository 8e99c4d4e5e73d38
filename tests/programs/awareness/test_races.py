"""Two people at once, with real threads on PostgreSQL."""

import threading
import time

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.utils import translation

from participants.correspondence.models import Message
from programs.activities.models import Activity, Booking, Session
from programs.awareness import actions
from programs.awareness.models import TalkRequest
from tests.programs.awareness.test_actions import plan_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def slowly(execute, sql, params, many, context):
    """Writes take their time, so that a missing lock shows."""
    if sql.lstrip().upper().startswith(("INSERT", "UPDATE")):
        time.sleep(0.05)
    return execute(sql, params, many, context)


def at_once(*calls):
    """Run all calls at the same moment; their results or refusals, in order."""
    barrier, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(number, call):
        try:
            with translation.override("en"), connection.execute_wrapper(slowly):
                barrier.wait()
                results[number] = call()
        except ValidationError as refusal:
            results[number] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_two_coordinators_one_plans_and_the_other_is_told(sent, programme, coordinator, second_coordinator):
    calls = [
        lambda by=by: actions.accept(request=sent, version=sent.version, plan=plan_for(sent, programme), by=by)
        for by in (coordinator, second_coordinator)
    ]
    results = at_once(*calls)
    [activity] = [result for result in results if isinstance(result, Activity)]
    [refusal] = [result for result in results if isinstance(result, ValidationError)]
    request = TalkRequest.objects.get()
    assert request.activity == activity
    assert refusal.messages[0].startswith(f"{request.handled_by.name} has already accepted this request")
    assert (Activity.objects.count(), Session.objects.count(), Booking.objects.count()) == (1, 1, 2)


def test_one_plans_while_the_other_declines(sent, programme, coordinator, second_coordinator):
    results = at_once(
        lambda: actions.accept(request=sent, version=sent.version, plan=plan_for(sent, programme), by=coordinator),
        lambda: actions.decline(request=sent, version=sent.version, reason="dates", by=second_coordinator),
    )
    request = TalkRequest.objects.get()
    assert sum(isinstance(result, ValidationError) for result in results) == 1
    assert request.handled_by == (coordinator if request.state == "accepted" else second_coordinator)
    assert Activity.objects.count() == (request.state == "accepted")


def test_the_school_withdraws_while_the_center_plans(sent, programme, coordinator):
    results = at_once(
        lambda: actions.accept(request=sent, version=sent.version, plan=plan_for(sent, programme), by=coordinator),
        lambda: actions.withdraw(request=sent),
    )
    assert sum(isinstance(result, ValidationError) for result in results) == 1
    request = TalkRequest.objects.get()
    assert (request.state == "accepted") == (Activity.objects.count() == 1)


def test_a_form_sent_twice_is_one_request(draft, coordinator):
    at_once(*[lambda: actions.send(request=draft)] * 4)
    assert TalkRequest.objects.get().state == "sent"
    assert Message.objects.filter(occasion="awareness.request_received").count() == 1


def test_two_taps_on_begin_are_one_draft(school, teacher):
    drafts = at_once(*[lambda: actions.start(contact=teacher, school=school)] * 4)
    assert set(drafts) == {TalkRequest.objects.get()}


def test_two_colleagues_are_answered_about_the_same_class(draft, colleague, programme, coordinator, second_coordinator):
    other = TalkRequest.objects.create(contact=colleague, school=draft.school, school_year=draft.school_year)
    other.classes.create(name="2DE A4", level="2GT", head_count=31)
    other.slots.create(week=draft.slots.get().week)
    first, second = actions.send(request=draft), actions.send(request=other)
    at_once(
        lambda: actions.accept(request=first, version=first.version, plan=plan_for(first, programme), by=coordinator),
        lambda: actions.accept(
            request=second, version=second.version, plan=plan_for(second, programme), by=second_coordinator
        ),
    )
    group = draft.school.class_groups.get()
    assert {draft.classes.get().class_group, other.classes.get().class_group} == {group}
