"""Files made to harm whoever reads them, and good ones that must not be refused.

Run as a program it reads the files that it is given as the reader that is named (`READERS`), each in a process of its own,
and says what became of them.
"""

import gzip
import io
import json
import os
import resource
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from pathlib import Path

HEADER = ["Identifiant_de_l_etablissement", "Nom_etablissement", "Type_etablissement", "Statut_public_prive",
          "Adresse_1", "Code_postal", "Code_commune", "Nom_commune", "Code_departement", "Code_academie"]  # fmt: skip
ROW = ["0932030B", "Lycée Maurice Utrillo", "Lycée", "Public", "152 rue Jean Durand", "93240", "93072", "Stains",
       "093", "24"]  # fmt: skip
MEGABYTE = 1024 * 1024


def table(header=HEADER, rows=(ROW,), delimiter=";", end="\n"):
    return end.join(delimiter.join(cells) for cells in [header, *rows]) + end


def good_files() -> dict[str, bytes]:
    """The same school in every spelling that the official files and the spreadsheets of offices have."""
    found = {}
    for encoding in ("utf-8", "utf-8-sig", "cp1252"):
        for name, delimiter in (("semicolon", ";"), ("comma", ","), ("tab", "\t")):
            for line, end in (("unix", "\n"), ("windows", "\r\n")):
                found[f"{encoding} {name} {line}"] = table(delimiter=delimiter, end=end).encode(encoding)
    backwards = table(HEADER[::-1], [ROW[::-1]])
    quoted = '"' + '";"'.join(HEADER) + '"\n"' + '";"'.join(ROW) + '"\n'
    more = {
        "columns in another order": backwards,
        "every cell quoted": quoted,
        "a line break inside a cell": quoted.replace("152 rue", "152\nrue"),
        "no line end at the end": table().rstrip("\n"),
        "empty lines between": table().replace("\n", "\n\n"),
        "columns that nobody knows": table([*HEADER, "Inconnue"], [[*ROW, "x"]]),
        "capitals in the header": table([name.upper() for name in HEADER]),
    }
    return found | {name: text.encode() for name, text in more.items()}


def zipped(*parts):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return packed.getvalue()


def bomb():
    """A few hundred kilobytes that want to be half a gigabyte."""
    squeeze = zlib.compressobj(9)
    return b"\x1f\x8b\x08\x00" + b"\0" * 6 + b"".join(squeeze.compress(b"\0" * MEGABYTE) for _ in range(500))


def hostile_files() -> dict[str, bytes]:
    """What people send by mistake, and what an attacker sends on purpose."""
    sheet = b'<worksheet><sheetData><row><c t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>'
    entities = b'<!DOCTYPE r [<!ENTITY a "' + b"a" * 50_000 + b'">]><r>' + b"&a;" * 20_000 + b"</r>"
    good = table()
    return {
        "empty": b"",
        "one blank": b" ",
        "line ends only": b"\n" * 1000,
        "null bytes": b"\0" * 10_000,
        "a null byte inside": good.replace("Stains", "Sta\0ins").encode(),
        "broken UTF-8": good.encode().replace("é".encode(), b"\xc3\x28\x81"),
        "half UTF-8, half Windows": good.encode() + good.encode("cp1252") + b"\x81",
        "UTF-16": good.encode("utf-16"),
        "UTF-32": good.encode("utf-32"),
        "noise": bytes((n * 7919) % 251 for n in range(200_000)),
        "XLSX renamed": zipped(("[Content_Types].xml", b"<Types/>"), ("xl/worksheets/sheet1.xml", sheet)),
        "ZIP bomb renamed": zipped(("xl/worksheets/sheet1.xml", b"0" * 100 * MEGABYTE)),
        "GZIP bomb": bomb(),
        "GZIP of a good file": gzip.compress(good.encode()),
        "old XLS": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000,
        "PDF": b"%PDF-1.7\n" + b"x" * 1000,
        "PNG": b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + b"\0" * 100,
        "ELF program": b"\x7fELF" + b"\0" * 1000,
        "HTML page": b"<!DOCTYPE html><html><body><table><tr><td>UAI</td></tr></table></body></html>",
        "XML entities": entities,
        "JSON": json.dumps([dict(zip(HEADER, ROW, strict=True))] * 10).encode(),
        "10,000 columns": table([f"column_{n}" for n in range(10_000)], [["x"] * 10_000]).encode(),
        "the same column twice": table([*HEADER, HEADER[0]], [[*ROW, ROW[0]]]).encode(),
        "a header of no official file": table(["Name", "Town"], [["Lycée", "Stains"]]).encode(),
        "no header": table(ROW, [ROW]).encode(),
        "one column": "\n".join(HEADER).encode(),
        "a cell of 20 MB": good.encode() + b'"' + b"x" * 20 * MEGABYTE + b'"\n',
        "a quote that never ends": good.encode() + b'"' + b"x;y\n" * 200_000,
        "a line of 20 MB": b";" * 20 * MEGABYTE,
    }


def write_sparse(path: Path, size: int) -> None:
    """A file that says it is this large and takes no place."""
    with path.open("wb") as file:
        file.write(table().encode())
        file.truncate(size)


def read_directory(path):
    """As the import of schools does."""
    from django.core.exceptions import ValidationError  # noqa: PLC0415 - the parent of the tests reads no file

    from participants.organisations.directory.formats import lines_of, recognise  # noqa: PLC0415
    from participants.organisations.directory.reading import open_table  # noqa: PLC0415

    try:
        with open_table(path) as read:
            return f"{sum(1 for _line in lines_of(read, recognise(read)))} lines"
    except ValidationError as refusal:
        return "refused: " + " ".join(refusal.messages)


def read_class_list(path):
    """As the list that a school sends."""
    from participants.people.rosters.problems import BadFile  # noqa: PLC0415
    from participants.people.rosters.reading import read_table  # noqa: PLC0415

    try:
        return f"{len(read_table(path).lines)} lines"
    except BadFile as refusal:
        return f"refused: {refusal.code}"


def read_long_list(path):
    """As the list of pupils that the center takes in."""
    from participants.correspondence.jobs import Refused  # noqa: PLC0415
    from participants.correspondence.reading import table  # noqa: PLC0415

    try:
        with table(path) as rows:
            return f"{sum(1 for row in rows if any(row))} lines"
    except Refused as refusal:
        return f"refused: {refusal}"


READERS = {"directory": read_directory, "class list": read_class_list, "long list": read_long_list}


def read_apart(path: Path, read) -> dict:
    """Read a file in a process of its own; what it said, the peak of memory, also of its children, the time."""
    receiver, sender = os.pipe()
    if not os.fork():
        began = time.monotonic()
        try:
            said = read(path)
        except BaseException as problem:
            said = f"broke: {type(problem).__name__}: {problem}"
        peaks = (resource.getrusage(whose).ru_maxrss for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        answer = {"said": said, "megabytes": max(peaks) // 1024, "seconds": round(time.monotonic() - began, 2)}
        os.write(sender, json.dumps(answer).encode())
        os._exit(0)
    os.close(sender)
    with os.fdopen(receiver) as answers:
        answer = json.loads(answers.read() or '{"said": "died", "megabytes": 0, "seconds": 0}')
    os.wait()
    return answer


def read_in_a_child(folder: Path, files: dict, reader: str) -> dict[str, dict]:
    """Each file (its bytes, or the size of one that is mostly holes) read in a fresh process: what came of it, by name."""
    names = {}
    for number, (name, content) in enumerate(files.items()):
        path = folder / f"{number}.csv"
        if isinstance(content, int):
            write_sparse(path, content)
        else:
            path.write_bytes(content)
        names[str(path)] = name
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.harness.hostile", reader, *names],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "eocenter.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    return {names[path]: answer for path, answer in json.loads(done.stdout.splitlines()[-1]).items()}


def main(reader, *paths):
    import django  # noqa: PLC0415 - only the program needs it set up

    django.setup()
    print(json.dumps({path: read_apart(Path(path), READERS[reader]) for path in paths}))


if __name__ == "__main__":
    main(*sys.argv[1:])
