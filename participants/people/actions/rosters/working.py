"""What the worker does with a list. Each step starts from the state of the list and changes it in one transaction: killed
anywhere and run again, it ends alike. The progress counts the lines that are understood; of a file being opened and of
what is written in one transaction nobody can see a middle, and none is shown."""

from django.db import transaction
from django.utils.translation import gettext_noop

from participants.correspondence.jobs import Refused
from participants.people.actions.rosters.sending import can_be_read, delete_file, lock_roster, settle
from participants.people.actions.rosters.taking import save_comparison, take_roster
from participants.people.models import Roster, RosterRow
from participants.people.rosters import columns
from participants.people.rosters.lines import Columns, understand
from participants.people.rosters.problems import BadFile
from participants.people.rosters.reading import read_table

State = Roster.State
BATCH = 500
# So many lines are understood between two reports.
STEP = 100
GONE = gettext_noop("The list is no longer yours to send.")


def work_on_roster(*, pk: int, by, report) -> Roster:
    """Read, compare or take a list, whichever comes next; nothing when it was done before."""
    roster = Roster.objects.visible_to(by).select_related("school").filter(pk=pk).first()
    if roster is None:
        raise Refused(GONE)
    if roster.state == State.READING:
        roster = _read(roster)
    if roster.state == State.COMPARING:
        lines = _understand(roster, report)
        roster = _compare(roster, lines)
    if roster.state == State.APPLYING:
        roster = take_roster(roster=roster, by=by)
    return roster


def _read(roster):
    """The lines of the file as rows; when the columns are those of the last list they need no second look."""
    try:
        table = read_table(roster.path)
    except FileNotFoundError:
        return _refuse(roster, "unread")
    except BadFile as bad:
        return _refuse(roster, bad.code)
    roster = _keep(roster, table)
    delete_file(roster)
    return roster


@transaction.atomic
def _keep(roster, table):
    roster = lock_roster(roster, states=[State.READING])
    roster.rows.all().delete()
    RosterRow.objects.bulk_create(
        [RosterRow(roster=roster, line=line, cells=cells) for line, cells in table.lines], batch_size=BATCH
    )
    roster.names, roster.header_line = table.names, table.header_line
    roster.fingerprint = columns.fingerprint(table.names)
    confirmed = Roster.objects.filter(
        school=roster.school_id, fingerprint=roster.fingerprint, is_mapping_confirmed=True
    ).exclude(pk=roster.pk)
    last = confirmed.order_by("-created_at", "-pk").first()
    roster.mapping = last.mapping if last else table.guess
    is_known = last is not None and can_be_read(roster.mapping)
    roster.is_mapping_confirmed = is_known
    roster.state = State.COMPARING if is_known else State.COLUMNS
    roster.save()
    return roster


@transaction.atomic
def _refuse(roster, code):
    roster = lock_roster(roster, states=[State.READING])
    roster.problem = code
    settle(roster, State.REFUSED, roster.sender)
    transaction.on_commit(lambda: delete_file(roster))
    return roster


def _understand(roster, report):
    """What each line says, kept a few at a time; the numbers of the lines that name somebody."""
    rows = {row.line: row for row in roster.rows.order_by("line")}
    described = Columns(roster.names, roster.mapping, roster.school_year, roster.school.kind)
    lines = understand([(row.line, row.cells) for row in rows.values()], described)
    for line in lines:
        row = rows[line.number]
        row.facts, row.problems, row.remarks = line.facts, line.problems, line.remarks
        row.changes, row.candidates, row.choice, row.pupil = [], [], "", None
        row.state = RosterRow.State.REFUSED if line.problems else RosterRow.State.UNREAD
        if line.is_repeated:
            row.state = RosterRow.State.REPEATED
    numbers = [line.number for line in lines]
    for start in range(0, len(numbers), STEP):
        report(start, len(numbers))
        _keep_understood(roster, [rows[number] for number in numbers[start : start + STEP]])
    return numbers


@transaction.atomic
def _keep_understood(roster, rows):
    lock_roster(roster, states=[State.COMPARING])
    fields = ["facts", "problems", "remarks", "changes", "candidates", "choice", "pupil", "state"]
    RosterRow.objects.bulk_update(rows, fields)


@transaction.atomic
def _compare(roster, lines):
    """Set every line against what is known."""
    roster = lock_roster(roster, states=[State.COMPARING])
    # Lines of totals name nobody. They come back when the columns are chosen anew and the file is sent again.
    roster.rows.exclude(line__in=lines).delete()
    save_comparison(roster)
    roster.state, roster.is_compared_anew = State.READY, False
    roster.save(update_fields=["state", "is_compared_anew", "counts"])
    return roster
