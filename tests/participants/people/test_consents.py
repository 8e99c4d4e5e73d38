"""Who must sign, until when it counts, and the one door: every combination against a naive reading in Python."""

import datetime as dt
from itertools import product

import pytest

from participants.people import ages
from participants.people.consents import WHO_SIGNS, allowed, valid_until, who_signs
from participants.people.models import Consent, Pupil, Purpose
from tests.factories.people import ConsentFactory, GuardianFactory, GuardianshipFactory, PupilFactory

pytestmark = pytest.mark.consent
TODAY = dt.date(2026, 11, 20)
BIRTHDAYS = {
    "14, the last day": dt.date(2011, 11, 21),
    "15 today": dt.date(2011, 11, 20),
    "17, the last day": dt.date(2008, 11, 21),
    "18 today": dt.date(2008, 11, 20),
}


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (dt.date(2011, 11, 20), dt.date(2026, 11, 19), 14),
        (dt.date(2011, 11, 20), dt.date(2026, 11, 20), 15),
        (dt.date(2012, 2, 29), dt.date(2027, 2, 28), 14),
        (dt.date(2012, 2, 29), dt.date(2027, 3, 1), 15),
        (dt.date(2012, 2, 29), dt.date(2032, 2, 29), 20),
        (dt.date(2009, 3, 1), dt.date(2024, 2, 29), 14),
        (dt.date(2009, 2, 28), dt.date(2024, 2, 29), 15),
    ],
)
def test_age(born, day, age):
    assert ages.age_on(born, day) == age
    assert (born <= ages.born_by(15, day)) == (age >= 15)


def test_the_three_ways_to_count_an_age_agree_on_every_day():
    day, end = dt.date(2007, 12, 30), dt.date(2012, 3, 3)
    while day < end:
        for age in (15, 18):
            birthday = ages.birthday(day, age)
            assert ages.age_on(day, birthday) == age
            assert ages.age_on(day, birthday - dt.timedelta(days=1)) == age - 1
            assert day <= ages.born_by(age, birthday)
            assert day > ages.born_by(age, birthday - dt.timedelta(days=1))
        day += dt.timedelta(days=1)


def test_the_table():
    said = {
        purpose.value: [(who.pupil, who.guardians) for who in (who_signs(purpose, age) for age in (14, 15, 18))]
        for purpose in Purpose
    }
    one, all_, pupil = (False, "one"), (True, "all"), (True, "none")
    assert said == {
        "taking_part": [one, one, pupil],
        "image": [all_, all_, pupil],
        "follow_up": [(True, "one"), pupil, pupil],
        "research": [(True, "one"), pupil, pupil],
        "contact_after_18": [(True, "one"), pupil, pupil],
        "camp_health": [one, one, pupil],
    }


@pytest.mark.parametrize(
    ("born", "said", "each_year", "until"),
    [
        (dt.date(2014, 3, 14), TODAY, True, dt.date(2027, 8, 31)),
        (dt.date(2014, 3, 14), TODAY, False, dt.date(2029, 3, 13)),
        (dt.date(2011, 12, 1), TODAY, True, dt.date(2026, 11, 30)),
        (dt.date(2011, 11, 20), TODAY, False, dt.date(2029, 11, 19)),
        (dt.date(2011, 11, 21), TODAY, False, TODAY),
        (dt.date(2012, 2, 29), TODAY, False, dt.date(2027, 2, 28)),
        (dt.date(2000, 1, 1), TODAY, False, TODAY + dt.timedelta(days=5 * 366)),
        (dt.date(2000, 1, 1), dt.date(2027, 8, 31), True, dt.date(2027, 8, 31)),
        (dt.date(2000, 1, 1), dt.date(2027, 9, 1), True, dt.date(2028, 8, 31)),
    ],
)
def test_until_when_a_word_counts(born, said, each_year, until):
    assert valid_until(born, said, each_school_year=each_year) == until


# What a signer may have said: nothing, yes, no, taken back, over, replaced by a no, the last day today.
WORDS = ["nothing", "yes", "no", "taken back", "over", "replaced", "last day"]


def say(pupil, purpose, guardian, word):
    facts = {"pupil": pupil, "purpose": purpose, "guardian": guardian, "valid_until": dt.date(2027, 8, 31)}
    moment = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    if word == "yes":
        ConsentFactory(**facts)
    elif word == "no":
        ConsentFactory(**facts, decision="refused")
    elif word == "taken back":
        ConsentFactory(**facts, withdrawn_at=moment)
    elif word == "over":
        ConsentFactory(**facts | {"valid_until": TODAY - dt.timedelta(days=1)})
    elif word == "replaced":
        ConsentFactory(**facts, replaced_at=moment)
    elif word == "last day":
        ConsentFactory(**facts | {"valid_until": TODAY})


def naive(purpose, age, of_pupil, of_guardians):
    """The rule as one would say it: enough yes, and no no of anybody who is asked."""
    signers = who_signs(purpose, age)
    counts = {"yes", "last day"}
    objects = {"no", "taken back"}
    entitled = [of_pupil, *(of_guardians if signers.guardians != "none" else [])]
    if any(word in objects for word in entitled):
        return False
    if signers.pupil and of_pupil not in counts:
        return False
    if signers.guardians == "one":
        return any(word in counts for word in of_guardians)
    if signers.guardians == "all":
        return bool(of_guardians) and all(word in counts for word in of_guardians)
    return True


@pytest.mark.django_db
@pytest.mark.parametrize("born", BIRTHDAYS.values(), ids=BIRTHDAYS)
@pytest.mark.parametrize("purpose", Purpose.values)
def test_every_combination(purpose, born, record_property):
    """Each purpose on either side of 15 and 18, for no, one and two guardians, whatever each has said."""
    short = ["nothing", "yes", "no", "over"]
    cases = [(own, ()) for own in WORDS]
    cases += [(own, (first,)) for own, first in product(WORDS, WORDS)]
    cases += [(own, pair) for own, pair in product(["nothing", "yes", "no"], product(short, short))]
    wanted = {}
    eve, adam = GuardianFactory(), GuardianFactory()
    for own, of_guardians in cases:
        pupil = PupilFactory(birth_date=born)
        say(pupil, purpose, None, own)
        for rank, (guardian, word) in enumerate(zip((eve, adam), of_guardians, strict=False), start=1):
            GuardianshipFactory(guardian=guardian, pupil=pupil, rank=rank)
            say(pupil, purpose, guardian, word)
        wanted[pupil.pk] = naive(purpose, ages.age_on(born, TODAY), own, of_guardians)
    found = set(allowed(Pupil.objects.all(), purpose, TODAY).values_list("pk", flat=True))
    assert found == {pk for pk, is_allowed in wanted.items() if is_allowed}
    record_property("tried", len(cases))


@pytest.mark.django_db
def test_the_word_of_somebody_who_is_no_guardian_any_more_counts_neither_way():
    pupil, eve, adam = PupilFactory(birth_date="2014-01-01"), GuardianFactory(), GuardianFactory()
    GuardianshipFactory(guardian=eve, pupil=pupil)
    say(pupil, "taking_part", eve, "yes")
    say(pupil, "taking_part", adam, "no")
    assert allowed(Pupil.objects.all(), "taking_part", TODAY).exists()
    eve.guardianships.all().delete()
    assert not allowed(Pupil.objects.all(), "taking_part", TODAY).exists()


@pytest.mark.django_db
def test_one_purpose_says_nothing_about_another():
    pupil, eve = PupilFactory(birth_date="2014-01-01"), GuardianFactory()
    GuardianshipFactory(guardian=eve, pupil=pupil)
    say(pupil, "taking_part", eve, "yes")
    assert [p for p in Purpose.values if allowed(Pupil.objects.all(), p, TODAY)] == ["taking_part"]


@pytest.mark.django_db
@pytest.mark.sabotage
def test_without_the_filter_everybody_comes_out(monkeypatch):
    pupil = PupilFactory(birth_date="2014-01-01")
    assert not allowed(Pupil.objects.all(), "image", TODAY).exists()
    monkeypatch.setenv("EOC_SABOTAGE", "consent")
    assert list(allowed(Pupil.objects.all(), "image", TODAY)) == [pupil]
    assert set(WHO_SIGNS) == set(Purpose.values)
    assert Consent.objects.count() == 0
