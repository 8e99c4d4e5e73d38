"""French is complete: nothing missing, nothing doubtful, nothing left over, every placeholder in its place."""

import ast
import re

import polib
import pytest
from django.conf import settings

from tests.harness.texts import PACKAGES, calls_in_python, calls_in_template, texts_in_use

CATALOGUE = settings.BASE_DIR / "locale" / "fr" / "LC_MESSAGES" / "django.po"


@pytest.fixture(scope="module")
def entries():
    return {(entry.msgctxt, entry.msgid): entry for entry in polib.pofile(str(CATALOGUE)) if not entry.obsolete}


@pytest.fixture(scope="module")
def used():
    return texts_in_use()


def test_every_text_is_translated(entries, used):
    missing = [
        f"{place}: {text!r}"
        for (context, text), place in used.items()
        if (entry := entries.get((context, text))) is None or not entry.translated()
    ]
    assert missing == []


def test_no_text_hides_in_an_f_string():
    """gettext does not look there, so nobody would ever be asked to translate it."""
    hidden = [
        f"{path.relative_to(settings.BASE_DIR)}:{node.lineno}"
        for package in PACKAGES
        for path in (settings.BASE_DIR / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.JoinedStr) and any(calls_in_python(ast.unparse(node)))
    ]
    assert hidden == []


def test_no_translation_is_doubtful(entries):
    assert [text for (_, text), entry in entries.items() if "fuzzy" in entry.flags] == []


def test_no_translation_is_left_over(entries, used):
    assert [text for context, text in entries if (context, text) not in used] == []


def placeholders(text):
    return set(re.findall(r"%\(\w+\)[a-z]|\{\w*\}|%[sd]", text))


def test_placeholders_are_kept(entries):
    wrong = []
    for (_, text), entry in entries.items():
        if entry.msgid_plural:
            # The singular may say "one" where the plural counts.
            sources = placeholders(text) | placeholders(entry.msgid_plural)
            wrong += [text for form in entry.msgstr_plural.values() if placeholders(form) - sources]
        elif entry.msgstr and placeholders(entry.msgstr) != placeholders(text):
            wrong.append(text)
    assert wrong == []


def test_the_search_sees_what_gettext_sees():
    python = '_("one")\nngettext("%(n)s two", "%(n)s twos", n)\npgettext("here", "three" " and more")\nother("no")'
    assert list(calls_in_python(python)) == [
        ("_", ["one"], 1),
        ("ngettext", ["%(n)s two", "%(n)s twos"], 2),
        ("pgettext", ["here", "three and more"], 3),
    ]
    template = """<p>it's "not" a text</p>
{% translate "it's one" %}{% translate "two" context "here" %}{{ _("three")|upper }}
{% blocktranslate trimmed count n=n %}
  {{ n }} four
{% plural %}
  {{ n }} fours
{% endblocktranslate %}"""
    assert [(name, texts) for name, texts, _ in calls_in_template(template)] == [
        ("gettext", ("it's one",)),
        ("pgettext", ("here", "two")),
        ("_", ("three",)),
        ("ngettext", ("%(n)s four", "%(n)s fours")),
    ]
