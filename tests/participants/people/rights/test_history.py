"""A history is written once: only erasing and terms minimise it."""

import pytest
import yaml
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from participants.accounts import history
from participants.people.actions.retention import tidy_lines
from participants.people.models import Pupil, RetentionRun
from participants.people.rights import erasure, relations, terms
from tests.factories.awareness import CampaignSpeakerFactory
from tests.factories.people import PupilFactory

UNTRACKED = yaml.safe_load((settings.BASE_DIR / "tests" / "decisions" / "histories.yaml").read_text())

pytestmark = [pytest.mark.erasure, pytest.mark.django_db]


def about_people():
    """Every table that holds something about a person, or leads to one."""
    of_fields = {apps.get_model(app, key.split(".")[0]) for app, key, _personal in relations.personal_fields()}
    return of_fields | {link.model for link in relations.links() if not link.is_history}


def test_every_table_about_a_person_has_a_history_or_a_reason_for_none():
    without = {model._meta.label for model in about_people() if not relations.histories_of(model)}
    assert without == set(UNTRACKED)
    assert all(isinstance(why, str) and why for why in UNTRACKED.values())


def lines_of(pupil):
    return Pupil.pgh_event_model.objects.filter(pgh_obj_id=pupil.pk)


@pytest.mark.parametrize("event", relations.histories(), ids=lambda event: event._meta.label)
def test_every_history_has_the_guard(event):
    """Asked of the database itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE %s AND tgenabled = 'O'",
            [event._meta.db_table, "pgtrigger_written_once%"],
        )
        assert cursor.fetchone() == (1,)


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines.update(first_name="Somebody"),
        lambda lines: lines.delete(),
        lambda lines: lines.get().delete(),
    ],
)
def test_a_line_is_neither_changed_nor_deleted(change):
    lines = lines_of(PupilFactory(first_name="Lou"))
    with (
        pytest.raises(DatabaseError, match="Cannot update or delete rows from people_pupilevent"),
        transaction.atomic(),
    ):
        change(lines)
    assert lines.get().first_name == "Lou"


def test_the_door_is_shut_again():
    lines = lines_of(PupilFactory(first_name="Lou"))
    with history.open_door():
        with history.open_door():
            lines.update(first_name="Max")
        lines.update(first_name="Eve")
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        lines.update(first_name="Ida")
    assert lines.get().first_name == "Eve"


def test_an_error_shuts_the_door():
    lines = lines_of(PupilFactory())
    with pytest.raises(ZeroDivisionError), transaction.atomic(), history.open_door():
        raise ZeroDivisionError
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        lines.delete()


def test_erasing_goes_through_and_shuts_the_door():
    lou, max_ = PupilFactory(), PupilFactory()
    erasure.erase(kind="pupil", pk=lou.pk, ground="request")
    assert not lines_of(lou).exists()
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        lines_of(max_).delete()


def test_what_somebody_says_of_their_gender_is_in_no_history():
    speaker = CampaignSpeakerFactory(gender="woman")
    [line] = type(speaker).pgh_event_model.objects.filter(pgh_obj=speaker.pk)
    assert (line.volunteer_id, hasattr(line, "gender")) == (speaker.volunteer_id, False)


def test_old_lines_go_with_their_term():
    lou = PupilFactory()
    long_ago = terms.moment_before(timezone.localdate(), 13)
    with history.open_door():
        lines_of(lou).update(pgh_created_at=long_ago)
    newer = PupilFactory()
    run = RetentionRun.objects.create(ran_on=timezone.localdate())
    tidy_lines(categories=["audit"], today=timezone.localdate(), run=run)
    assert not lines_of(lou).exists()
    assert lines_of(newer).exists()
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        lines_of(newer).delete()
