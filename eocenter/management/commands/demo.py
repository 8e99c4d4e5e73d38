"""The demonstration center: fill an empty database, or say who can sign in."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError

from eocenter.demonstration import center
from eocenter.demonstration.cast import ACCOUNTS, PASSWORD


class Command(BaseCommand):
    help = "Fill an empty database with a believable center, out of a seed."

    def add_arguments(self, parser):
        parser.add_argument("--scale", type=int, default=1, help="how many times 300 schools and 200 volunteers")
        parser.add_argument("--seed", type=int, default=2026)
        parser.add_argument("--accounts", action="store_true", help="only print the accounts")

    def handle(self, *, scale, seed, accounts, **options):
        if not settings.IS_DEMONSTRATION:
            raise CommandError("This is no demonstration: accounts with a known password are not made here.")
        if not accounts:
            try:
                center.build(scale=scale, seed=seed)
            except ValidationError as refusal:
                raise CommandError(" ".join(refusal.messages)) from None
        for account in ACCOUNTS:
            roles = ", ".join(role.replace("_", " ") for role in account.roles)
            self.stdout.write(f"  {roles:<26} {account.email}")
        self.stdout.write(f"  password of all of them:   {PASSWORD}")
