"""Addresses of the catalogue: the language is a part of them, so that one address has one answer for everybody."""

from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

LANGUAGES = ("fr", "en")


def path(name="", language=None, query="", **arguments) -> str:
    """The path of a page of the catalogue, in the active language unless another is named."""
    language = language or get_language()[:2]
    found = reverse(f"activities:catalogue{name and '-'}{name}", kwargs={"language": language, **arguments})
    return f"{found}?{query}" if query else found


def absolute(found) -> str:
    """As the outside writes it."""
    return urljoin(settings.SITE_URL, found)
