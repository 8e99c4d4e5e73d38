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


OF_KIND = {
    "college": [Level.L6E, Level.L5E, Level.L4E, Level.L3E],
    "lycee_pro": [Level.L2PRO, Level.L1PRO, Level.LTPRO, Level.CAP1, Level.CAP2, Level.BTS1, Level.BTS2],
    "lycee_gt": [
        *(Level.L2GT, Level.L1G, Level.LTG, Level.L1T, Level.LTT),
        *(Level.CPGE1, Level.CPGE2, Level.BTS1, Level.BTS2),
    ],
}


def levels_of(kind_of_school: str) -> list[Level]:
    """The year groups that a kind of school has; all of them where the kind does not tell."""
    return OF_KIND.get(kind_of_school) or [level for level in Level if level != Level.UNKNOWN]
