"""What can happen to organisations: territories and schools are read in, a school's contacts name their classes."""

from participants.organisations.actions.schools import import_schools
from participants.organisations.actions.territories import load_territories

__all__ = ["import_schools", "load_territories"]
