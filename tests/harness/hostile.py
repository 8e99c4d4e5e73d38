"""Files made to harm whoever reads them as the directory of schools, and good ones that must not be refused.

Run as a program it reads the files that it is given, each in a process of its own, and says what became of them.
"""

import gzip
import io
import json
import os
import resource
import struct
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


def read_apart(path: Path) -> dict:
    """Read a file as the import does, in a process of its own; what it said, the peak of its memory, the time."""
    from django.core.exceptions import ValidationError  # noqa: PLC0415 - the parent of the tests reads no file

    from participants.organisations.directory.formats import lines_of, recognise  # noqa: PLC0415
    from participants.organisations.directory.reading import open_table  # noqa: PLC0415

    receiver, sender = os.pipe()
    if not os.fork():
        began = time.monotonic()
        try:
            with open_table(path) as read:
                lines = sum(1 for _line in lines_of(read, recognise(read)))
            said = f"{lines} lines"
        except ValidationError as refusal:
            said = "refused: " + " ".join(refusal.messages)
        except BaseException as problem:
            said = f"broke: {type(problem).__name__}"
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        answer = {"said": said, "megabytes": megabytes, "seconds": round(time.monotonic() - began, 2)}
        os.write(sender, json.dumps(answer).encode())
        os._exit(0)
    os.close(sender)
    with os.fdopen(receiver) as answers:
        answer = json.loads(answers.read() or '{"said": "died", "megabytes": 0, "seconds": 0}')
    os.wait()
    return answer


def main():
    import django  # noqa: PLC0415 - only the program needs it set up

    django.setup()
    print(json.dumps({name: read_apart(Path(name)) for name in sys.argv[1:]}))


if __name__ == "__main__":
    main()
