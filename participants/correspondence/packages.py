"""ZIP archives from outside (workbooks are), judged by what their directory promises before anything is unpacked, and
then by what lists never hold. Knows nothing of Django: the programs that open workbooks ask it too."""

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


class Damaged(Exception):  # noqa: N818 - what the archive is
    """Not an archive that can be read."""


CHUNK = 256 * 1024
MACROS = re.compile(r"vbaproject|(^|/)(basic|scripts)/|macrosheets/", re.IGNORECASE)
FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]|table:formula\s*=")
DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
ENCRYPTED = re.compile(rb"encryption-data")


class Harmful(Exception):  # noqa: N818 - what the workbook is
    """Holds what a list never does; says which."""


# How a program ends that has found it: the numbers that shells leave free.
ENDS = {"formulas": 11, "entities": 12, "locked": 13}


@dataclass(frozen=True)
class Room:
    """What an archive may be: bytes once unpacked, parts, and how many times a part larger than `small` may grow."""

    unpacked: int
    parts: int
    growth: int
    small: int

    def holds(self, parts: list[zipfile.ZipInfo]) -> bool:
        grown = any(
            part.file_size > self.small and part.file_size > self.growth * max(part.compress_size, 1) for part in parts
        )
        return len(parts) <= self.parts and sum(part.file_size for part in parts) <= self.unpacked and not grown


def parts_of(path: Path) -> list[zipfile.ZipInfo]:
    """What the directory of the archive promises; Damaged when there is none."""
    with _opened(path) as package:
        return package.infolist()


def beginning_of(path: Path, name: str, length: int) -> bytes:
    """The first bytes of one part, unpacked; Damaged when they cannot be."""
    with _opened(path) as package, package.open(name) as part:
        return part.read(length)


def has_macros(path: Path, parts: list[zipfile.ZipInfo]) -> bool:
    """Whether programs came along: as parts, or by what the workbook says that it is."""
    if any(MACROS.search(part.filename) for part in parts):
        return True
    types = "[Content_Types].xml"
    return any(part.filename == types for part in parts) and b"macroEnabled" in beginning_of(path, types, CHUNK)


def look_inside(path: Path) -> None:
    """Harmful when there are formulas, declarations or encrypted parts. Part by part, a chunk at a time."""
    with zipfile.ZipFile(path) as archive:
        for part in archive.infolist():
            if part.filename.endswith((".xml", ".rels", ".vml")):
                with archive.open(part) as content:
                    _look(content, part.filename)


def _look(content, name):
    tail = b""
    while chunk := content.read(CHUNK):
        seen = tail + chunk
        if DECLARATION.search(seen):
            raise Harmful("entities")
        if name == "META-INF/manifest.xml" and ENCRYPTED.search(seen):
            raise Harmful("locked")
        if (name.startswith("xl/worksheets/") or name == "content.xml") and FORMULA.search(seen):
            raise Harmful("formulas")
        tail = seen[-32:]


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """That the file itself cannot be opened is our own fault, and stays one. Inside, only the library is at work."""
    with path.open("rb") as file:
        try:
            with zipfile.ZipFile(file) as package:
                yield package
        except Exception as problem:  # the library has a dozen words for bytes that were made to harm
            raise Damaged from problem
