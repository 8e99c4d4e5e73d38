"""How a field that tells something about a person is declared: what it is for and how long it may stay."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Personal:
    """A personal field: its purpose, and its term counted from the end of the person's last activity."""

    purpose: Promise
    term: Promise
