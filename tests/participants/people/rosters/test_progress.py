"""What the bar of a list counts is done when it says so."""

import pytest

from participants.correspondence.models import Job
from participants.people import actions
from participants.people.models import RosterRow
from tests.participants.people.rosters.conftest import HEAD, YEAR, upload

pytestmark = pytest.mark.django_db
LINES = [f"DUPONT;Léa;{1 + n % 28:02}/{1 + n // 28:02}/2012;F;3A" for n in range(250)]


def test_the_progress_counts_the_lines_that_are_understood(school, teacher):
    roster = actions.send_roster(school=school, school_year=YEAR, file=upload([HEAD, *LINES]), by=teacher)
    told = []

    def report(done, total):
        told.append((done, total, RosterRow.objects.filter(facts__isnull=False).count()))

    roster = actions.work_on_roster(pk=roster.pk, by=teacher, report=report)
    assert (roster.state, told) == ("columns", [])
    roster = actions.choose_columns(roster=roster, mapping=roster.mapping, by=teacher)
    roster = actions.work_on_roster(pk=roster.pk, by=teacher, report=report)
    assert (roster.state, told) == ("ready", [(0, 250, 0), (100, 250, 100), (200, 250, 200)])
    roster = actions.confirm_roster(roster=roster, by=teacher)
    roster = actions.work_on_roster(pk=roster.pk, by=teacher, report=report)
    assert (roster.state, len(told)) == ("applied", 3)


def test_the_bar_moves_on_the_page_and_claims_nothing_where_nobody_can_tell(client, school, teacher):
    client.force_login(teacher)
    roster = actions.send_roster(school=school, school_year=YEAR, file=upload([HEAD, *LINES]), by=teacher)
    seen = [client.get(roster.get_absolute_url()).content.decode()]
    roster = actions.work_on_roster(pk=roster.pk, by=teacher, report=None)
    roster = actions.choose_columns(roster=roster, mapping=roster.mapping, by=teacher)

    def report(done, total):
        Job.objects.filter(pk=roster.job_id).update(done=done, total=total)
        seen.append(client.get(roster.get_absolute_url()).content.decode())

    actions.work_on_roster(pk=roster.pk, by=teacher, report=report)
    assert ['max="250"' in page for page in seen] == [False, True, True, True]
    assert [f"{done} / 250" in page for done, page in zip((0, 100, 200), seen[1:], strict=True)] == [True] * 3
