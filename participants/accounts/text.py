"""Text as people search and sort it: without accents, in lower case; and how the text of a file is written."""

import codecs
import re
import unicodedata
from collections.abc import Iterable

from django.db.models import CharField, Func, TextField
from django.db.models.lookups import Contains

UNUSED_IN_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
BROKEN, ACCENT = re.compile("[\udc80-\udcff]"), re.compile("[^\x00-\x7f]")


class Fold(Func):
    """`fold('Évry')` is `evry`. Immutable in PostgreSQL (the first migration creates it), so columns can be generated
    from it and indexes built on it; the embedded server has no ICU collation to sort French names with."""

    function = "eoc_fold"
    output_field = TextField()


def fold(text: str) -> str:
    """The same in Python, for what a person typed: `fold("Évry")` is `evry`."""
    letters = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).lower().strip()


@CharField.register_lookup
@TextField.register_lookup
class HoldsFolded(Contains):
    """`sort_name__holds="Évr"`: a folded text (such as the address of a user) holds what a person typed, folded as well.
    Asked of the column as it stands, so that its index and what the planner knows of it count."""

    lookup_name = "holds"

    def get_prep_lookup(self):
        return fold(self.rhs)

    def get_rhs_op(self, connection, rhs):
        return connection.operators[Contains.lookup_name] % rhs


def encoding_of(chunks: Iterable[bytes]) -> str | None:
    """UTF-8 when every byte agrees; Windows-1252 when hardly any accent is UTF-8; between the two it is damaged."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="surrogateescape")
    right = wrong = 0
    is_cp1252 = True
    for chunk in chunks:
        text = decoder.decode(chunk)
        if chunk.isascii() and text.isascii():
            continue
        broken = len(BROKEN.findall(text))
        wrong += broken
        right += len(ACCENT.findall(text)) - broken
        is_cp1252 = is_cp1252 and not UNUSED_IN_CP1252.search(chunk)
    wrong += len(BROKEN.findall(decoder.decode(b"", final=True)))
    if not wrong:
        return "utf-8-sig"
    return "cp1252" if is_cp1252 and right * 20 < wrong else None
