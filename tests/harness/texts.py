"""The texts that code and templates show, found as gettext would, in pure Python."""

import ast
import re

from django.conf import settings
from django.utils.translation.template import templatize

PACKAGES = ("eocenter", "participants", "programs", "impact")
# Which argument is the text, and which the context.
FUNCTIONS = {
    "_": (0, None),
    "gettext": (0, None),
    "gettext_lazy": (0, None),
    "gettext_noop": (0, None),
    "ngettext": (0, None),
    "ngettext_lazy": (0, None),
    "pgettext": (1, 0),
    "pgettext_lazy": (1, 0),
    "npgettext": (1, 0),
    "npgettext_lazy": (1, 0),
}
STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL_IN_TEMPLATE = re.compile(rf"\b(n?p?gettext|_)\(((?:\s*{STRING}\s*,?)+)", re.DOTALL)


def texts_in_use():
    """(context, text) to one place where it stands."""
    found = {}
    for package in PACKAGES:
        for path in sorted((settings.BASE_DIR / package).rglob("*.py")):
            if "migrations" not in path.parts:
                remember(found, path, calls_in_python(path.read_text()))
    for path in sorted((settings.BASE_DIR / "templates").rglob("*.*")):
        if path.suffix in {".html", ".txt", ".mjml", ".xml", ".svg"}:
            remember(found, path, calls_in_template(path.read_text()))
    return found


def remember(found, path, calls):
    for name, arguments, line in calls:
        text, context = FUNCTIONS[name]
        key = (arguments[context] if context is not None else None, arguments[text])
        found.setdefault(key, f"{path.relative_to(settings.BASE_DIR)}:{line}")


def calls_in_python(source):
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", None))
            strings = [
                argument.value
                for argument in node.args
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            ]
            if name in FUNCTIONS and len(strings) > FUNCTIONS[name][0]:
                yield name, strings, node.lineno


def calls_in_template(source):
    """Django's own extraction writes a template as calls of gettext, with all else blanked out."""
    calls = templatize(source)
    for match in CALL_IN_TEMPLATE.finditer(calls):
        yield match[1], ast.literal_eval(f"({match[2].rstrip().rstrip(',')},)"), calls.count("\n", 0, match.start()) + 1
