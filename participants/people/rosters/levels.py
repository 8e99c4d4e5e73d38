"""The level that a MEF, a label or the name of a division says; nothing where it is not sure."""

import re

from participants.accounts.text import fold
from participants.organisations.levels import Level, levels_of

# The first three digits of a code of the national nomenclature of courses (MEF) say the course, the ninth and tenth how
# many years it has and which of them this is.
MEF = re.compile(r"\s*(\d{3})\d{5}(\d\d)\d?\s*")
OF_COURSE = {
    "100": "6E",
    "101": "5E",
    "102": "4E",
    "103": "3E",
    "200": "2GT",
    "201": "1G",
    "202": "TG",
    "211": "1T",
    "212": "TT",
}
OF_YEAR_OF_COURSE = {
    ("241", "21"): "CAP1",
    ("241", "22"): "CAP2",
    ("247", "31"): "2PRO",
    ("247", "32"): "1PRO",
    ("247", "33"): "TPRO",
}
SERIES = "(?:stmg|sti2d|stl|st2s|std2a|sthr|s2tmd|stav|techno)"
SECOND, FIRST = "(?:2|2e|2d|2de|2nd|2nde|seconde)", "(?:1|1e|1re|1ere|premiere|prem)"
LAST = "(?:t|tle|ter|term|terminale)"
GENERAL = r"g(?:en|ene|al|enerale)?"
NUMBER = r"(?:\d{0,2}[a-z]?|[a-z]\d{0,2})"
SAID = [
    (rf"{SECOND}(?:gt|generale(?:et)?(?:techno|technologique)?){NUMBER}", "2GT"),
    (rf"{FIRST}{GENERAL}{NUMBER}", "1G"),
    (rf"{LAST}{GENERAL}{NUMBER}", "TG"),
    (rf"{FIRST}{SERIES}.*", "1T"),
    (rf"{LAST}{SERIES}.*", "TT"),
    (rf"{SECOND}(?:bac)?pro.*", "2PRO"),
    (rf"{FIRST}(?:bac)?pro.*", "1PRO"),
    (rf"{LAST}(?:bac)?pro.*", "TPRO"),
    (r"(?:1(?:re|ere)?cap|cap1).*", "CAP1"),
    (r"(?:2(?:e|de|nde|eme)?cap|cap2).*", "CAP2"),
    (r"(?:1(?:re|ere)?bts|bts1).*", "BTS1"),
    (r"(?:2(?:e|de|nde|eme)?bts|bts2).*", "BTS2"),
    (r"cpge1|(?:mpsi|pcsi|ptsi|mp2i)\d{0,2}|(?:bcpst|tsi|tb)1", "CPGE1"),
    (r"cpge2|(?:mp|mpi|pc|psi|pt)(?:etoile)?\d?|(?:bcpst|tsi|tb)2", "CPGE2"),
    *((rf"{digit}(?:e|eme|emes){NUMBER}", f"{digit}E") for digit in "6543"),
]
# What only the kind of school makes sure: 203 is a 2de in a lycée, 302 a 3e in a collège.
OF_KIND = {
    "college": [(rf"{digit}(?:[a-z].*|\d\d[a-z]?|\d)?", f"{digit}E") for digit in "6543"],
    "lycee_gt": [(rf"{SECOND}{NUMBER}", "2GT")],
}


def level_of(text: str, kind: str = "") -> str:
    """The level that this text says in a school of this kind, `unknown` when it does not."""
    if found := MEF.fullmatch(text):
        level = OF_COURSE.get(found[1]) or OF_YEAR_OF_COURSE.get(found.groups(), Level.UNKNOWN)
    else:
        word = re.sub("[^a-z0-9]", "", fold(text.replace("*", " etoile")))
        patterns = SAID + OF_KIND.get(kind, [])
        level = next((level for pattern, level in patterns if re.fullmatch(pattern, word)), Level.UNKNOWN)
    return str(level) if level in levels_of(kind) else str(Level.UNKNOWN)
