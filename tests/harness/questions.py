"""What somebody curious writes behind the address of a list: what its code reads, what its page offers to those who see
everything, and the words and numbers of the other side."""

import html
import inspect
import re
import sys
from urllib.parse import urlencode

from tests.harness.matrix import Cell, ask

NAMED_IN_CODE = re.compile(r'GET(?:\.get(?:list)?\(|\[)"(\w+)"')
FIELDS_OF_FILTERS = ("q", "school", "class_group", "level", "year", "state")
FORM = re.compile(r'<form\b[^>]*method="get".*?</form>', re.DOTALL | re.IGNORECASE)
FIELD = re.compile(r'<(?:input|select)\b[^>]*\bname="(\w+)"')
CHOICES = re.compile(r'<select\b[^>]*\bname="(\w+)".*?</select>', re.DOTALL)
VALUE = re.compile(r'<option\b[^>]*\bvalue="([^"]+)"')
LINK = re.compile(r'href="(\?[^"#]+)')
EACH = 3  # of the choices of one field that only the other side has


def of_code(route):
    """The names that the view of a page reads from its address."""
    return set(NAMED_IN_CODE.findall(inspect.getsource(sys.modules[inspect.unwrap(route.view).__module__])))


def of_page(body, theirs, known=""):
    """Every question that a page offers, as the end of an address: its links, the other side's number or word in each
    field, and the choices that the page of whoever asks (`known`) does not have."""
    asked = {html.unescape(link) for link in LINK.findall(body)} - {html.unescape(link) for link in LINK.findall(known)}
    for form in FORM.findall(body):
        asked |= {f"?{urlencode({name: theirs.get(name, 'zqx')})}" for name in FIELD.findall(form)}
        for choices in CHOICES.finditer(form):
            strange = [value for value in VALUE.findall(choices[0]) if f'value="{value}"' not in known]
            asked |= {f"?{urlencode({choices[1]: html.unescape(value)})}" for value in strange[:EACH]}
    return asked


def body_of(client, role, route, path):
    """The page at an address, or nothing where it does not open."""
    response = ask(client, Cell(role, role, route, "own", "GET", path))
    return response.kept.decode(errors="replace") if response.status_code == 200 else ""
