"""Every route, tried by everybody: what was asked, what came back, and what the decisions say about it."""

import re
from dataclasses import dataclass
from functools import cache

import yaml
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from participants.accounts.models import User
from participants.accounts.roles import Role
from tests.factories.accounts import UserFactory
from tests.harness.responses import TOKENS
from tests.world import users_of

DECISIONS = settings.BASE_DIR / "tests" / "decisions" / "access.yaml"
# Mounted under a prefix of their own and judged by rules of their own.
OF_LIBRARIES = ("accounts/", "office/")
NOBODY, EVERYBODY = "nobody", "everyone"
OUTSIDERS = ("anonymous", "deactivated")
# Those whose counterpart on the other side is somebody else: they are tried from both sides.
OF_ONE_SIDE = [Role.PROGRAMME_MANAGER, Role.VOLUNTEER, Role.CLUB_OFFICER, Role.SCHOOL_CONTACT, Role.PARTNER]
ONE_SIDE = [*OUTSIDERS, "no role", "without second factor", *Role.values]
ACTORS = [*ONE_SIDE, *(f"{role} of the other side" for role in OF_ONE_SIDE)]
ABSENT_ID, ABSENT_TOKEN = 987654321, "1.1.0.absent"
IN, ABSENT, DOOR, FACTOR, METHOD = "in", "absent", "door", "second factor", "method"


@dataclass(frozen=True)
class Route:
    name: str
    address: str
    view: object
    arguments: tuple[str, ...]

    @property
    def is_public(self):
        return not getattr(self.view, "login_required", True)


def all_routes(patterns=None, prefix="", namespace="", arguments=()):
    """Every address; one without a name has an empty one."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        address = prefix + str(pattern.pattern)
        inside = (*arguments, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLPattern):
            yield Route(namespace + (pattern.name or ""), address, pattern.callback, inside)
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from all_routes(pattern.url_patterns, address, inner, inside)


def named_routes():
    """Every address of ours with its name; the libraries' are left out."""
    return [route for route in all_routes() if not route.address.startswith(OF_LIBRARIES)]


@cache
def decisions():
    return yaml.safe_load(DECISIONS.read_text())


def roles_of(names) -> set[str]:
    """The roles that a rule names, directly or as a group."""
    found = set()
    for name in [names] if isinstance(names, str) else names or []:
        if name == EVERYBODY:
            found |= {*Role.values, "no role", *OUTSIDERS}
        elif name == "signed_in":
            found |= {*Role.values, "no role"}
        elif name in decisions()["groups"]:
            found |= roles_of(decisions()["groups"][name])
        elif name != NOBODY:
            found.add(Role(name).value)
    return found


@dataclass(frozen=True)
class Cell:
    """One question: this actor, this route, somebody's object, this method."""

    actor: str
    role: str
    route: Route
    whose: str
    method: str
    path: str

    def __str__(self):
        return f"{self.actor} {self.method} {self.path} ({self.route.name}, {self.whose})"


def expected(cell):
    """What the decisions say: in, absent, door, second factor."""
    rule = decisions()["routes"][cell.route.name]
    if cell.role == "without second factor":
        return IN if cell.route.name in decisions()["before_second_factor"] else FACTOR
    if cell.role in OUTSIDERS and not cell.route.is_public:
        return DOOR
    if cell.whose == "absent":
        return ABSENT
    may = roles_of(rule["may"] if "may" in rule else rule["own" if cell.whose == "own" else "foreign"])
    return IN if cell.role in may else ABSENT


def outcome(response):
    """In words; anything that no rule foresees comes out as it is."""
    location = response.headers.get("Location", "")
    if response.status_code == 302:
        if location.startswith("/accounts/login/"):
            return DOOR
        if location.startswith(("/accounts/2fa/?", "/accounts/2fa/reauthenticate/")) or location == "/accounts/2fa/":
            return FACTOR
        return IN if re.match(r"(/(?!/)|\?|$)", location) else f"redirect to {location}"
    names = {200: IN, 204: IN, 404: ABSENT, 405: METHOD}
    return names.get(response.status_code, str(response.status_code))


def fits(found, wanted, cell):
    """A page that only takes a form, or only reads, answers 405 to everybody and about everything."""
    also = decisions()["routes"][cell.route.name].get("also")
    return found in {wanted, also} or (found == METHOD and wanted in {IN, ABSENT})


def ask(client: Client, cell, **headers):
    """Ask, and undo whatever it did."""
    with transaction.atomic():
        response = getattr(client, cell.method.lower())(cell.path, **headers)
        if response.streaming:
            response.kept = b"".join(response.streaming_content)
        else:
            response.kept = response.content
        transaction.set_rollback(True)
    # What one answer wanted to say on the next page travels in a cookie, which no rollback takes back.
    client.cookies.pop("messages", None)
    return response


def plain(response, path):
    """The answer without what is new in every answer: tokens, and the address that was asked for."""
    text = TOKENS.sub("", response.kept.decode(errors="replace"))
    return response.status_code, text.replace(path, "<path>")


def paths(route, objects):
    """(whose, path) for the route; `objects` are (own side, other side)."""
    if not route.arguments:
        return [("own", reverse(route.name))]
    kind = decisions()["routes"][route.name]["object"]
    [argument] = route.arguments[:1]
    rest = dict.fromkeys(route.arguments[1:], 1)
    absent = ABSENT_ID if isinstance(objects[0].get(kind, 0), int) else ABSENT_TOKEN
    ids = {"own": objects[0].get(kind, absent), "foreign": objects[1].get(kind, absent), "absent": absent}
    return [(whose, reverse(route.name, kwargs={argument: value, **rest})) for whose, value in ids.items()]


def missing_headers(response, path):
    """The shields that an answer lacks, and cookies that are open."""
    policy = response.headers.get("Content-Security-Policy", "")
    found = []
    for part in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        if part not in policy:
            found.append(f"no {part}")
    if "unsafe" in policy and not path.startswith(settings.OFFICE_PATH):
        found.append("unsafe code allowed")
    wanted = {"X-Content-Type-Options": {"nosniff"}, "X-Frame-Options": {"DENY"},
              "Referrer-Policy": {"same-origin", "no-referrer"}, "Cross-Origin-Opener-Policy": {"same-origin"}}  # fmt: skip
    found += [name for name, values in wanted.items() if response.headers.get(name) not in values]
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        cookie = response.cookies.get(name)
        if cookie and cookie.value and not (cookie["httponly"] and cookie["samesite"] == "Lax"):
            found.append(f"cookie {name} is open")
    return found


def faults(response, path):
    """What no answer may be, whoever asks: an error of ours, or one without its shields."""
    return [str(response.status_code)] * (response.status_code >= 500) + missing_headers(response, path)


def enter(actor, world, client_for):
    """(client, role, own objects, others' objects) of an actor."""
    sides = world.a, world.b
    role = actor.removesuffix(" of the other side")
    if role != actor:
        sides = world.b, world.a
    objects = [side.objects for side in sides]
    if actor == "anonymous":
        return Client(), actor, objects
    if actor == "deactivated":
        user = users_of(world.a)[Role.COORDINATOR]
        client = client_for(user)
        User.objects.filter(pk=user.pk).update(is_active=False)
        return client, actor, objects
    if actor == "no role":
        return client_for(UserFactory()), actor, objects
    if actor == "without second factor":
        return client_for(users_of(world.a)[Role.ADMINISTRATOR], second_factor=False), actor, objects
    return client_for(users_of(sides[0])[role]), role, objects
