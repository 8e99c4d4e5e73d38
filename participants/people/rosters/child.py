"""The program that opens a workbook, alone: `python -m participants.people.rosters.child FILE`.

It knows nothing of Django, may take little memory and little time, and says on its output what the sheets hold, or in
a word why it does not. Whatever a hostile file does to it, it does to nobody else.
"""

import datetime as dt
import json
import resource
import sys

import python_calamine

from participants.correspondence import packages

MEMORY, SECONDS = 300 * 1024 * 1024, 8
MAX_SHEETS, MAX_LINES, MAX_COLUMNS, MAX_CELL, MAX_TEXT = 10, 5000, 100, 1000, 8_000_000
# Of the rows before the first that is not empty, and of empty ones between: programs mark whole columns.
MAX_PLACE = 20_000


class Bad(Exception):  # noqa: N818 - what the file is
    """Why the file is not read: a code of `problems`."""


def limit():
    """No more memory, time or files than a class list needs."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def sheets_of(path):
    """Each sheet with its lines that are not empty: [number, cells as text]."""
    room = MAX_TEXT
    for name in (book := python_calamine.load_workbook(path)).sheet_names[:MAX_SHEETS]:
        sheet = book.get_sheet_by_name(name)
        if sheet.total_height > MAX_PLACE:
            raise Bad("too_many_lines")
        rows = []
        for place, row in enumerate(sheet.to_python(skip_empty_area=False), start=1):
            cells = [text_of(cell) for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                rows.append([place, cells])
            room -= check(rows, cells)
        if room < 0:
            raise Bad("damaged")
        yield rows


def check(rows, cells):
    if len(rows) > MAX_LINES:
        raise Bad("too_many_lines")
    if len(cells) > MAX_COLUMNS:
        raise Bad("too_many_columns")
    if any(len(cell) > MAX_CELL for cell in cells):
        raise Bad("cell_too_long")
    return sum(map(len, cells))


def text_of(cell):
    """What the cell shows: dates as days, whole numbers without a point."""
    if isinstance(cell, dt.datetime | dt.date):
        return cell.isoformat()[:10]
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def main(path):
    limit()
    try:
        packages.look_inside(path)
        answer = {"sheets": list(sheets_of(path))}
    except (Bad, packages.Harmful) as refusal:
        answer = {"bad": str(refusal)}
    except Exception as problem:  # whatever a reader of hostile files stumbles on
        is_locked = type(problem).__name__ == "PasswordError" or "encrypted" in str(problem)
        answer = {"bad": "locked" if is_locked else "damaged"}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
