"""How good a password must be: hard to guess, whatever it is made of."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

NEEDED_SCORE = 4  # the best: more than 10^10 guesses
READ_LENGTH = 72  # the estimate takes longer the longer the text; nobody guesses that far
# The estimator knows English; these are what people here type first.
COMMON_HERE = [
    *("motdepasse", "azerty", "azertyuiop", "bonjour", "soleil", "chouchou", "doudou", "loulou", "marseille", "paris"),
    *("jetaime", "coucou", "france", "lycee", "college", "ecole", "professeur", "enseignant", "proviseur", "principal"),
    *("ingenieur", "etudiant", "tutorat", "cordees", "reussite", "egalite", "chances", "centre"),
]


class GuessingValidator:
    """Refuses what an attacker would try in the first ten thousand million attempts."""

    def validate(self, password, user=None):
        own_words = [
            word for text in (getattr(user, "email", ""), getattr(user, "name", "")) for word in words_of(text)
        ]
        if zxcvbn(password[:READ_LENGTH], user_inputs=own_words + COMMON_HERE)["score"] < NEEDED_SCORE:
            raise ValidationError(
                _("This password is easy to guess. Four words with nothing in common make a good one."),
                code="password_guessable",
            )

    def get_help_text(self):
        return _("Four words with nothing in common make a good password.")


def words_of(text):
    return [
        word for word in text.lower().replace("@", " ").replace(".", " ").replace("-", " ").split() if len(word) > 2
    ]
