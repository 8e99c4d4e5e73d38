"""What every answer of the test client must satisfy: GET and HEAD only read, and no page carries inline code."""

import re
from contextlib import nullcontext
from functools import lru_cache
from html.parser import HTMLParser

from django.db import connection
from django.test.client import Client

# Whose rows may change while a page is only looked at: the session and its list, the note of django-allauth that
# recovery codes were shown, and the trace that somebody looked at a pupil's record.
WRITABLE_ON_GET = {"django_session", "usersessions_usersession", "mfa_authenticator", "people_look"}
WRITING = re.compile(r'^\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|MERGE\s+INTO|TRUNCATE|COPY)\s+"?([\w.]+)', re.I)
READING = re.compile(r"^\s*(?:SELECT|WITH|FETCH|CLOSE|DECLARE|SAVEPOINT|RELEASE|ROLLBACK|SHOW|EXPLAIN)\b", re.I)
HIDDEN_WRITING = re.compile(
    r"\b(?:INSERT\s+INTO|DELETE\s+FROM|UPDATE\s+\"?\w+\"?\s+SET|FOR\s+(?:NO\s+KEY\s+)?UPDATE)\b", re.I
)
# Where another house sends its visitor back with an answer that works once: protocols make this a GET.
ANSWERS_OF_OTHER_HOUSES = re.compile(r"^/accounts/(?:oidc/[^/]+/login/callback|saml/[^/]+/acs/finish)/$")
# The back office is django-unfold's: its pages carry its own inline code, under a policy of their own.
PAGES_OF_THIRD_PARTIES = ("/office/",)
TOKENS = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"')
PLAIN_PATH = re.compile(r"[\w/.:-]{2,}")
ADDRESSES = {"href", "src", "action", "formaction", "xlink:href", "data"}
DATA_SCRIPTS = {"application/json", "application/ld+json", "importmap", "speculationrules"}


def only_reads(sql):
    if written := WRITING.match(sql):
        return written[1] in WRITABLE_ON_GET
    if not READING.match(sql):
        return False
    return not HIDDEN_WRITING.search(sql) or any(table in sql for table in WRITABLE_ON_GET)


def refuse_writes(execute, sql, params, many, context):
    text = sql if isinstance(sql, str) else str(sql)
    assert only_reads(text), f"a GET or HEAD changed data: {text[:300]}"
    return execute(sql, params, many, context)


class InlineCode(HTMLParser):
    """Collects what a strict Content-Security-Policy would block."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        where = f"line {self.getpos()[0]}: {self.get_starttag_text()[:120]}"
        if tag == "style":
            self.found.append(f"inline style, {where}")
        if tag == "script" and "src" not in attributes and attributes.get("type") not in DATA_SCRIPTS:
            self.found.append(f"inline script, {where}")
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.found.append(f"inline {name}=, {where}")
            if name in ADDRESSES and (value or "").strip().lower().startswith("javascript:"):
                self.found.append(f"javascript: address, {where}")


@lru_cache(maxsize=64)
def problems_of(html):
    """What is wrong in a page. The page that says "there is nothing here" comes a thousand times: it is read once."""
    parser = InlineCode()
    parser.feed(html)
    unrendered = re.findall(r"(?:\{\{|\{%)[^\n]{0,60}", html)
    return parser.found + [f"template code came out: {text}" for text in unrendered]


def without_what_is_new(html, path):
    """The page without its token and without the address that was asked for, if that is nothing but an address."""
    html = TOKENS.sub("", html)
    return html.replace(path, "/") if PLAIN_PATH.fullmatch(path) else html


def check_page(request, response):
    is_page = response.get("Content-Type", "").startswith("text/html") and not response.streaming
    if is_page and not request["PATH_INFO"].startswith(PAGES_OF_THIRD_PARTIES):
        found = problems_of(without_what_is_new(response.content.decode(), request["PATH_INFO"]))
        assert not found, f"{request['PATH_INFO']}: {found}"


def watch_every_answer(monkeypatch):
    """Put the checks around every request of every test client."""
    send = Client.request

    def send_watched(client, **request):
        is_reading = request.get("REQUEST_METHOD") in {"GET", "HEAD"}
        is_reading &= not ANSWERS_OF_OTHER_HOUSES.match(request["PATH_INFO"])
        with connection.execute_wrapper(refuse_writes) if is_reading else nullcontext():
            response = send(client, **request)
        check_page(request, response)
        return response

    monkeypatch.setattr(Client, "request", send_watched)
