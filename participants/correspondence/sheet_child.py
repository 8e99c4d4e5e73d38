"""Reads the first sheet of a workbook and says it as CSV; run in a process of its own, with hardly any rights.

`python -m participants.correspondence.sheet_child FILE MEGABYTES SECONDS` knows nothing of Django. A file made to harm can
only stop it; how it ends says why (`packages.ENDS`).
"""

import csv
import datetime as dt
import os
import resource
import sys

from python_calamine import CalamineWorkbook

from participants.correspondence import packages


def main(path, megabytes, seconds):
    memory = int(megabytes) * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    packages.look_inside(path)
    book = CalamineWorkbook.from_path(path)
    out = open(1, "w", encoding="utf-8", errors="replace", newline="", closefd=False)  # noqa: SIM115
    writer = csv.writer(out)
    sheet = book.get_sheet_by_index(0)
    for _empty in range(sheet.start[0] if sheet.start else 0):
        writer.writerow([""])
    for row in sheet.iter_rows():
        writer.writerow([cell if type(cell) is str else text_of(cell) for cell in row])
    out.flush()


def text_of(cell):
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, dt.date | dt.time) else str(cell)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except packages.Harmful as refusal:
        sys.exit(packages.ENDS[str(refusal)])
    except MemoryError:
        os.abort()  # as the reader of workbooks ends by itself when there is no more
