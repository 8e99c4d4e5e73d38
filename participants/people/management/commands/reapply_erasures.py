from django.core.management.base import BaseCommand

from participants.people.actions import reapply_erasures


class Command(BaseCommand):
    help = (
        "After a backup was restored, before anybody comes in: erase again whoever it brought back. "
        "Reads the tombstones of the database and those kept beside it under PRIVATE_ROOT."
    )

    def handle(self, *args, **options):
        self.stdout.write(f"Erased again: {reapply_erasures()}")
