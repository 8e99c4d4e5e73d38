"""ZIP archives from outside (workbooks are), judged by what their directory promises before anything is unpacked."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


class Damaged(Exception):  # noqa: N818 - what the archive is
    """Not an archive that can be read."""


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


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """That the file itself cannot be opened is our own fault, and stays one. Inside, only the library is at work."""
    with path.open("rb") as file:
        try:
            with zipfile.ZipFile(file) as package:
                yield package
        except Exception as problem:  # the library has a dozen words for bytes that were made to harm
            raise Damaged from problem
