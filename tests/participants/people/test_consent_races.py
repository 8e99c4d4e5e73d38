"""Two hands at once on one family: real threads on PostgreSQL."""

import threading
from functools import partial

import pytest
from django.db import connections

from participants.correspondence import mail as transport_of
from participants.correspondence.actions import delivery
from participants.correspondence.models import Message
from participants.people import actions
from participants.people.consents import allowed
from participants.people.models import ByHand, Consent, Pupil
from tests.factories.people import ConsentFactory
from tests.harness.threads import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def slowly(execute, sql, params, many, context):
    if sql.startswith(('INSERT INTO "people_consent"', 'UPDATE "people_consent"')):
        threading.Event().wait(0.05)
    return execute(sql, params, many, context)


def test_a_double_tap_is_one_line(family, record_property):
    words = family.words("image", "research", guardian=family.eve)
    results = at_once([lambda: actions.sign(words=words, channel="link")] * 4, slow=slowly)
    assert sorted(len(lines) for lines in results) == [0, 0, 0, 2]
    assert Consent.objects.count() == 2
    record_property("tried", 4)


def test_signing_and_taking_back_at_once_leaves_one_word_that_stands(family, record_property):
    for _round in range(6):
        Consent.objects.all().delete()
        [line] = actions.sign(words=family.words("image", guardian=family.eve), channel="link")
        no = family.words("image", guardian=family.eve, decision="refused")
        results = at_once(
            [partial(actions.withdraw, consent=line), partial(actions.sign, words=no, channel="link")], slow=slowly
        )
        assert not [r for r in results if isinstance(r, Exception)]
        standing = Consent.objects.standing().get()
        assert not allowed(Pupil.objects.filter(pk=family.lou.pk), "image").exists()
        assert standing.decision == "refused"
        assert ByHand.objects.count() == (2 if results[0] else 0)
    record_property("tried", 6)


@pytest.mark.mail
def test_nobody_is_asked_again_after_taking_back(family, settings, record_property):
    """Sixty times: the reminder is claimed by a worker while the guardian answers and takes it all back. Whatever the
    order, what leaves after the end of the withdrawal is its receipt alone."""
    settings.MAIL_TRANSPORT = {"EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend"}
    purposes = ("taking_part", "image", "follow_up", "research")
    late = 0
    for _round in range(60):
        for table in (ByHand, Consent, Message):
            table.objects.all().delete()
        # The child's own word stands, so that the guardian's answers are all that is missing.
        for purpose in purposes[1:]:
            ConsentFactory(pupil=family.lou, purpose=purpose)
        for purpose in purposes:
            ConsentFactory(pupil=family.lou, guardian=family.eve, purpose=purpose, valid_until="2026-11-19")
        actions.ask_person(person=family.eve, key=f"round:{_round}")
        batch = delivery.claim()
        ended = threading.Event()

        def answer_and_take_back(ended=ended):
            lines = actions.sign(words=family.words(*purposes, guardian=family.eve), channel="link")
            for line in lines:
                actions.withdraw(consent=line)
            ended.set()
            connections.close_all()

        def send(batch=batch, ended=ended):
            was_over = ended.is_set()
            transport = transport_of.open_transport()
            return delivery.send(batch, transport) if batch else 0, was_over

        results = at_once([answer_and_take_back, send])
        sent, was_over = results[1]
        late += was_over
        assert not (was_over and sent)
        delivery.deliver(seconds=1)
        left = set(Message.objects.filter(state="sent").values_list("rule__code", flat=True))
        assert left <= {"people-consent-asked", "people-consent-signed", "people-consent-withdrawn"}
        assert "people-consent-asked" not in left or sent
    record_property("tried", 60)
