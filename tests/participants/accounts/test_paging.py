"""Pages of long lists."""

import pytest
from django.core.paginator import Paginator

from participants.accounts.models import User
from participants.accounts.paging import InTurn
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def names():
    for letter in "gfedcba":
        UserFactory(name=letter)
    first = User.objects.filter(name__in=["c", "e", "a"]).order_by("-name")
    return InTurn(first, User.objects.none(), User.objects.filter(name__in=list("bdfg")).order_by("name"))


def test_rows_of_two_queries_are_one_list_in_pages_of_any_size(names):
    whole = list("ecabdfg")
    assert [user.name for user in names] == whole
    for size in range(1, 9):
        pages = Paginator(names, size)
        assert pages.count == 7
        found = [[user.name for user in page] for page in pages]
        assert found == [whole[start : start + size] for start in range(0, 7, size)]


def test_a_page_asks_each_part_for_its_rows_and_no_more(names, django_assert_num_queries):
    with django_assert_num_queries(3):  # how many there are in each, and the rows of the part that the page is in
        assert [user.name for user in Paginator(names, 3).page(1)] == list("eca")
