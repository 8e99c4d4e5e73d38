"""The level that a code, a label or a class says: where it is sure, and only there."""

import pytest

from participants.people.rosters.levels import level_of


@pytest.mark.parametrize(
    ("text", "kind", "level"),
    [
        ("10010012110", "college", "6E"),
        ("10310019110", "college", "3E"),
        ("1031001911", "college", "3E"),
        (" 20010015110 ", "lycee_gt", "2GT"),
        ("21131013110", "lycee_gt", "1T"),
        ("21231013110", "lycee_gt", "TT"),
        ("24731211310", "lycee_pro", "2PRO"),
        ("2472551833", "lycee_pro", "TPRO"),
        ("2412412722", "lycee_pro", "CAP2"),
        ("2402213711", "lycee_pro", "unknown"),  # one year
        ("2423361632", "lycee_pro", "unknown"),  # three years
        ("24731211310", "lycee_gt", "unknown"),  # a level that the school has not
        ("103100191100", "college", "unknown"),  # no code: too long
        ("1re STMG", "lycee_gt", "1T"),
        ("Terminale STI2D", "lycee_gt", "TT"),
        ("Tle générale", "lycee_gt", "TG"),
        ("2de bac pro", "lycee_pro", "2PRO"),
        ("CAP 2", "lycee_pro", "CAP2"),
        ("MP*", "lycee_gt", "CPGE2"),
        ("MPSI 2", "lycee_gt", "CPGE1"),
        ("BTS 1", "lycee_pro", "BTS1"),
        ("203", "lycee_gt", "2GT"),
        ("203", "lycee_pro", "unknown"),
        ("302", "college", "3E"),
        ("3ème A", "", "3E"),
        ("Euro 7", "lycee_gt", "unknown"),
        ("", "college", "unknown"),
    ],
)
def test_a_level_is_said_where_it_is_sure(text, kind, level):
    assert level_of(text, kind) == level
