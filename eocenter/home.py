"""What stands on a person's home page, a role a function. The templates show what is given and say what to do when
there is nothing yet."""

from dataclasses import dataclass

from participants.accounts.roles import Role


@dataclass(frozen=True)
class Row:
    """One line of a list: what, when or where, and where a click leads."""

    title: str
    detail: str = ""
    url: str = ""
    badge: str = ""
    tone: str = "neutral"


@dataclass(frozen=True)
class Next:
    """The one thing that comes next: shown large, on top."""

    title: str
    when: str
    url: str
    place: str = ""
    note: str = ""


@dataclass(frozen=True)
class Figure:
    """A number and its meaning; the address shows the rows behind it."""

    label: str
    value: str
    url: str = ""
    note: str = ""
    trend: str = ""


def volunteer(user):
    return {"next_session": None, "open_sessions": [], "figures": []}


def school_contact(user):
    return {"next_session": None, "asked": [], "requests": []}


def coordinator(user):
    return {"inbox": [], "week": [], "figures": []}


def guardian(user):
    return {"to_sign": []}


def pupil(user):
    return {"sessions": []}


def partner(user):
    return {"sessions": [], "figures": []}


def reader(user):
    return {"figures": []}


# The page of each role and what stands on it.
HOMES = {
    Role.ADMINISTRATOR: ("eocenter/home_coordinator.html", coordinator),
    Role.COORDINATOR: ("eocenter/home_coordinator.html", coordinator),
    Role.PROGRAMME_MANAGER: ("eocenter/home_coordinator.html", coordinator),
    Role.VOLUNTEER: ("eocenter/home_volunteer.html", volunteer),
    Role.CLUB_OFFICER: ("eocenter/home_volunteer.html", volunteer),
    Role.SCHOOL_CONTACT: ("eocenter/home_school_contact.html", school_contact),
    Role.GUARDIAN: ("eocenter/home_guardian.html", guardian),
    Role.PUPIL: ("eocenter/home_pupil.html", pupil),
    Role.PARTNER: ("eocenter/home_partner.html", partner),
    Role.GOVERNMENT_READER: ("eocenter/home_reader.html", reader),
    Role.RESEARCHER: ("eocenter/home_reader.html", reader),
    Role.PROTECTION_OFFICER: ("eocenter/home_reader.html", reader),
}
