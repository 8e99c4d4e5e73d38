"""What points at a pupil is enumerated from the code: a new relation that can clash and has no rule fails here."""

from participants.people.duplicates import clashes
from participants.people.duplicates.relations import may_clash, pointing_at
from participants.people.models import Pupil


def test_every_relation_that_can_clash_has_a_rule():
    assert [str(field) for field in pointing_at(Pupil) if may_clash(field) and not clashes.has_rule(field.model)] == []


def test_the_enumeration_sees_hidden_relations_and_no_history():
    names = {str(field) for field in pointing_at(Pupil)}
    assert {
        "people.Enrolment.pupil",
        "people.DuplicatePair.other",
        "people.Merge.kept",
        "activities.Attendance.pupil",
        "measurement.Participation.pupil",
    } <= names
    assert not [name for name in names if "Event" in name]


def test_the_enumeration_knows_which_relations_can_clash():
    clashing = {str(field) for field in pointing_at(Pupil) if may_clash(field)}
    assert {"people.Guardianship.pupil", "activities.Booking.pupil", "people.Consent.pupil"} <= clashing
    assert "people.Merge.kept" not in clashing
