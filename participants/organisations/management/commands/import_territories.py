from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from participants.organisations import actions
from participants.organisations.directory.territories import read_territories


class Command(BaseCommand):
    help = "Bring régions, académies and départements to the built-in official list, or to a file."

    def add_arguments(self, parser):
        parser.add_argument(
            "file", nargs="?", type=Path, help="columns: code, name, region, region_name, académie, zone"
        )

    def handle(self, *, file, **options):
        try:
            outcome = actions.load_territories(facts=read_territories(file) if file else None)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(
            _("Territories: %(added)d added, %(changed)d changed, %(unchanged)d unchanged.")
            % {name: outcome[name] for name in ("added", "changed", "unchanged")}
        )
