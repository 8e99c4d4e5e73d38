"""The coming dates as programs read them: a calendar (RFC 5545), a feed (Atom), the map of the site."""

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from participants.accounts.dates import say_span
from programs.activities import calendars
from programs.activities.catalogue import addresses, availability, structured

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"


def title() -> str:
    return _("Coming activities · %(center)s") % {"center": settings.CENTER_NAME}


def calendar(sessions) -> bytes:
    """These dates for a calendar that is fetched again and again, or one of them to be put into one's own."""
    return calendars.published([_calendar_event(session) for session in sessions], title())


def _calendar_event(session):
    event = calendars.event_of(session, is_cancelled=not session.is_planned)
    # Same facts, same bytes: the stamp is the last change. Online rooms and inner pages are for those who come.
    for name in ("DTSTAMP", "LOCATION", "URL"):
        del event[name]
    event.add("DTSTAMP", session.changed_at or session.starts_at)
    event.add("LOCATION", structured.where(session))
    event.add("URL", addresses.absolute(addresses.path("session", pk=session.pk)))
    if session.activity.description:
        event.add("DESCRIPTION", structured.short(session.activity.description))
    return event


def atom(sessions, *, page: str, own: str) -> bytes:
    """The same as a feed: `page` is the list that people read, `own` the address of the feed."""
    feed = Atom1Feed(title(), addresses.absolute(page), "", get_language()[:2], feed_url=addresses.absolute(own))
    for session in sessions:
        link = addresses.absolute(addresses.path("session", pk=session.pk))
        when = say_span(session.starts_at, session.ends_at, session.zone)
        lines = [f"{when} · {structured.where(session)}", structured.short(session.activity.description)]
        feed.add_item(
            f"{session.activity.title} · {when}",
            link,
            # A feed carries HTML: what somebody typed stays text.
            linebreaks("\n".join(line for line in lines if line), autoescape=True),
            unique_id=addresses.absolute(addresses.path("session", "fr", pk=session.pk)),
            updateddate=session.changed_at or session.starts_at,
            categories=[str(session.activity.get_kind_display()), availability.of(session).label],
        )
    return feed.writeString("utf-8").encode()


def sitemap(out, pages) -> None:
    """Every page in each language, each with its other languages; `pages` are (name, arguments)."""
    xml = SimplerXMLGenerator(out, "utf-8")
    xml.startDocument()
    xml.startElement("urlset", {"xmlns": SITEMAP, "xmlns:xhtml": XHTML})
    for name, arguments in pages:
        found = {
            language: addresses.absolute(addresses.path(name, language, **arguments))
            for language in addresses.LANGUAGES
        }
        for address in found.values():
            xml.startElement("url", {})
            xml.addQuickElement("loc", address)
            for language, other in found.items():
                xml.addQuickElement("xhtml:link", attrs={"rel": "alternate", "hreflang": language, "href": other})
            xml.endElement("url")
    xml.endElement("urlset")
    xml.endDocument()
