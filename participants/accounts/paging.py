"""Pages of long lists: nobody turns twenty pages, so nothing is counted beyond them."""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.functional import cached_property

MOST = 1_000
# Where whoever looks must come to every row, and cannot narrow the list.
EVERY_ROW = 10_000


def bounded_count(rows: QuerySet, most: int = MOST) -> int:
    """How many rows there are; `most + 1` says that there are more. What is only shown of a row is not worked out."""
    rows = rows.order_by()
    if rows.query.default_cols and rows.query.group_by is None:
        rows = rows.values("pk")
    return rows[: most + 1].count()


def said(number: int, most: int = MOST) -> str:
    """A bounded count in words: 1,000+ where there are more."""
    return f"{number_format(most, force_grouping=True)}+" if number > most else str(number)


class BoundedPaginator(Paginator):
    """Counts to a thousand (`most`) and no further; what lies beyond is found by filtering."""

    def __init__(self, *args, most=MOST, **options):
        super().__init__(*args, **options)
        self.most = most

    @cached_property
    def count(self):
        return min(self._counted, self.most)

    @cached_property
    def is_cut(self) -> bool:
        """Whether there is more than the pages show."""
        return self._counted > self.most

    @cached_property
    def _counted(self) -> int:
        rows = self.object_list
        if not isinstance(rows, QuerySet) or rows.query.is_sliced or rows.query.combinator:
            return super().count
        return bounded_count(rows, self.most)


class Sieved(Sequence):
    """The numbers of the rows of a query, in its order, without those that `keep` leaves out: it is asked of some hundred
    at a time, until a thousand (`most`) have stayed. For what is slow to ask of every row and true of most."""

    FIRST = 400

    def __init__(self, rows: QuerySet, keep: Callable[[list[int]], Iterable[int]], most=MOST):
        self.rows, self.keep, self.most = rows.values_list("pk", flat=True), keep, most

    @cached_property
    def _found(self) -> list[int]:
        found: list[int] = []
        for asked in self._pieces():
            stay = set(self.keep(asked))
            found += [pk for pk in asked if pk in stay]
            if len(found) > self.most:
                break
        return found[: self.most + 1]

    def _pieces(self):
        """Read four at once; where few stay, larger ones come to an end sooner."""
        start, size, is_over = 0, self.FIRST, False
        while not is_over:
            numbers = list(self.rows[start : start + 4 * size])
            yield from (numbers[place : place + size] for place in range(0, len(numbers), size))
            is_over = len(numbers) < 4 * size
            start, size = start + 4 * size, 4 * size

    def __len__(self):
        return len(self._found)

    def __getitem__(self, rows):
        return self._found[rows]


class InTurn:
    """The rows of a query as one list to turn pages of: first those of one part, then those of the next, each in its own
    order by its own index. A single order over all would sort every row to show fifty."""

    def __init__(self, whole: QuerySet, *parts: QuerySet):
        self.whole, self.parts = whole, parts

    def __iter__(self):
        return chain.from_iterable(self.parts)

    def __len__(self):
        return bounded_count(self.whole)

    def __getitem__(self, rows: slice) -> list:
        found, start, wanted = [], rows.start, rows.stop - rows.start
        for part in self.parts:
            page = list(part[start : start + wanted])
            found += page
            wanted -= len(page)
            if not wanted:
                break
            # The part ends with these rows, or has ended before the page begins.
            start = 0 if page or not start else start - part.count()
        return found
