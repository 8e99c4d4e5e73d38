"""ZIP archives from outside (workbooks are), judged by what their directory promises before anything is unpacked."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# What zipfile raises about a directory made to harm: an OSError is a seek to before the file, a NotImplementedError its
# word for a way of packing that it does not know.
BROKEN = (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError)


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


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The archive; Damaged when it is none. That the file itself cannot be opened is our own fault, and stays one."""
    with path.open("rb") as file:
        try:
            with zipfile.ZipFile(file) as package:
                yield package
        except BROKEN as problem:
            raise Damaged from problem
