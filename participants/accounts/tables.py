"""A table written as text, a line at a time: commas, semicolons or tabs between the cells, in UTF-8 or as Windows writes it.

What is no such table is refused before it costs anything: whatever the file holds, memory is that of one line.
"""

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO, TextIO

from participants.accounts.text import encoding_of

BLOCK = 1024 * 1024
COLUMNS, CELL, RECORD = 300, 32_767, 1024 * 1024


class NoTable(ValueError):  # noqa: N818 - what the file is
    """The file is no table that can be read."""


def lines_of(file: BinaryIO) -> Iterator[list[str]]:
    """The lines of a file, each a list of cells."""
    encoding = encoding_of(_without_nulls(file))
    if encoding is None:
        raise NoTable
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        first = text.readline(RECORD)
        text.seek(0)
        yield from cells_of(text, delimiter=max(",;\t", key=first.count))
    finally:
        text.detach()  # the file is closed by whoever opened it


def cells_of(text: TextIO, delimiter: str = ",") -> Iterator[list[str]]:
    """The lines of a text, each a list of cells: as many and as long as those of a table can be."""
    signs = _Signs(text)
    try:
        for cells in csv.reader(signs, delimiter=delimiter, strict=True):
            signs.room = RECORD
            if len(cells) > COLUMNS or any(len(cell) > CELL for cell in cells):
                raise NoTable
            yield cells
    except csv.Error:
        raise NoTable from None


class _Signs:
    """The text line by line; what belongs together, by quotes that never end or one endless line, has an end."""

    def __init__(self, text):
        self.text, self.room = text, RECORD

    def __iter__(self):
        return self

    def __next__(self):
        line = self.text.readline(self.room + 1)
        self.room -= len(line)
        if self.room < 0:
            raise NoTable
        if not line:
            raise StopIteration
        return line


def _without_nulls(file):
    while block := file.read(BLOCK):
        if b"\0" in block:
            raise NoTable
        yield block
