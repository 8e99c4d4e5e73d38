"""Everything that leads to a person has a decided fate, and the decisions stand in a list that people read."""

import pytest
import yaml
from django.conf import settings

from participants.accounts.classification import Fate
from participants.people.rights import relations

DECIDED = yaml.safe_load((settings.BASE_DIR / "tests" / "decisions" / "relations.yaml").read_text())


@pytest.mark.erasure
def test_every_relation_to_a_person_has_a_fate(record_property):
    undecided = [link.label for link in relations.links() if link.relation is None]
    record_property("relations", len(relations.links()))
    assert undecided == [], "decide these in RELATIONS of the app's privacy.py"


def test_the_fates_are_those_that_were_decided():
    fates = {link.label: str(link.relation.fate) for link in relations.links() if link.relation}
    loose = {f"{loose.model._meta.label}.{loose.number}": str(loose.relation.fate) for loose in relations.loose()}
    assert fates | loose == {name: fate for group in DECIDED.values() for name, fate in group.items()}


def test_no_fate_is_left_over():
    assert set(relations.decided()) - {link.label for link in relations.links()} == set()


def test_what_is_unlinked_may_be_empty():
    wrong = [
        link.label
        for link in relations.links()
        if link.relation and link.relation.fate == Fate.UNLINK and not link.model._meta.get_field(link.field).null
    ]
    assert wrong == []


def test_a_copy_says_what_becomes_of_each_field():
    """A field that was added later is not lost in silence."""
    dropped = {
        "Enrolment": {
            *("expected_level", "track", "specialities", "languages", "scholarship_scale", "scholarship_step"),
            *("scholarship_source", "scholarship_on", "neighbourhood_source", "neighbourhood_on"),
            *("generation_source", "generation_on", "origin_source", "origin_on", "is_statistic"),
            *("track_source", "track_on", "specialities_source", "specialities_on"),
            *("languages_source", "languages_on"),
        },
        "Booking": {
            *("class_group", "guest", "school", "level", "priority"),
            *("offered_until", "reason", "booked_at", "booked_by", "override_reason", "is_out_of_turn"),
        },
        "Assignment": {"applied_at", "period"},
        "Study": {"source", "told_on", "is_statistic"},
        "PoolEntry": {"entered_at", "entered_by", "booking", "left_at"},
    }
    for link in relations.links():
        if link.relation and link.relation.fate == Fate.COPY:
            names = {field.name for field in link.model._meta.concrete_fields} - {"id", link.field}
            said = {*link.relation.keeps, *dropped.get(link.model.__name__, ())}
            assert names == said, link.label
