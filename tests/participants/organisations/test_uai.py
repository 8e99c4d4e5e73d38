import pytest
from django.core.exceptions import ValidationError
from hypothesis import assume, given
from hypothesis import strategies as st

from participants.organisations.uai import UAI_ALPHABET, is_siret, is_uai, normalise_uai, uai_key, validate_uai

digits = st.integers(0, 9_999_999).map("{:07d}".format)


@pytest.mark.parametrize("code", ["0932030B", "0911568K", "0910620E", "7200013B"])
def test_real_uais_are_uais(code):
    assert is_uai(code)


@pytest.mark.parametrize("code", ["0932030C", "093203B", "0932030b", "", "0932030B\n", "０９３２０３０B", "0932030I"])
def test_others_are_not(code):
    assert not is_uai(code)


def test_written_in_small_letters_and_blanks():
    assert normalise_uai(" 0333494u ") == "0333494U"


@given(digits)
def test_exactly_one_letter_fits(number):
    assert [letter for letter in UAI_ALPHABET if is_uai(number + letter)] == [uai_key(number)]


@given(digits, st.integers(0, 6), st.integers(0, 9))
def test_one_wrong_digit_is_always_seen(number, place, digit):
    wrong = number[:place] + str(digit) + number[place + 1 :]
    assume(wrong != number)
    assert not is_uai(wrong + uai_key(number))


@given(digits, st.integers(0, 5))
def test_two_exchanged_digits_are_always_seen(number, place):
    wrong = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assume(wrong != number)
    assert not is_uai(wrong + uai_key(number))


@given(st.text(max_size=20))
def test_any_text_is_answered(text):
    assert is_uai(text) in {True, False}
    assert is_siret(text) in {True, False}


def test_the_refusal_says_what_is_wrong():
    with pytest.raises(ValidationError, match="0932030C"):
        validate_uai("0932030C")


@pytest.mark.parametrize(
    ("number", "is_right"), [("19911568400011", True), ("19753501600020", True), ("13001422800051", False)]
)
def test_sirets(number, is_right):
    assert is_siret(number) is is_right
