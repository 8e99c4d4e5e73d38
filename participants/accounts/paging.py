"""Pages of long lists: nobody turns two hundred pages, so nothing is counted beyond them."""

from itertools import chain

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

MOST = 10_000


def bounded_count(rows: QuerySet, most: int) -> int:
    """How many rows there are; `most + 1` says that there are more. What is only shown of a row is not worked out."""
    rows = rows.order_by()
    if rows.query.default_cols and rows.query.group_by is None:
        rows = rows.values("pk")
    return rows[: most + 1].count()


class BoundedPaginator(Paginator):
    """Counts to ten thousand (`most`) and no further; what lies beyond is found by filtering."""

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


class InTurn:
    """The rows of one query and then those of the next as one list to turn pages of, each in its own order by its own
    index: a single order over all would sort every row to show fifty."""

    def __init__(self, *parts: QuerySet):
        self.parts = parts

    def __iter__(self):
        return chain.from_iterable(self.parts)

    def __len__(self):
        return sum(self._sizes)

    def __getitem__(self, rows: slice) -> list:
        found, start, stop = [], rows.start, rows.stop
        for part, size in zip(self.parts, self._sizes, strict=True):
            if start < size and stop > 0:
                found += part[max(start, 0) : min(stop, size)]
            start, stop = start - size, stop - size
        return found

    @cached_property
    def _sizes(self) -> list[int]:
        return [bounded_count(part, MOST) for part in self.parts]
