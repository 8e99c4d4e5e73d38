"""A date as search engines and social networks understand it (schema.org, Open Graph). Public facts only."""

import json

from django.utils.html import format_html
from django.utils.safestring import mark_safe

from programs.activities import registration
from programs.activities.catalogue import addresses, availability

SCHEMA = "https://schema.org"
ESCAPES = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}
SHORT = 200


def event(session, image: str) -> dict:
    """The date as a schema.org Event."""
    activity, standing = session.activity, availability.of(session)
    url = addresses.absolute(addresses.path("session", pk=session.pk))
    said = {
        "@context": SCHEMA,
        "@type": "EducationEvent",
        "@id": url,
        "url": url,
        "name": activity.title,
        "description": short(activity.description) or activity.title,
        "image": [image],
        "startDate": session.local_start.isoformat(),
        "endDate": session.local_end.isoformat(),
        "eventStatus": f"{SCHEMA}/{'EventScheduled' if session.is_planned else 'EventCancelled'}",
        "eventAttendanceMode": f"{SCHEMA}/{'On' if session.is_online else 'Off'}lineEventAttendanceMode",
        "location": _location(session, url),
        "inLanguage": activity.language,
        "isAccessibleForFree": True,
        "organizer": {"@type": "Organization", "name": activity.organisation.name} | _site(activity.organisation),
    }
    if activity.levels:
        said["audience"] = {"@type": "EducationalAudience", "audienceType": ", ".join(activity.level_labels)}
    if standing.takes_registrations:
        full = standing.code == availability.FULL
        said["offers"] = {
            "@type": "Offer",
            "url": addresses.absolute(registration.address(session)),
            "price": 0,
            "priceCurrency": "EUR",
            "availability": f"{SCHEMA}/{'SoldOut' if full else 'InStock'}",
        }
    return said


def block(said: dict) -> str:
    """A block of data for the page. It runs nothing, and nothing in it can end it."""
    text = json.dumps(said, ensure_ascii=False).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))


def short(text: str) -> str:
    """The beginning of a text in one line."""
    line = " ".join(text.split())
    return line if len(line) <= SHORT else f"{line[:SHORT].rsplit(' ', 1)[0]}…"


def where(session) -> str:
    """The place with its town."""
    town = session.campus.city if session.campus_id else ""
    return f"{session.where}, {town}" if town else session.where


def _location(session, url):
    # The address of the room is for those who come: the public page stands for it.
    if session.is_online:
        return {"@type": "VirtualLocation", "url": url}
    town = session.school.commune if session.school_id else session.campus.city if session.campus_id else ""
    postal = {"@type": "PostalAddress", "addressLocality": town, "addressCountry": "FR"}
    if session.school_id:
        postal |= {"streetAddress": session.school.address, "postalCode": session.school.postcode}
    place = {"@type": "Place", "name": session.where, "address": {key: value for key, value in postal.items() if value}}
    if session.latitude is not None:
        place["geo"] = {"@type": "GeoCoordinates", "latitude": session.latitude, "longitude": session.longitude}
    return place


def _site(organisation):
    return {"url": organisation.website} if organisation.website else {}
