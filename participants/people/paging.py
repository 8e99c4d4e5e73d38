"""Pages of a long list without counting all of it: a search that finds too much is narrowed, not leafed through."""

from functools import cached_property

from django.core.paginator import Paginator


class BoundedPaginator(Paginator):
    """Counts up to `limit` rows and shows no further ones; `is_cut` says that there are more."""

    def __init__(self, object_list, per_page, limit):
        super().__init__(object_list, per_page)
        self.limit = limit

    @cached_property
    def counted(self):
        return self.object_list.order_by()[: self.limit + 1].count()

    @cached_property
    def count(self):
        return min(self.counted, self.limit)

    @property
    def is_cut(self):
        return self.counted > self.limit
