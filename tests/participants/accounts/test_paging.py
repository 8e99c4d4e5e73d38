"""Pages of long lists."""

import pytest
from django.core.paginator import Paginator
from django.db.models import Count
from django.db.models.functions import Upper

from participants.accounts.models import User
from participants.accounts.paging import BoundedPaginator, InTurn, Sieved, bounded_count, said
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def names():
    for letter in "gfedcba":
        UserFactory(name=letter)
    whole = User.objects.filter(name__in=list("abcdefg"))
    first, last = whole.filter(name__in=list("ace")), whole.filter(name__in=list("bdfg"))
    return InTurn(whole, first.order_by("-name"), whole.none(), last.order_by("name"))


def test_the_parts_are_one_list_in_pages_of_any_size(names):
    whole = list("ecabdfg")
    assert [user.name for user in names] == whole
    for size in range(1, 9):
        pages = Paginator(names, size)
        assert pages.count == 7
        found = [[user.name for user in page] for page in pages]
        assert found == [whole[start : start + size] for start in range(0, 7, size)]


@pytest.mark.parametrize(
    ("page", "rows", "queries"),
    [(1, "ec", 2), (2, "ab", 3), (3, "df", 4)],  # the count and a part; two parts; a part, its size, and the next
)
def test_a_page_asks_for_its_rows_and_no_more(names, django_assert_num_queries, page, rows, queries):
    with django_assert_num_queries(queries):
        assert [user.name for user in Paginator(names, 2).page(page)] == list(rows)


def test_what_is_only_shown_is_not_worked_out_to_count(names, django_assert_num_queries):
    shown = User.objects.annotate(loud=Upper("name"))
    with django_assert_num_queries(2) as asked:
        assert bounded_count(shown, 3) == 4
        assert bounded_count(shown.filter(loud="A"), 3) == 1
    assert ["UPPER" in query["sql"] for query in asked.captured_queries] == [False, True]


def test_groups_are_counted_as_groups(names):
    languages = User.objects.values("language").annotate(count=Count("pk"))
    assert bounded_count(languages, 10) == len(languages) == 1


@pytest.mark.parametrize("first", [1, 2, 3, 100])
@pytest.mark.parametrize("stay", ["", "a", "adg", "abcdefg"])
def test_a_sieve_keeps_the_order_and_asks_until_enough_have_stayed(names, monkeypatch, first, stay):
    monkeypatch.setattr(Sieved, "FIRST", first)
    rows, asked = names.whole.order_by("name"), []

    def keep(numbers):
        asked.extend(numbers)
        return User.objects.filter(pk__in=numbers, name__in=list(stay)).values_list("pk", flat=True)

    everybody = {user.pk: user.name for user in rows}
    pages = BoundedPaginator(Sieved(rows, keep, 2), 2, most=2)
    assert [everybody[pk] for pk in pages.page(1)] == list(stay[:2])
    assert (pages.count, pages.is_cut) == (min(len(stay), 2), len(stay) > 2)
    assert asked == list(everybody)[: len(asked)]
    needed = list(everybody.values()).index(stay[2]) + 1 if len(stay) > 2 else 7
    assert len(asked) >= needed
    if first == 1:
        assert len(asked) == needed


def test_a_bounded_count_says_that_there_are_more():
    assert [said(number, 1_000) for number in (0, 1_000, 1_001)] == ["0", "1000", "1,000+"]
