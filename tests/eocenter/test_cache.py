"""Redis away: pages come, people sign in, limits hold."""

import logging
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as project
from django.core.cache import cache, caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from eocenter import actions, tasks
from eocenter.cache import PAUSE
from eocenter.local.servers import free_port
from eocenter.models import DoorMark
from participants.correspondence.models import Message
from tests.factories.accounts import UserFactory
from tests.participants.accounts.conftest import sign_in_by_password, with_password

pytestmark = pytest.mark.django_db


@pytest.fixture
def away(settings):
    """REDIS_URL leads to a port at which nobody listens."""
    redis = settings.CACHES["default"] | {"LOCATION": f"redis://127.0.0.1:{free_port()}/0"}
    settings.CACHES = settings.CACHES | {"default": redis}
    caches["process"].clear()


def test_the_cache_is_where_the_environment_says():
    assert project.CACHES["default"]["LOCATION"] == project.REDIS_URL


@pytest.mark.usefixtures("away")
class TestAway:
    def test_what_only_saves_time_is_made_anew(self, caplog):
        assert cache.get("drawing", "none") == "none"
        cache.set("drawing", "<svg>")
        assert cache.get_or_set("drawing", "<svg>") == "<svg>"
        assert (cache.get("drawing"), "drawing" in cache, cache.get_many(["drawing"])) == (None, False, {})
        assert (cache.delete("drawing"), cache.touch("drawing"), cache.set_many({"a": 1}), cache.clear()) == (
            False,
            False,
            [],
            None,
        )
        assert [record.getMessage() for record in caplog.records if record.name == "eocenter.cache"] == [
            "The cache is away: ConnectionError"
        ]
        assert not DoorMark.objects.exists()

    def test_a_code_is_asked_for_and_signs_in(self, client, settings):
        settings.EMAIL_BACKEND = "participants.correspondence.mail.OutboxBackend"
        user = UserFactory()
        client.post("/accounts/login/code/", {"email": user.email})
        code = Message.objects.get(recipient=user).subject.rpartition(": ")[2]
        assert client.post("/accounts/login/code/confirm/", {"code": code}).url == "/"
        assert client.session["_auth_user_id"] == str(user.pk)

    def test_five_wrong_passwords_are_the_limit_and_others_come_in(self, client):
        victim = with_password(UserFactory())
        EmailAddress.objects.create(user=victim, email=victim.email, primary=True, verified=True)
        for _attempt in range(5):
            sign_in_by_password(client, victim.email, "wrong password here")
        sign_in_by_password(client, victim.email)
        assert "_auth_user_id" not in client.session
        home = Client(REMOTE_ADDR="203.0.113.9")
        sign_in_by_password(home, victim.email)
        assert home.session["_auth_user_id"] == str(victim.pk)

    def test_the_marks_name_nobody_and_are_tidied(self, client):
        client.post("/accounts/login/code/", {"email": "ada@lycee.example"}, REMOTE_ADDR="203.0.113.9")
        marks = " ".join(DoorMark.objects.values_list("cache_key", flat=True))
        assert marks
        assert not any(word in marks for word in ("203", "login", "ada"))
        kept = DoorMark.objects.order_by("pk").first()
        DoorMark.objects.exclude(pk=kept.pk).update(expires=timezone.now() - timedelta(seconds=1))
        tasks.tidy_doors()
        assert DoorMark.objects.get() == kept
        assert actions.tidy_doors() == 0

    def test_a_search_is_counted_and_writes_nothing(self, client, monkeypatch):
        monkeypatch.setattr("participants.organisations.limits.SEARCHES_A_MINUTE", 2)
        url = reverse("organisations:school-search") + "?q=curie"
        assert [client.get(url).status_code for _search in range(3)] == [200, 200, 429]
        assert not DoorMark.objects.exists()

    def test_pages_come(self, client, client_for, cleo):
        assert client.get("/accounts/login/").status_code == 200
        assert client_for(cleo).get("/").status_code == 200


def test_it_is_asked_again_after_a_pause(monkeypatch, caplog):
    caplog.set_level(logging.WARNING)
    cache.set("word", "kept")
    now = [1000.0]
    monkeypatch.setattr("eocenter.cache.time.monotonic", lambda: now[0])
    monkeypatch.setattr(caches["default"], "asked_again_at", now[0] + PAUSE)
    assert cache.get("word") is None
    now[0] += PAUSE
    assert cache.get("word") == "kept"
