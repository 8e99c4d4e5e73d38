"""Bring the database to what this code expects: before the first start, and before each new version serves."""

from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, call_command, get_commands

from participants.accounts.models import User


class Command(BaseCommand):
    help = "Migrate, and on a demonstration fill an empty database."

    def add_arguments(self, parser):
        parser.add_argument("--accounts", type=Path, help="where to write down the accounts of the demonstration")

    def handle(self, *, accounts, **options):
        call_command("migrate", interactive=False, verbosity=options["verbosity"], stdout=self.stdout)
        if not settings.IS_DEMONSTRATION or "demo" not in get_commands():
            return
        if not User.objects.exists():
            self.stdout.write("The database is empty: loading the demonstration center, which takes a while.")
            call_command("demo", stdout=StringIO() if accounts else self.stdout)
        if accounts:
            text = StringIO()
            call_command("demo", accounts=True, stdout=text)
            accounts.write_text(text.getvalue())
