"""Organisations, schools and the territories in which they lie."""

from participants.organisations.models.organisation import GrantScope, Organisation
from participants.organisations.models.school import ClassGroup, School, SchoolYearProfile
from participants.organisations.models.territory import Territory

__all__ = ["ClassGroup", "GrantScope", "Organisation", "School", "SchoolYearProfile", "Territory"]
