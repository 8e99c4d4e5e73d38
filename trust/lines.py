"""The lines of the scorecard: what each counts and what it must reach."""

LINES = {
    1: ("Role × URL cells checked, routes without a rule", "all, 0"),
    2: ("Canaries leaked, outputs scanned", "0 of 3,000 and more"),
    3: ("Sabotages that turned the suite red", "all, 20 and more"),
    4: ("Oversold seats, attempts", "0 of 10,000"),
    5: ("Stateful steps, violations", "0 of 200,000 at night"),
    6: ("Faults survived of those injected", "all of 60 and more, 8 kinds"),
    7: ("Jobs lost, duplicates", "0, at most kills × concurrency"),
    8: ("Mails after withdrawal, families mailed twice", "0, 0"),
    9: ("Acknowledged writes missing after a kill or a full disk", "0"),
    10: ("Seconds to drain after the last fault", "at most 120"),
    11: ("Bad inputs tried, server errors, answers over 5 s", "50,000 at night, 0, 0"),
    12: ("Hostile files refused, good ones accepted, peak memory", "25 of 25, 25 of 25, 512 MB"),
    13: ("Formula cells live, cells written", "0 of 2,000 and more"),
    14: ("Published cells recovered, ranges too narrow", "0, 0"),
    15: ("Research exports: least k, least l, identifiers", "5, 2, 0"),
    16: ("Erasure: canary hits in all stores, foreign keys decided", "0, all"),
    17: ("Access archive: mapped tables present, canaries of others", "all, 0"),
    18: ("Fields without purpose or term, overdue rows", "0, 0"),
    19: ("GET routes that write", "0"),
    20: ("Answers without a header, deployment warnings, inline scripts", "0, 0, 0"),
    21: ("Enumeration: by time, by bytes", "0.60 at most, 0"),
    22: ("Hostile sign-ins refused, second factor of privileged users", "all, all"),
    23: ("Accessibility violations over pages, roles and states", "0 of 150 and more"),
    24: ("Queries over budget, growth with rows", "0, 0"),
    25: ("Secrets found", "0"),
    26: ("Known vulnerabilities, age of the audit, unpinned packages", "0, 7 days at most, 0"),
    27: ("Backup drill: equal tables, seconds to restore", "all, 900 at most"),
    28: ("Migrations: linter errors, longest lock", "0, 2 s at most"),
    29: ("Flaky tests in 10 random orders, branch coverage of the critical packages", "0, 100 %"),
    30: ("Mutants killed in the same packages", "85 % and more"),
    31: ("ASVS level 1 and 2 answered, not met without a date", "all, 0"),
    32: ("Outputs that named somebody whose family does not agree, combinations of words tried", "0 of 2,000 and more"),
}

# How much must be tried before a line may pass; fewer is a fail, however well they went.
LEAST = {2: 3000, 3: 20, 4: 10_000, 5: 3000, 13: 2000, 23: 150, 32: 2000}

# The lines that are the tests of a marker.
MARKERS = {
    1: "matrix",
    2: "canary",
    3: "sabotage",
    4: "race",
    5: "stateful",
    7: "kills",
    8: "mail",
    13: "formulas",
    16: "erasure",
    17: "access_request",
    22: "sign_in",
    23: "a11y",
    24: "budget",
    32: "consent",
}

# Why a line has no program yet.
NOT_YET = {
    11: "no fuzzer of forms and addresses; the matrix posts empty forms",
    14: "no table is published outside the center yet",
    15: "there is no research export yet",
    27: "there is no backup drill yet",
    28: "no linter of migrations is installed",
    29: "ten runs of the whole suite are not part of this run",
    30: "no mutants are made",
    31: "the catalogue has not been answered",
}
