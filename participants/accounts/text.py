"""Text as people search and sort it: without accents, in lower case."""

import unicodedata

from django.db.models import Func, TextField


class Fold(Func):
    """`fold('Évry')` is `evry`. Immutable in PostgreSQL (the first migration creates it), so columns can be generated
    from it and indexes built on it; the embedded server has no ICU collation to sort French names with."""

    function = "eoc_fold"
    output_field = TextField()


def fold(text: str) -> str:
    """The same in Python, for what a person typed: `fold("Évry")` is `evry`."""
    letters = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).lower().strip()
