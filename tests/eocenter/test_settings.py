"""The environment decides, and says what is missing."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

PRODUCTION = {
    "PATH": os.environ["PATH"],
    "EOC_MODE": "production",
    "SECRET_KEY": "x" * 60,
    "SITE_URL": "https://eo.example.org",
    "ALLOWED_HOSTS": "eo.example.org",
    "DATABASE_URL": "postgresql:///eocenter",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "EMAIL_URL": "smtp://127.0.0.1:25",
}


def load_settings(environment, expression="settings.MODE"):
    code = f"from django.conf import settings; print({expression})"
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        env=environment | {"DJANGO_SETTINGS_MODULE": "eocenter.settings"},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )


def test_production_starts_when_all_is_given():
    assert load_settings(PRODUCTION).stdout == "production\n"


def test_production_is_what_nobody_said():
    assert (
        load_settings({key: value for key, value in PRODUCTION.items() if key != "EOC_MODE"}).stdout == "production\n"
    )


@pytest.mark.parametrize("name", ["SECRET_KEY", "SITE_URL", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL", "EMAIL_URL"])
def test_a_missing_secret_refuses_to_start_and_says_which(name):
    done = load_settings(PRODUCTION | {name: ""})
    assert done.returncode != 0
    assert f"{name} is not set" in done.stderr


def test_another_mode_is_refused():
    done = load_settings(PRODUCTION | {"EOC_MODE": "staging"})
    assert "EOC_MODE is 'staging': say local or production." in done.stderr


def test_the_mailbox_is_routed_on_ones_own_machine_only():
    expression = "[p.name for p in __import__('eocenter.urls').urls.urlpatterns if str(p.pattern).startswith('local/')]"
    setup = f"(__import__('django').setup(), {expression})[1]"
    assert load_settings(PRODUCTION, setup).stdout == "[]\n"
    local = load_settings(PRODUCTION | {"EOC_MODE": "local"}, setup).stdout
    assert local == "['mailbox', 'mailbox-mail', 'mailbox-attachment']\n"


def test_the_solver_is_loaded_where_a_plan_is_sought_and_nowhere_else():
    loaded = "[name in __import__('sys').modules for name in ('ortools', 'pandas', 'programs.awareness.urls')]"
    setup = f"(__import__('django').setup(), __import__('eocenter.urls'), {loaded})[2]"
    assert load_settings(PRODUCTION, setup).stdout == "[False, False, True]\n"


def test_row_triggers_need_not_catch_an_error_to_learn_that_none_is_ignored(db):
    with connection.cursor() as cursor:
        cursor.execute("SHOW pgtrigger.ignore")
        assert cursor.fetchone() == ("{}",)


def test_every_variable_that_is_read_stands_in_the_example():
    example = (settings.BASE_DIR / ".env.example").read_text()
    read = set()
    for package in ("eocenter", "participants", "programs", "impact"):
        for path in (settings.BASE_DIR / package).rglob("*.py"):
            source = path.read_text()
            read |= set(re.findall(r'(?:env\.\w+\(|needed\(env, |required\(|environ\.get\()\s*"([A-Z_]+)"', source))
    assert read - set(re.findall(r"\b([A-Z][A-Z_]+)=", example)) - {"PATH"} == set()
