import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count

from eocenter.demonstration import cast
from participants.accounts.models import Grant, User
from participants.accounts.roles import Role
from participants.organisations.models import School, SchoolYearProfile
from participants.organisations.school_years import current_school_year
from participants.organisations.uai import is_uai
from participants.people.models import DuplicatePair, Volunteer
from programs.activities.models import Headcount, Session
from programs.awareness.models import TalkRequest

pytestmark = pytest.mark.timeout(300)  # three school years are written, also on a busy machine


@pytest.fixture
def demonstration(db, settings):
    settings.IS_DEMONSTRATION = True
    with connection.cursor() as cursor:
        cursor.execute("DISCARD PLANS")  # those that earlier tests left were made for a few rows


def test_the_center_is_believable(db, demonstration, client):
    out = StringIO()
    call_command("demo", stdout=out)
    year = current_school_year()
    assert School.objects.count() == 300
    assert [school.uai for school in School.objects.all() if not is_uai(school.uai)] == []
    assert SchoolYearProfile.objects.count() == 900
    assert 195 <= Volunteer.objects.count() <= 200
    requests = dict(TalkRequest.objects.order_by().values_list("school_year").annotate(Count("pk")))
    assert requests == {year - 2: 110, year - 1: 170, year: 120}
    assert set(Headcount.objects.values_list("session__activity__school_year", flat=True)) >= {year - 2, year - 1}
    assert Session.objects.upcoming().exists()
    assert DuplicatePair.objects.filter(state="open").count() >= 2
    # A calling nobody answers: every address lies in a domain that cannot exist.
    assert [e for e in User.objects.values_list("email", flat=True) if not e.endswith("example.org")] == []
    assert set(Grant.objects.values_list("role", flat=True)) == set(Role.values)
    for account in cast.ACCOUNTS:
        assert re.search(rf"^ .*{re.escape(account.email)}$", out.getvalue(), re.MULTILINE)
        assert client.login(username=account.email, password=cast.PASSWORD)


def test_only_a_demonstration_gets_accounts_with_a_known_password(db, settings):
    settings.IS_DEMONSTRATION = False
    with pytest.raises(CommandError, match="no demonstration"):
        call_command("demo")
    assert User.objects.count() == 0


def test_nothing_is_added_to_a_center_where_somebody_works(dan, demonstration):
    with pytest.raises(CommandError, match="not empty"):
        call_command("demo")
    assert list(User.objects.all()) == [dan]
