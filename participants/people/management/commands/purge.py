import json
from dataclasses import asdict

from django.core.checks import run_checks
from django.core.management.base import BaseCommand

from participants.people.actions import keep_terms
from participants.people.checks import PRIVACY
from participants.people.rights import terms


class Command(BaseCommand):
    help = (
        "Say how much the terms would announce and erase; --apply does it, as every night, for the terms that are switched"
        " on, and counts for those that run dry."
    )

    def add_arguments(self, parser):
        parser.add_argument("--apply", action="store_true")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args, **options):
        report = self.night() if options["apply"] else self.standing()
        if options["json"]:
            self.stdout.write(json.dumps(report, indent=2))
            return
        for name, number in report.items():
            self.stdout.write(f"{name}: {number}")

    def standing(self):
        people = {category.value: asdict(standing) for category, standing in terms.standing().items()}
        return {
            "dry": [category.value for category in terms.DEFAULTS if not terms.term_of(category).is_applied],
            "people": people,
            "lines": {
                category.value: sum(rows.count() for rows in terms.old_rows(category)) for category in terms.DEFAULTS
            },
            "undeclared": len(run_checks(tags=[PRIVACY])),
            "overdue": sum(standing["overdue"] for standing in people.values()),
        }

    def night(self):
        run = keep_terms()
        names = ("announced", "active_again", "erased", "held_back", "rows_deleted", "rehearsed")
        return {name: getattr(run, name) for name in names}
