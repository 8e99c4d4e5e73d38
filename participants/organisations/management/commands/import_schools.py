import tempfile
from json import dumps
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from participants.organisations import actions
from participants.organisations.directory.download import DATASETS, fetch


class Command(BaseCommand):
    help = "Read an official file about schools (directory, IPS, REP) and bring the platform to it."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, help="the file; its format is known by its columns")
        parser.add_argument("--download", nargs="?", const="directory", choices=DATASETS, help="fetch it instead")
        parser.add_argument("--profile-year", type=int, metavar="2026", help="the year of facts that name none")
        parser.add_argument("--complete", action="store_true", help="the file is the whole list: close what it lacks")
        parser.add_argument("--json", action="store_true", help="the report for a program")

    def handle(self, *, file, download, profile_year, complete, json, **options):
        if bool(file) == bool(download):
            raise CommandError(_("Name a file, or say --download."))
        if profile_year is not None and not 2000 <= profile_year <= 2100:
            raise CommandError(_("A school year is named by the year in which it starts, such as 2026."))
        with tempfile.TemporaryDirectory() as folder:
            try:
                path = fetch(download, Path(folder)) if download else file
                report = actions.import_schools(path=path, profile_year=profile_year, is_complete=complete)
            except ValidationError as refusal:
                raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(dumps(report.as_json(), ensure_ascii=False) if json else "\n".join(report.sentences()))
