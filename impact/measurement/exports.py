"""The figures of a screen as files: what the page shows, every breakdown, and the definitions beside them."""

from django.http import Http404
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, pgettext

from impact.measurement import figures
from impact.measurement.indicators import INDICATORS
from impact.measurement.screen import Screen
from participants.accounts.roles import Permission
from participants.correspondence import jobs
from participants.correspondence.spreadsheet import Sheet, write_csv, write_xlsx
from participants.organisations.school_years import school_year_label

KIND = "measurement.figures"
FORMATS = ("xlsx", "csv")
GONE = gettext_noop("You may no longer read these figures.")


def is_allowed(user) -> bool:
    return user.can(Permission.FIGURE_EXPORT)


def run(job, report):
    """Write the figures that the owner of the job sees at the address kept in its parameters."""
    parameters = dict(job.parameters)
    ending = parameters.pop("format")
    with translation.override(job.owner.language):
        try:
            screen = Screen(job.owner, parameters)
        except Http404:
            raise jobs.Refused(GONE) from None
        if ending == "csv":
            write_csv(report.path, everything(screen, report))
        else:
            write_xlsx(report.path, [*_as_shown(screen), everything(screen, report), _definitions(), _about(screen)])
        name = _("figures")
        return f"{name}-{screen.year_label}.{ending}"


def register():
    """Make the work known."""
    jobs.register(jobs.Kind(KIND, gettext_lazy("Figures"), run, is_allowed))


def everything(screen, report=None) -> Sheet:
    """Every figure by every axis, a line each: the table for machines."""
    columns = [
        _("Figure"),
        _("Unit"),
        _("School year"),
        pgettext("figures", "By"),
        _("Value"),
        _("Number"),
        _("Taken on"),
    ]
    return Sheet(_("All figures"), columns, _lines(screen, report), (28, 16, 12, 22, 36, 12, 12))


def _lines(screen, report):
    today = timezone.localdate()
    for number, headline in enumerate(screen.headlines):
        indicator = headline.indicator
        head = [str(indicator.label), str(indicator.unit), screen.year_label]
        yield [*head, _("total"), "", in_file(headline.cell), today]
        for axis in figures.axes_of(indicator, screen.perimeter):
            for part in screen.breakdown(axis, indicator).parts:
                yield [*head, str(axis.label), part.label, in_file(part.cell), today]
        if report:
            report(number + 1, len(INDICATORS))


def _as_shown(screen):
    yield Sheet(
        screen.year_label,
        [_("Figure"), _("Unit"), screen.year_label, school_year_label(screen.year - 1), _("Target")],
        [
            [
                str(line.indicator.label),
                str(line.indicator.unit),
                in_file(line.cell),
                in_file(line.previous),
                line.target,
            ]
            for line in screen.headlines
        ],
        (32, 16, 12, 12, 12),
    )
    yield Sheet(
        _("By school year"),
        [_("School year"), str(screen.indicator.label), _("Target"), _("Share of the target")],
        [[year.label, in_file(year.cell), year.target, year.percent_of_target] for year in screen.trend],
        (16, 24, 12, 16),
    )
    for axis in screen.axes:
        yield breakdown_sheet(screen, axis)


def breakdown_sheet(screen, axis) -> Sheet:
    """One breakdown, line for line as the page shows it."""
    table = screen.breakdown(axis)
    columns = [
        str(axis.label),
        screen.year_label,
        *([school_year_label(screen.year - 1)] if screen.shows_before else []),
    ]
    lines = [*table.parts, table.as_last_line(_("Total"))]
    rows = [
        [line.label, in_file(line.cell), *([in_file(line.previous)] if screen.shows_before else [])] for line in lines
    ]
    return Sheet(str(axis.label), columns, rows, (40, 14, 14))


def in_file(cell):
    """A number, or the mark of a hidden one."""
    return str(cell) if cell.is_hidden else cell.value


def _definitions():
    rows = [[str(one.label), str(one.definition), str(one.unit)] for one in INDICATORS.values()]
    return Sheet(_("Definitions"), [_("Figure"), _("What it counts"), _("Unit")], rows, (28, 100, 16))


def _about(screen):
    small = _("Numbers below 5 are hidden, and others with them, so that nobody can be recognised.")
    rows = [
        [pgettext("figures", "Of"), screen.perimeter.label],
        [_("Where"), str(screen.place) if screen.place else _("everywhere")],
        [_("School year"), screen.year_label],
        [_("Taken on"), timezone.localdate()],
        [_("Small numbers"), _("All numbers are exact.") if screen.perimeter.is_exact else small],
    ]
    return Sheet(_("About this file"), ["", ""], rows, (20, 80))
