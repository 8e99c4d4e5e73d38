"""The entries of the header, a role a list, and the role that a person acts in."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from participants.accounts.roles import STAFF_ROLES, Role


@dataclass(frozen=True)
class Entry:
    label: Promise
    url_name: str
    icon: str


HOME = Entry(_("Home"), "home", "home")
INBOX = Entry(_("Inbox"), "activities:inbox", "inbox")
BOARD = Entry(_("Requests"), "awareness:board", "inbox-arrow-down")
CAMPAIGNS = Entry(_("Campaigns"), "awareness:campaign-list", "megaphone")
PLANNING = Entry(_("Sessions"), "activities:session-manage", "calendar-days")
PROGRAMMES = Entry(_("Programmes"), "activities:programme-list", "rectangle-stack")
SCHOOLS = Entry(_("Schools"), "organisations:school-list", "academic-cap")
PUPILS = Entry(_("Pupils"), "people:pupil-list", "users")
CONTACTS = Entry(_("School contacts"), "people:contact-list", "identification")
VOLUNTEERS = Entry(_("Volunteers"), "people:volunteer-list", "user-group")
FAMILIES = Entry(_("Families"), "people:family-list", "home-modern")
AGREEMENT_TEXTS = Entry(_("Agreements"), "people:consent-text-list", "document-check")
OWN_AGREEMENTS = Entry(_("My agreements"), "people:consent-page", "document-check")
DUPLICATES = Entry(_("Duplicates"), "people:duplicate-list", "document-duplicate")
MESSAGES = Entry(_("Messages"), "correspondence:message-list", "envelope")
FIGURES = Entry(_("Figures"), "measurement:dashboard", "chart-bar")
FILES = Entry(_("My files"), "correspondence:job-list", "arrow-down-tray")
OFFICE = Entry(_("Back office"), "admin:index", "wrench-screwdriver")
GALLERY = Entry(_("Gallery"), "gallery", "swatch")
RIGHTS = Entry(_("Requests about data"), "people:right-list", "inbox-stack")
TRACE = Entry(_("Who looked"), "people:trace-list", "eye")
TERMS = Entry(_("Retention terms"), "people:term-list", "clock")
RECORD = Entry(_("Record of processing"), "people:processing-record", "document-text")
OWN_DATA = Entry(_("My data"), "people:own-data", "shield-check")
OPEN_SESSIONS = Entry(_("Open sessions"), "activities:session-list", "calendar-days")
OWN_SESSIONS = Entry(_("My sessions"), "activities:my-sessions", "check-badge")
FEEDBACK = Entry(_("Feedback"), "activities:feedback-results", "chat-bubble-left-right")
OWN_TICKETS = Entry(_("My tickets"), "activities:ticket-list", "ticket")
ROLL_CALL = Entry(_("Roll call"), "activities:roll-plain", "clipboard-document-check")
POOL = Entry(_("Talent pool"), "awareness:pool-list", "sparkles")
NOMINATIONS = Entry(_("Nominations"), "awareness:nomination-list", "hand-raised")
OWN_POOL = Entry(_("What comes next"), "awareness:own-pool", "sparkles")
CLASS_LISTS = Entry(_("Class lists"), "people:roster-list", "clipboard-document-list")

_STAFF = (
    *(HOME, INBOX, BOARD, CAMPAIGNS, PLANNING, ROLL_CALL, PROGRAMMES, SCHOOLS, CONTACTS),
    *(PUPILS, POOL, CLASS_LISTS, FAMILIES, AGREEMENT_TEXTS, DUPLICATES, VOLUNTEERS),
    *(MESSAGES, FIGURES, FEEDBACK, FILES, OFFICE),
)
_READER = (HOME, FIGURES, FILES)
NAVIGATION: dict[str, tuple[Entry, ...]] = {
    Role.ADMINISTRATOR: (*_STAFF[:-1], RIGHTS, OFFICE, GALLERY),
    Role.COORDINATOR: _STAFF,
    Role.PROGRAMME_MANAGER: (
        HOME,
        INBOX,
        PLANNING,
        ROLL_CALL,
        PROGRAMMES,
        SCHOOLS,
        PUPILS,
        VOLUNTEERS,
        FIGURES,
        FEEDBACK,
        FILES,
        OFFICE,
    ),
    Role.VOLUNTEER: (HOME, OPEN_SESSIONS, OWN_SESSIONS, ROLL_CALL, OWN_DATA),
    Role.CLUB_OFFICER: (HOME, OPEN_SESSIONS, ROLL_CALL, VOLUNTEERS),
    Role.SCHOOL_CONTACT: (
        HOME,
        Entry(_("My requests"), "awareness:request-list", "inbox"),
        ROLL_CALL,
        PUPILS,
        CLASS_LISTS,
        FAMILIES,
        NOMINATIONS,
        OWN_DATA,
    ),
    Role.GUARDIAN: (HOME, OWN_POOL, OWN_TICKETS, OWN_AGREEMENTS, OWN_DATA),
    Role.PUPIL: (HOME, OWN_POOL, OWN_TICKETS, OWN_AGREEMENTS, OWN_DATA),
    Role.PARTNER: _READER,
    Role.GOVERNMENT_READER: _READER,
    Role.RESEARCHER: (HOME, FILES),
    Role.PROTECTION_OFFICER: (HOME, RIGHTS, TRACE, TERMS, RECORD, MESSAGES, FILES, OFFICE),
}


def active_role(request) -> str | None:
    """The role chosen in the header, as long as its grant lives; else the first one of the person."""
    live = roles_in_order(request.user)
    chosen = request.session.get("role")
    return chosen if chosen in live else next(iter(live), None)


def roles_in_order(user) -> list[str]:
    """The person's live roles in the order in which `Role` lists them."""
    return [role.value for role in Role if role in user.live_roles] if user.is_authenticated else []


def navigation(role, path) -> list[dict]:
    """The entries of a role with their address; the longest one that the page lies under is marked."""
    entries = [
        {"label": entry.label, "icon": entry.icon, "url": url}
        for entry in NAVIGATION.get(role, ())
        if (url := _address(entry.url_name))
    ]
    under = [
        entry["url"] for entry in entries if path == entry["url"] or path.startswith(entry["url"].rstrip("/") + "/")
    ]
    current = max((url for url in under if url != "/" or path == "/"), key=len, default=None)
    return [entry | {"is_current": entry["url"] == current} for entry in entries]


def is_staff_role(role) -> bool:
    return role in STAFF_ROLES


def _address(url_name):
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None
