"""Compute every figure again from the records."""

from django.core.management.base import BaseCommand

from impact.measurement import actions
from impact.measurement.models import Participation, ReachUnit


class Command(BaseCommand):
    help = "Computes every figure again from the records alone. The result is the one that stood before."

    def handle(self, *args, **options):
        actions.rebuild()
        self.stdout.write(f"{ReachUnit.objects.count()} rows of reach, {Participation.objects.count()} participations.")
