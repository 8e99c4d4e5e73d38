"""The tree and its arrows: who may know whom, how long a piece may be, and what no module is called."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

# Each app and the apps that it may know, itself and everything below included (docs/design: arrows point down only).
ACCOUNTS = "participants.accounts"
GROUND = {ACCOUNTS, "participants.organisations", "participants.correspondence"}
SPINE = GROUND | {"participants.people", "programs.activities"}
PILLARS = {"programs.awareness", "programs.tutoring", "programs.engagement"}
MAY_KNOW = {
    ACCOUNTS: set(),
    "participants.organisations": {ACCOUNTS},
    "participants.correspondence": {ACCOUNTS},
    "participants.people": GROUND,
    "programs.activities": GROUND | {"participants.people"},
    **dict.fromkeys(PILLARS, SPINE),
    **dict.fromkeys(["impact.measurement", "impact.research"], SPINE | PILLARS),
    "eocenter": SPINE | PILLARS | {"impact.measurement", "impact.research"},
}
FORBIDDEN_NAMES = {"utils", "helpers", "services", "managers", "mixins", "signals", "common", "misc"}
# Inside an app: what each room may open. A room that is not named here is a pure one and opens models at most.
FRONT_DOORS = {"views", "admin", "resources", "tasks", "management", "api"}
LONGEST_FILE = 400
LONGEST_FUNCTION = 60


def own_files():
    """Every file of the platform that is neither a test nor a migration."""
    for package in ("eocenter", "participants", "programs", "impact"):
        for path in sorted((settings.BASE_DIR / package).rglob("*.py")):
            relative = path.relative_to(settings.BASE_DIR)
            if "migrations" not in relative.parts:
                yield relative


FILES = list(own_files())


def app_of(module):
    """The app that a module belongs to: `programs.awareness.views` is of `programs.awareness`."""
    parts = module.split(".")
    if parts[0] == "eocenter":
        return "eocenter"
    if parts[0] in {"participants", "programs", "impact"} and len(parts) > 1:
        return ".".join(parts[:2])
    return None


def module_of(path):
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def tree_of(path):
    return ast.parse((settings.BASE_DIR / path).read_text(), filename=str(path))


def imports_of(path):
    """Each module that a file names, wherever in the file, with its line; relative ones made absolute."""
    package = module_of(path).split(".") if path.name == "__init__.py" else module_of(path).split(".")[:-1]
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((f"{base}.{alias.name}", node.lineno) for alias in node.names)


@pytest.mark.parametrize("path", FILES, ids=str)
def test_imports_point_down(path):
    app = app_of(module_of(path))
    wrong = [
        f"{path}:{line} knows {known}"
        for known, line in imports_of(path)
        if app and app_of(known) not in {None, app, *MAY_KNOW[app]}
    ]
    assert wrong == []


def test_relations_point_down():
    wrong = []
    for model in apps.get_models():
        app = app_of(model.__module__)
        for field in model._meta.get_fields():
            related = field.related_model if field.is_relation and not field.auto_created else None
            other = app_of(related.__module__) if related and related != "self" else None
            if app and other not in {None, app, *MAY_KNOW[app]}:
                wrong.append(f"{model._meta.label}.{field.name} points to {related._meta.label}")
    assert wrong == []


def test_there_is_no_circle_among_the_apps():
    known = {
        app: {app_of(name) for path in FILES if app_of(module_of(path)) == app for name, _ in imports_of(path)}
        & (MAY_KNOW.keys() - {app})
        for app in MAY_KNOW
    }
    pairs = {(one, other) for one, others in known.items() for other in others if one in known[other]}
    assert pairs == set()


def test_the_map_names_every_app_of_ours():
    installed = {config.name for config in apps.get_app_configs() if app_of(config.name)}
    assert installed - MAY_KNOW.keys() == set()


@pytest.mark.parametrize("path", FILES, ids=str)
def test_actions_and_models_do_not_open_front_doors(path):
    """Front doors open forms, forms open actions, actions open models; never the other way."""
    app, room = app_of(module_of(path)), room_of(module_of(path))
    if room not in {"models", "actions", "forms"}:
        return
    closed = FRONT_DOORS | ({"forms"} if room != "forms" else set()) | ({"actions"} if room == "models" else set())
    wrong = [
        f"{path}:{line} opens {known}"
        for known, line in imports_of(path)
        if app_of(known) and app_of(known) == app and room_of(known) in closed
    ]
    assert wrong == []


def room_of(module):
    """`programs.awareness.models.request` is in the room `models`."""
    rest = module.split(".")[1 if module.startswith("eocenter") else 2 :]
    return rest[0] if rest else ""


@pytest.mark.parametrize("path", FILES, ids=str)
def test_actions_never_enqueue(path):
    if room_of(module_of(path)) in {"models", "actions", "forms"}:
        called = {node.attr for node in ast.walk(tree_of(path)) if isinstance(node, ast.Attribute)}
        assert called & {"delay", "apply_async", "send_task"} == set()


def test_nothing_is_scheduled_by_eta_or_countdown():
    """On this broker a task that waits longer than the visibility timeout runs again and again."""
    wrong = [
        f"{path}:{node.lineno}"
        for path in FILES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.keyword) and node.arg in {"eta", "countdown"}
    ]
    assert wrong == []


def test_every_package_that_we_open_is_one_that_we_ask_for():
    """What comes along with another package may leave with it."""
    distributions = packages_distributions()
    asked = {
        canonical(match[1])
        for path in settings.BASE_DIR.glob("requirements*.txt")
        for match in re.finditer(r"^([\w.-]+)(?=\[|==)", path.read_text(), re.MULTILINE)
    }
    own = {"eocenter", "participants", "programs", "impact"}
    opened = {name.split(".")[0]: path for path in FILES for name, _ in imports_of(path)}
    missing = {
        name: str(path)
        for name, path in opened.items()
        if name not in own | sys.stdlib_module_names
        and not asked & {canonical(distribution) for distribution in distributions.get(name, [name])}
    }
    assert missing == {}


def canonical(name):
    return name.lower().replace("_", "-")


def test_no_module_is_a_drawer_for_everything():
    assert [str(path) for path in FILES if set(Path(path).with_suffix("").parts) & FORBIDDEN_NAMES] == []


def test_imports_stand_at_the_top():
    inside = [
        f"{path}:{inner.lineno}"
        for path in FILES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


def test_files_and_functions_are_short():
    long = []
    for path in FILES:
        lines = (settings.BASE_DIR / path).read_text().count("\n")
        if lines > LONGEST_FILE:
            long.append(f"{path}: {lines} lines")
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = node.end_lineno - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    long.append(f"{path}:{node.name}: {length} lines")
    assert long == []
