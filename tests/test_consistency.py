"""The project as a whole keeps its word: every page has a rule, every template a use, every field a class."""

import re
from importlib import import_module
from pathlib import Path

import pytest
import yaml
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import label_for_field
from django.db.models import Model
from django.urls import URLPattern, get_resolver, reverse
from django.utils.functional import Promise

from eocenter.navigation import NAVIGATION
from tests.harness.matrix import decisions, roles_of

ROOT = Path(settings.BASE_DIR)
OWN = ("eocenter", "participants.", "programs.", "impact.")
OWN_APPS = [config for config in apps.get_app_configs() if config.name.startswith(OWN)]
DECISIONS = ROOT / "tests" / "decisions"
# Templates that replace those of a library, which names them itself.
OVERRIDES = {"account", "allauth", "mfa", "socialaccount", "usersessions", "admin", "unfold", "django", "registration"}


def own_models(config) -> list[type[Model]]:
    """The models of an app, without the history tables that the database itself fills."""
    return [model for model in config.get_models() if not hasattr(model, "pgh_tracked_model")]


def routes(patterns=None, prefix=""):
    """Every address with its view, without those of the libraries mounted under a prefix of their own."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield address, pattern.callback
        elif not address.startswith(("accounts/", "office/")):
            yield from routes(pattern.url_patterns, address)


def test_every_page_needs_sign_in_or_is_on_the_public_list():
    public = {address for address, view in routes() if not getattr(view, "login_required", True)}
    assert public == set(yaml.safe_load((DECISIONS / "public_addresses.yaml").read_text()))


@pytest.mark.parametrize("config", OWN_APPS, ids=lambda config: config.label)
def test_every_field_is_classified(config):
    """Each concrete field is personal, with purpose and term, or technical; a model without anything about a person
    stands in TECHNICAL by its own name."""
    fields = {
        f"{model.__name__}.{field.name}"
        for model in own_models(config)
        for field in [*model._meta.concrete_fields, *model._meta.many_to_many]
        if field.name != "id"
    }
    if not fields:
        return
    privacy = import_module(f"{config.name}.privacy")
    whole = {name for name in privacy.TECHNICAL if "." not in name}
    decided = {*privacy.PERSONAL, *privacy.TECHNICAL} | {name for name in fields if name.split(".")[0] in whole}
    assert fields - decided == set(), "classify these in privacy.py"
    assert {name for name in {*privacy.PERSONAL, *privacy.TECHNICAL} if "." in name} - fields == set(), "gone"
    assert set(privacy.PERSONAL) & set(privacy.TECHNICAL) == set()


@pytest.mark.parametrize("config", OWN_APPS, ids=lambda config: config.label)
def test_every_model_stands_in_the_back_office(config):
    assert [model for model in own_models(config) if model not in admin.site._registry] == []


def test_every_table_of_the_back_office_is_filtered_and_searched():
    """Tables of numbers and moments have nothing to search."""
    tables = {
        model.__name__: table for model, table in admin.site._registry.items() if model.__module__.startswith(OWN)
    }
    assert [name for name, table in tables.items() if not table.list_filter and name not in {"Heartbeat"}] == []
    without = {name for name, table in tables.items() if not table.search_fields}
    assert without == {"DoorMark", "RetentionRun", "DuplicateSearch"}


@pytest.mark.parametrize("config", OWN_APPS, ids=lambda config: config.label)
def test_columns_of_the_back_office_have_names_in_both_languages(config):
    """A method without a name of its own, or a field that a library made, would be called in English only."""
    assert [
        (model.__name__, column)
        for model in config.get_models()
        if (table := admin.site._registry.get(model))
        for column in table.list_display
        if column not in ("__str__", "id") and not isinstance(name_of_column(column, model, table), Promise)
    ] == []


def name_of_column(column, model, table):
    heading, attribute = label_for_field(column, model, table, return_attr=True)
    if attribute is not None:
        return getattr(attribute, "short_description", heading)
    field = model._meta.get_field(column)
    return field.related_model._meta.verbose_name if field.auto_created else field.verbose_name


@pytest.mark.parametrize("config", OWN_APPS, ids=lambda config: config.label)
def test_names_of_models_and_fields_start_in_lower_case(config):
    """They stand inside sentences; acronyms keep their capitals."""
    names = [
        (model.__name__, str(name))
        for model in own_models(config)
        for name in [
            model._meta.verbose_name,
            *(field.verbose_name for field in model._meta.fields if hasattr(field, "verbose_name")),
        ]
    ]
    assert [pair for pair in names if pair[1][:1].isupper() and not pair[1][:2].isupper() and pair[1] != "ID"] == []


def test_every_app_says_its_rules():
    missing = [config.label for config in OWN_APPS if not (Path(config.path) / "README.md").exists()]
    assert [label for label in missing if label != "eocenter"] == []


def test_every_entry_of_the_navigation_leads_somewhere():
    entries = {entry.url_name for entries in NAVIGATION.values() for entry in entries}
    assert all(reverse(name).startswith("/") for name in entries)


def test_no_entry_of_the_navigation_leads_a_role_astray():
    routes = decisions()["routes"]
    astray = [
        (str(role), entry.url_name)
        for role, entries in NAVIGATION.items()
        for entry in entries
        if entry.url_name in routes and role not in roles_of(routes[entry.url_name].get("may", "nobody"))
    ]
    assert astray == []


def test_every_template_is_used():
    templates = {path.relative_to(ROOT / "templates").as_posix() for path in (ROOT / "templates").rglob("*.*")}
    own = {name for name in templates if name.split("/")[0] not in OVERRIDES and name.endswith((".html", ".txt"))}
    sources = [
        path for folder in ("eocenter", "participants", "programs", "impact") for path in (ROOT / folder).rglob("*.py")
    ]
    sources += list((ROOT / "templates").rglob("*.html"))
    text = "\n".join(path.read_text() for path in sources)
    named = set(re.findall(r"""["']([\w/-]+\.(?:html|txt))["']""", text))
    by_name = {"400.html", "403.html", "404.html", "500.html", "403_csrf.html"}
    assert own - named - by_name == set()
