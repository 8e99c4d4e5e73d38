"""How the text of a file is written, whatever pieces it is read in."""

import pytest

from participants.accounts.text import encoding_of

TEXT = "Né(e) le;œuvre;Léa Évrard;" * 20


@pytest.mark.parametrize("size", [1, 2, 3, 7, 10_000])
@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"", "utf-8-sig"),
        (b"plain", "utf-8-sig"),
        (TEXT.encode(), "utf-8-sig"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("cp1252"), "cp1252"),
        (b"L\xe9a", "cp1252"),
        # One broken byte among many that agree: as Windows-1252 every name would come in wrong.
        (TEXT.encode() + b"L\xe9a", None),
        (TEXT.encode()[:-4] + "é".encode()[:1], None),
        (TEXT.encode("cp1252") + b"\x81", None),
    ],
)
def test_the_encoding_is_judged_by_every_byte(content, encoding, size):
    pieces = [content[start : start + size] for start in range(0, len(content), size)]
    assert encoding_of(pieces) == encoding
