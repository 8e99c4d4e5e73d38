import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from participants.people.duplicates.first_names import USUAL
from participants.people.duplicates.names import (
    Likeness,
    compare_first,
    compare_last,
    sound,
    words_of,
)


def usual(name):
    return name in USUAL


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Éloïse", ("eloise",)),
        ("Marie-Claire", ("marie", "claire")),
        ("de La Fontaine", ("fontaine",)),
        ("d’Alembert", ("alembert",)),
        ("Le", ("le",)),
        ("O'Brien  Müller", ("o", "brien", "muller")),
    ],
)
def test_words_tell_a_name_from_another(name, words):
    assert words_of(name) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("dupont", "dupond"),
        ("philippe", "filipe"),
        ("mathieu", "matthieu"),
        ("sarah", "sara"),
        ("gauthier", "gautier"),
        ("moreau", "moro"),
        ("lefebvre", "lefebvres"),
        ("yasmine", "iasmine"),
        ("quentin", "kentin"),
    ],
)
def test_alike_to_a_french_ear(one, other):
    assert sound(one) == sound(other)


@pytest.mark.parametrize(
    ("one", "other"), [("jean", "jeanne"), ("lea", "leo"), ("emma", "emmy"), ("louis", "louise"), ("martin", "martine")]
)
def test_not_alike_to_a_french_ear(one, other):
    assert sound(one) != sound(other)


def test_the_database_hears_the_same(db):
    names = [*sorted(USUAL), "dupond", "lefebvre", "schmitt", "rousseau", "guillaume", "bourgeois", "czech", "hh", "x"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT eoc_sound(word) FROM unnest(%s::text[]) WITH ORDINALITY t (word, n) ORDER BY n", [names])
        assert [heard for (heard,) in cursor.fetchall()] == [sound(name) for name in names]


@given(st.lists(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12), min_size=20, max_size=20))
def test_the_database_hears_any_word_the_same(db, names):
    with connection.cursor() as cursor:
        cursor.execute("SELECT eoc_sound(word) FROM unnest(%s::text[]) WITH ORDINALITY t (word, n) ORDER BY n", [names])
        assert [heard for (heard,) in cursor.fetchall()] == [sound(name) for name in names]


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("Lefèvre", "LEFEVRE", Likeness.SAME),
        ("Le Goff", "Legoff", Likeness.SAME),
        ("de la Tour", "La Tour", Likeness.SAME),
        ("Martin-Dupont", "Martin Dupont", Likeness.SAME),
        ("Dupont", "Dupond", Likeness.SOUND),
        ("Garcia", "Gracia", Likeness.LETTER),
        ("Martin", "Martin-Dupont", Likeness.PART),
        ("Roy", "Rey", Likeness.DIFFERENT),
        ("Martin", "Durand", Likeness.DIFFERENT),
    ],
)
def test_last_names(one, other, likeness):
    assert compare_last(one, other) == compare_last(other, one) == likeness


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("Éloïse", "Eloise", Likeness.SAME),
        ("Marie-Claire", "Marie Claire", Likeness.SAME),
        ("Jean-Baptiste", "Jeanbaptiste", Likeness.SAME),
        ("Mathieu", "Matthieu", Likeness.SOUND),
        ("Sara", "Sarah", Likeness.SOUND),
        ("Marie", "Marie-Claire", Likeness.PART),
        ("JB", "Jean-Baptiste", Likeness.SHORT),
        ("Muhammad", "Mohamed", Likeness.SHORT),
        ("Quentni", "Quentin", Likeness.LETTER),
        # Twins, brothers and sisters.
        ("Léa", "Léo", Likeness.DIFFERENT),
        ("Emma", "Emmy", Likeness.DIFFERENT),
        ("Jean", "Jeanne", Likeness.DIFFERENT),
        ("Gabriel", "Gabrielle", Likeness.DIFFERENT),
        ("Frédéric", "Frédérique", Likeness.DIFFERENT),
        ("Marin", "Martin", Likeness.DIFFERENT),
        ("Marie-Claire", "Marie-Anne", Likeness.DIFFERENT),
        ("Alex", "Alexandre", Likeness.DIFFERENT),
    ],
)
def test_first_names(one, other, likeness):
    assert compare_first(one, other, usual) == compare_first(other, one, usual) == likeness
