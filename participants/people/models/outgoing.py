"""The one door of everything that leaves: exports, mails, lists and extracts ask here, and nowhere else, for rows that
name a pupil."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Leaving:
    """Which pupils leave, in their order, as it was settled at one moment, and how many rows were left out."""

    pupils: list[int]
    left_out: int

    def in_pieces(self, size: int) -> list["Leaving"]:
        """The same, some pupils at a time."""
        starts = range(0, len(self.pupils), size)
        return [Leaving(self.pupils[start : start + size], self.left_out) for start in starts]


class Outgoing(models.Manager):
    """Rows that may leave. Before it is said for what, there is nothing to ask: who forgets the agreement gets an error
    and never a row."""

    # The field that leads to the pupil; none on the pupil itself.
    pupil = ""

    def get_queryset(self):
        raise TypeError("What leaves rests on an agreement: ask allowing(purpose).")

    def allowing(self, purpose: str, day=None):
        """The rows whose pupil the family, and the pupil, allow to be named for this purpose on this day (today); and
        those that name no pupil."""
        # Found when it is asked: the agreements know the pupil, so the pupil cannot know them by name.
        allowed = import_string("participants.people.consents.allowed")
        rows = super().get_queryset()
        if not self.pupil:
            return allowed(rows, purpose, day)
        pupils = allowed(self.model._meta.get_field(self.pupil).related_model.objects.all(), purpose, day)
        return rows.filter(Q(**{self.pupil: None}) | Q(**{f"{self.pupil}__in": pupils}))

    def settle(self, purpose: str, choose: Callable) -> Leaving:
        """Who of the chosen rows leaves at this moment; of the others only their number."""
        pupils = list(choose(self.allowing(purpose)).values_list(f"{self.pupil}_id", flat=True))
        return Leaving(pupils, choose(super().get_queryset()).count() - len(pupils))

    def of(self, leaving: Leaving):
        """The rows of those who were settled to leave."""
        ids = RawSQL("SELECT unnest(%s::bigint[])", [leaving.pupils])
        return super().get_queryset().filter(**{f"{self.pupil}__in": ids})


class OutgoingOfPupil(Outgoing):
    """The same for rows that belong to a pupil."""

    pupil = "pupil"
