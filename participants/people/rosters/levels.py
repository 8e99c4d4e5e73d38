"""The level that a MEF, a label or the name of a division says; nothing where it is not sure."""

import re

from participants.accounts.text import fold
from participants.organisations.levels import Level, levels_of

# First four digits of the codes of the national nomenclature of courses (MEF).
OF_MEF = {"1001": "6E", "1011": "5E", "1021": "4E", "1031": "3E", "2001": "2GT", "2011": "1G", "2021": "TG"}
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
    if found := re.fullmatch(r"\s*(\d{4})\d{6,7}\s*", text):
        level = OF_MEF.get(found[1], Level.UNKNOWN)
    else:
        word = re.sub("[^a-z0-9]", "", fold(text.replace("*", " etoile")))
        patterns = SAID + OF_KIND.get(kind, [])
        level = next((level for pattern, level in patterns if re.fullmatch(pattern, word)), Level.UNKNOWN)
    return str(level) if level in levels_of(kind) else str(Level.UNKNOWN)
