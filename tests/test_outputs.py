"""Nothing about a pupil or a family leaves without its agreement, or without a reason why none is needed.

Exports, files, mails to families are enumerated from the code and compared with `decisions/outputs.yaml`.
"""

import ast
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.contrib import admin

from participants.correspondence import jobs, occasions
from participants.people.models import Purpose
from tests.harness.matrix import DECISIONS
from tests.test_architecture import FILES

DECIDED = yaml.safe_load((DECISIONS.parent / "outputs.yaml").read_text())
OUTPUT_ROOMS = {"resources", "exports", "occasions", "letters", "tasks", "photo_lists", "lists", "extracts"}
ABOUT_FAMILIES = {"Pupil", "Guardian", "Guardianship", "Enrolment"}


def resources():
    """Every set of columns that a table of the back office offers."""
    found = set()
    for table in admin.site._registry.values():
        for name in ("resource_classes", "resource_class"):
            classes = getattr(table, name, None) or []
            for each in classes if isinstance(classes, list | tuple) else [classes]:
                found.add(f"{each.__module__}.{each.__name__}")
    return found


def own(names):
    return {name for name in names if not name.startswith(("django", "import_export"))}


FOUND = {
    "jobs": lambda: set(jobs._registry),
    "resources": lambda: own(resources()),
    "mails": lambda: set(occasions.keys(for_families=True)),
}


@pytest.mark.parametrize("kind", FOUND)
def test_every_output_has_a_decision(kind):
    assert FOUND[kind]() == set(DECIDED[kind])


def test_a_decision_is_a_purpose_or_a_reason():
    wrong = [
        f"{kind}: {name}"
        for kind in DECIDED
        for name, said in DECIDED[kind].items()
        if said not in Purpose.values and not (isinstance(said, dict) and set(said) == {"none"} and said["none"])
    ]
    assert wrong == []


def calls(tree, name):
    """Whether a function of this name is called."""
    return any(
        isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == name
        for node in ast.walk(tree)
    )


def asks_for_families(tree):
    """Whether a file starts a query on pupils, guardians or their years."""
    return any(
        isinstance(node, ast.Attribute)
        and node.attr in {"objects", "_default_manager"}
        and isinstance(node.value, ast.Name)
        and node.value.id in ABOUT_FAMILIES
        for node in ast.walk(tree)
    )


def output_files():
    return [path for path in FILES if {*path.with_suffix("").parts} & OUTPUT_ROOMS]


def careless(path):
    tree = ast.parse((settings.BASE_DIR / path).read_text())
    return asks_for_families(tree) and not calls(tree, "allowed")


def test_what_makes_output_asks_for_the_agreement():
    assert {str(path) for path in output_files() if careless(path)} == set(DECIDED["queries"])


def test_a_file_decided_for_a_purpose_asks_for_that_purpose():
    """A job that rests on an agreement names it beside the door."""
    for key, said in DECIDED["jobs"].items():
        if isinstance(said, str):
            module = find_spec(jobs.find(key).run.__module__)
            source = ast.parse(Path(module.origin).read_text())
            assert calls(source, "allowed"), key
            assert Purpose(said).name in {node.attr for node in ast.walk(source) if isinstance(node, ast.Attribute)}, (
                key
            )


def test_the_search_finds_a_careless_file():
    assert asks_for_families(ast.parse("def rows():\n    return Pupil.objects.all()"))
    assert not asks_for_families(ast.parse("def rows(pupils):\n    return pupils.all()"))
    assert calls(ast.parse("allowed(Pupil.objects.all(), 'image')"), "allowed")
