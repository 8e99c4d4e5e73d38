"""What a phone keeps of the roll call's app: files and words of the house, nothing about anybody."""

import hashlib
import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from programs.activities.models import Attendance
from programs.activities.roll_words import MOST_WORDS

# The scripts name each other, so they keep their plain names; the worker renews all of them together.
SCRIPTS = [f"roll/{name}.js" for name in ("app", "marks", "page", "parts", "scan", "store", "sync")]
STYLES = ["css/tokens.css", "css/dark.css", "css/base.css", "css/components.css", "css/roll.css"]
FACES = ["unfold/fonts/inter/Inter-Regular.woff2", "unfold/fonts/inter/Inter-SemiBold.woff2"]
MARK = "images/mark.svg"


def context() -> dict:
    """What the shell says: addresses, and every text in the reader's language."""
    return {
        "script": f"{settings.STATIC_URL}{SCRIPTS[0]}",
        "styles": [name for name in STYLES if name != "css/dark.css"],
        "facts": {
            "lists": reverse("activities:roll-lists"),
            "words": reverse("activities:roll-words"),
            "worker": reverse("activities:roll-worker"),
            "scope": reverse("activities:roll-app"),
            "most": MOST_WORDS,
            "language": get_language(),
            "statuses": {status.value: text for status, text in _statuses().items()},
            "texts": _texts(),
        },
    }


def manifest() -> dict:
    """The name, the mark and the colours on the first screen of a phone."""
    scope = reverse("activities:roll-app")
    return {
        "name": _("Roll call") + f" · {settings.CENTER_NAME}",
        "short_name": _("Roll call"),
        "lang": get_language(),
        "id": scope,
        "start_url": scope,
        "scope": scope,
        "display": "standalone",
        "background_color": "#fbf8f2",
        "theme_color": "#fbf8f2",
        "icons": [{"src": static(MARK), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
    }


def worker() -> str:
    """The service worker: what it keeps, written before its own text."""
    files = [f"{settings.STATIC_URL}{name}" for name in SCRIPTS]
    files += [static(name) for name in (*STYLES, *FACES, MARK)]
    kept = {"version": _version(), "page": reverse("activities:roll-app"), "files": files}
    return f"const KEPT = {json.dumps(kept)};\n{_source('roll/worker.js')}"


@cache
def _version():
    """Changes with any of the files, so that phones renew all of them together."""
    texts = [_source(name) for name in (*SCRIPTS, *STYLES, "roll/worker.js")]
    return hashlib.sha256("".join(texts).encode()).hexdigest()[:16]


def _source(name):
    return Path(finders.find(name)).read_text()


def _statuses():
    status = Attendance.Status
    return {
        status.PRESENT: _("Here"),
        status.LATE: _("Late"),
        status.LEFT_EARLY: _("Left"),
        status.EXCUSED: _("Excused"),
        status.ABSENT: _("Absent"),
    }


def _texts():
    """By the names under which the scripts ask for them; `{n}` and the like are filled in there."""
    return {
        "title": _("Roll call"),
        "none": _("No list for today or tomorrow."),
        "none_more": _("Lists come to this phone the day before a session, and leave it some hours after its end."),
        "offline": _("No network: everything stays on this phone and is sent later."),
        "to_send": _("{n} to send"),
        "all_sent": _("Everything is sent."),
        "signed_out": _("You are signed out: the lists have left this phone. Sign in to send what you noted."),
        "sign_in": _("Sign in"),
        "unreachable": _("The center cannot be reached. What you note stays on this phone."),
        "opens": _("The roll call opens at {time}."),
        "marked": _("{n} of {all} noted"),
        "all_here": _("All here"),
        "others_absent": _("Others absent"),
        "minutes": _("{n} min"),
        "less": _("5 minutes less"),
        "more": _("5 minutes more"),
        "pupils": _("Pupils: {n}"),
        "classes": _("Classes: {n}"),
        "back": _("All lists"),
        "code": _("Code of a ticket"),
        "check": _("Check"),
        "scan": _("Scan tickets"),
        "stop": _("Stop scanning"),
        "camera": _("Or point the camera of this phone at the square, and open what it finds."),
        "no_camera": _("The camera does not open: type the code that stands under the square."),
        "on_list": _("{name}: noted."),
        "twice": _("{name} was noted already."),
        "not_on_list": _("This ticket is not on this list."),
        "on_no_list": _("This ticket is on no list that is open on this phone now."),
        "total": _("Young people"),
        "girls": _("Girls"),
        "boys": _("Boys"),
        "expected": _("{n} expected"),
        "note": _("Note"),
        "noted": _("Noted"),
        "split": _("Counted by level on the page of the session."),
        "refused": _("Not taken"),
        "again": _("Try again"),
        "remove": _("Remove"),
        "dispute": _("{said}. Tap what is right."),
        "too_many": _("Girls and boys together are more than the total."),
    }
