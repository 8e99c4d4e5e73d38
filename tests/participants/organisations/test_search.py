import threading

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from participants.organisations.models import School
from participants.organisations.search import edits_of, only_by_index, words_of
from tests.factories.organisations import SchoolFactory

word = st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=10).filter(lambda text: text != "lycee")


@pytest.fixture
def utrillo(db):
    SchoolFactory(name="Collège Jean Jaurès", commune="Montreuil", kind="college", uai="0931433C")
    SchoolFactory(name="Lycée général et technologique Jean Jaurès", commune="Montreuil", uai="0930121B")
    SchoolFactory(name="Collège Barbara", commune="Stains", kind="college", uai="0932365R")
    SchoolFactory(name="Lycée Sainte-Marie", commune="Saint-Denis", uai="0930951D")
    return SchoolFactory(name="Lycée polyvalent Maurice Utrillo", commune="Stains", uai="0932030B")


@pytest.mark.parametrize(
    "text",
    [
        "Maurice Utrillo",
        "utrillo",
        "UTRILLO STAINS",
        "stains utrillo",
        "lycee utrilo stain",  # a letter missing, no accent, a beginning
        "lycee utrilllo stains",  # a letter too many
        "lycee utrollo stains",  # a wrong letter
        "lycee turillo stains",  # two letters exchanged
        "lyc utri",
        "lcyee utrillo",
        "collège utrillo",  # wrong kind
        "utrillo à Stains (93)",
        "maurice utrillo aubervilliers",  # one word that fits nothing
        "0932030B",
        "0932030b",
        "093203",
        "0932031B",  # wrong digit
        "Utrillo s",
    ],
)
def test_the_school_comes_first(utrillo, text):
    assert School.objects.search(text).first() == utrillo


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ste marie", "Lycée Sainte-Marie"),
        ("sainte-marie st denis", "Lycée Sainte-Marie"),
        ("clg jaures", "Collège Jean Jaurès"),
        ("lycée jaurès", "Lycée général et technologique Jean Jaurès"),
        ("college jean jaures montreuil", "Collège Jean Jaurès"),
    ],
)
def test_as_people_write_it(utrillo, text, name):
    assert School.objects.search(text).first().name == name


@pytest.mark.parametrize("text", ["", "   ", "!!!", "xyzxyz", "\x00", "%", "' OR 1=1 --", "🙂", "a" * 10_000])
def test_what_fits_nothing_finds_nothing(utrillo, text):
    assert list(School.objects.search(text)) == []


def test_everything_of_a_town(utrillo):
    assert {school.name for school in School.objects.search("stains")} == {
        "Lycée polyvalent Maurice Utrillo",
        "Collège Barbara",
    }


def test_only_what_may_be_picked(utrillo):
    SchoolFactory(name="Section Utrillo", commune="Stains", kind="section", is_section=True)
    SchoolFactory(name="Ancien lycée Utrillo", commune="Stains", state="closed")
    closing = SchoolFactory(name="Collège Utrillo", commune="Pierrefitte", kind="college", state="closing")
    assert set(School.objects.pickable().search("utrillo")) == {utrillo, closing}


def test_the_table_of_words_learns_from_every_way_in(db):
    SchoolFactory(name="Lycée Zénobie", commune="Ys")
    School.objects.bulk_create([School(name="Lycée Wagadou", kind="other")])
    School.objects.update(commune="Kôr")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM organisations_schoolword WHERE word = ANY(%s)", [["zenobie", "wagadou", "kor"]]
        )
        assert {word for (word,) in cursor} == {"zenobie", "wagadou", "kor"}


@pytest.mark.parametrize(
    "text", ["Lycée Saint-Exupéry", "Collège de l’Étang", "LPO Œuvre d'Été", "STE Anne 0932030B", "clg Ça", "École n°3"]
)
def test_python_and_postgresql_cut_words_alike(db, text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT eoc_search_words(%s)", [text])
        [[stored]] = cursor.fetchall()
    words, _last = words_of(text)
    assert {f"{word}." for word in words} <= set(stored)


@given(word, st.integers(0, 20), st.sampled_from("abcz"), st.sampled_from(["missing", "extra", "wrong", "exchanged"]))
def test_every_single_mistake_is_among_the_edits(text, place, letter, mistake):
    i = place % (len(text) - 1)
    mistyped = {
        "missing": text[:i] + text[i + 1 :],
        "extra": text[:i] + letter + text[i:],
        "wrong": text[:i] + letter + text[i + 1 :],
        "exchanged": text[:i] + text[i + 1] + text[i] + text[i + 2 :],
    }[mistake]
    assert mistyped == text or len(mistyped) < 3 or text in edits_of(mistyped)


SWITCHES = 4  # a savepoint of the test, reading by index only and taking that back


def test_words_are_looked_up_in_their_index_only(utrillo):
    """Row after row a search among all schools of France takes seconds."""
    with only_by_index():
        plan = School.objects.pickable().filter(search_words__overlap=["stains", "stain"]).order_by()[:1000].explain()
        assert "Bitmap Index Scan on organisations_school_search" in plan
        assert "Seq Scan" not in plan
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('enable_seqscan'), current_setting('enable_indexscan')")
        assert cursor.fetchone() == ("on", "on")


def test_a_search_asks_a_few_questions_only(utrillo, django_assert_max_num_queries):
    with django_assert_max_num_queries(SWITCHES + 4):
        list(School.objects.search("lycee utrilo stain")[:10])
    with django_assert_max_num_queries(SWITCHES + 6):
        list(School.objects.search("lycee nothing like it anywhere at all")[:10])


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_the_words_of_a_running_import():
    saved = threading.Event()

    def save_a_school_of_the_same_name():
        SchoolFactory(name="Lycée Zénobie", commune="Ys")
        saved.set()
        connection.close()

    with transaction.atomic():
        SchoolFactory(name="Collège Zénobie", commune="Ys")
        other = threading.Thread(target=save_a_school_of_the_same_name)
        other.start()
        assert saved.wait(3)
    other.join()
    assert School.objects.search("zenobei").count() == 2
