"""A list at once does what its lines do one after the other: the same pupils, the same years, the same refusals."""

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from participants.accounts.roles import Role
from participants.accounts.text import fold
from participants.organisations.models import ClassGroup
from participants.people.actions import staging
from participants.people.actions.importing import import_pupils
from participants.people.models import Enrolment, Pupil
from tests.factories.accounts import GrantFactory
from tests.factories.organisations import SchoolFactory

HEAD = [
    *("last_name", "first_name", "birth_date", "sex", "uai", "former_uai", "school_year", "class_name", "level"),
    *("scholarship", "priority_neighbourhood"),
]
FACTS = [
    *("pupil__last_name", "pupil__first_name", "pupil__birth_date", "pupil__sex", "school__uai", "school_year"),
    *("class_group__name", "level", "scholarship", "scholarship_source", "scholarship_on"),
    *("priority_neighbourhood", "neighbourhood_source", "neighbourhood_on", "neighbourhood_version"),
]


class BackError(Exception):
    """Takes back what was written."""


@pytest.fixture
def center(db):
    return GrantFactory(role=Role.ADMINISTRATOR).user


@pytest.fixture
def uais(db):
    return [SchoolFactory().uai for _school in range(2)]


def lists(uais):
    """Lines with few names, so that they meet, and with mistakes."""
    return st.lists(
        st.tuples(
            st.sampled_from(["Dupont", "DUPONT", "Évrard", "evrard", "Martin", ""]),
            st.sampled_from(["Léa", "Noé", "lea"]),
            st.sampled_from(["01/02/2010", "2010-02-01", "03/04/2011", "31/02/2010", "1950-01-01"]),
            st.sampled_from(["", "F", "garçon", "chat"]),
            st.sampled_from([*uais, *uais, "0000000A", "x"]),
            st.sampled_from(["", "", "", *uais]),
            st.sampled_from(["", "2025", "2026-2027", "26"]),
            st.sampled_from(["", "2de A", "2DE a"]),
            st.sampled_from(["", "2de GT", "inconnu", "TG"]),
            st.sampled_from(["", "oui", "non", "inconnu"]),
            st.sampled_from(["", "oui", "non", "?"]),
        ).map(list),
        min_size=1,
        max_size=8,
    )


def take(by, lines):
    """The counts and the refusals by line."""
    refused = {}
    found = import_pupils(
        rows=[HEAD, *lines], by=by, school_year=2026, look=lambda _found: refused.update(staging.refused())
    )
    return found, refused


def state():
    return {
        "years": sorted(map(str, Enrolment.objects.values_list(*FACTS))),
        "pupils": sorted(map(str, Pupil.objects.values_list("last_name", "first_name", "birth_date", "sex"))),
        "classes": ClassGroup.objects.count(),
        "history": [
            (model.objects.filter(pgh_label=label).count())
            for model in (Pupil.pgh_event_model, Enrolment.pgh_event_model)
            for label in ("insert", "update")
        ],
    }


def is_of_the_list(refusal, line, before):
    """Whether a line is refused for what only a list knows: an earlier line names the same pupil, who would be on record
    by now if each came alone."""
    return "twice" in refusal or ("not_at_former" in refusal and who(line) in map(who, before))


def who(line):
    last, first, born = line[:3]
    return fold(last), fold(first), "01/02/2010" if born == "2010-02-01" else born


def tried(act):
    """What `act` answers and leaves behind, taken back."""
    try:
        with transaction.atomic():
            found = act(), state()
            raise BackError
    except BackError:
        return found


# Hundreds of imports in one transaction: the dead rows of their tables stay in the catalogue, and a busy machine waits.
@pytest.mark.timeout(300)
@settings(max_examples=25)
@given(data=st.data())
def test_at_once_is_one_after_the_other(center, uais, data):
    first, lines = data.draw(lists(uais)), data.draw(lists(uais))

    def at_once():
        take(center, first)
        return take(center, lines)

    def one_by_one(told):
        take(center, first)
        counts, refused = dict.fromkeys(told[0], 0), {}
        for number, line in enumerate(lines, start=2):
            if is_of_the_list(told[1].get(number, ""), line, lines[: number - 2]):
                refused[number] = told[1][number]
                counts["refused"] += 1
                continue
            found, refusal = take(center, [line])
            refused |= dict.fromkeys([number], refusal[2]) if refusal else {}
            counts = {key: counts[key] + found[key] for key in counts}
        return counts, refused

    told, left = tried(at_once)
    again, left_again = tried(lambda: one_by_one(told))
    assert again == told
    assert left_again == left


def test_a_day_of_birth_is_read_both_ways(center, uais):
    take(center, [["Dupont", "Léa", "01/02/2010", "", uais[0]]])
    found, _refused = take(center, [["Dupont", "Léa", "2010-02-01", "", uais[0]]])
    assert found["same"] == 1
    assert Pupil.objects.get().birth_date == dt.date(2010, 2, 1)
