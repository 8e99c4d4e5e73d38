"""Pages of long lists: nobody turns two hundred pages, so nothing is counted beyond them."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

MOST = 10_000


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
        return self.object_list.order_by()[: self.most + 1].count()
