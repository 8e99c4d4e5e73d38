"""The picture that a link to a public date shows where it is shared: drawn once, kept a day."""

import hashlib
import json
from pathlib import Path

import typst
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import get_language

from participants.accounts.dates import say_span
from programs.activities.catalogue.structured import short, where

TEMPLATE = Path(__file__).with_name("card.typ")
WIDTH, HEIGHT = 1200, 630
PIXELS_PER_INCH = 72  # a point of the template is a pixel
KEPT = 24 * 60 * 60
MIME = "image/png"


def of(session) -> bytes:
    """The picture of this date in the active language."""
    words = {
        "lang": get_language()[:2],
        "center": settings.CENTER_NAME,
        "kind": str(session.activity.get_kind_display()).capitalize(),
        "title": short(session.activity.title),
        "when": say_span(session.starts_at, session.ends_at, session.zone),
        "where": where(session),
    }
    said = json.dumps(words)
    key = f"catalogue-card:{hashlib.sha256(said.encode()).hexdigest()}"
    picture = cache.get(key)
    if picture is None:
        picture = _draw(said)
        cache.set(key, picture, KEPT)
    return picture


def _draw(said):
    # The engine reads its template and the words that it is given, nothing else.
    return typst.compile(TEMPLATE.read_bytes(), format="png", ppi=PIXELS_PER_INCH, sys_inputs={"data": said})
