"""The year groups of French schools, in order. The French label is kept in every language."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Level(TextChoices):
    L6E = "6E", "6e"
    L5E = "5E", "5e"
    L4E = "4E", "4e"
    L3E = "3E", "3e"
    L2GT = "2GT", "2de GT"
    L1G = "1G", "1re générale"
    LTG = "TG", "Tle générale"
    L1T = "1T", "1re techno"
    LTT = "TT", "Tle techno"
    L2PRO = "2PRO", "2de pro"
    L1PRO = "1PRO", "1re pro"
    LTPRO = "TPRO", "Tle pro"
    CAP1 = "CAP1", "CAP 1"
    CAP2 = "CAP2", "CAP 2"
    CPGE1 = "CPGE1", "CPGE 1"
    CPGE2 = "CPGE2", "CPGE 2"
    BTS1 = "BTS1", "BTS 1"
    BTS2 = "BTS2", "BTS 2"
    UNKNOWN = "unknown", _("unknown")
