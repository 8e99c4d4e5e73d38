"""The lines that read the reports of tests once more, for another question."""

from trust.markers import count, report_of, run_marker, said_by
from trust.postgres import survive
from trust.scorecard import NOT_RUN, Outcome, line


@line(6)
def faults(night):
    """Kills of workers, lost brokers, kills and restarts of PostgreSQL: two programs, three kinds."""
    killed = run_marker("kills", night)
    if killed.status == NOT_RUN:
        return killed
    restarts = survive(night)
    is_good = killed.status == "pass" and restarts.missing == 0
    value = f"worker and broker: {killed.value}; PostgreSQL: {restarts.faults} faults; no disk, clock or network faults"
    return Outcome.judge(is_good, tried=killed.tried + restarts.faults, value=value)


@line(12)
def hostile_files(night):
    """Files made to harm the import of schools, and good ones."""
    report = report_of("hostile_files", night)
    if isinstance(report, Outcome):
        return report
    outcome = count(report)
    peak = max(said_by(report, "peak_megabytes"), default=0)
    return Outcome(outcome.status, f"{outcome.value}, {peak} MB at most", outcome.tried)


@line(19)
def get_is_pure(night):
    """Every GET and HEAD of the matrix may only read: one that writes breaks its test."""
    report = report_of("matrix", night)
    if isinstance(report, Outcome):
        return report
    outcome = count(report)
    return Outcome(outcome.status, f"watched while the matrix ran: {outcome.value}", sum(said_by(report, "gets")))


@line(21)
def enumeration(night):
    """How well a stranger guesses from the answers who has an account: one half is a coin."""
    report = report_of("enumeration", night)
    if isinstance(report, Outcome):
        return report
    outcome = count(report)
    told = max(said_by(report, "auc_percent"), default=0) / 100
    return Outcome(outcome.status, f"by time {told:.2f} at most; bytes: {outcome.value}", outcome.tried)
