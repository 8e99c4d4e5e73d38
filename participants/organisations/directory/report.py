"""What an import did, as sentences for a person and as figures for a program."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from participants.organisations.models import School, SchoolYearProfile
from participants.organisations.school_years import school_year_label

MAX_NOTICES = 1000
MAX_SAID = 20


@dataclass
class Notices:
    """Lines with a reason: all are counted, the first thousand are kept."""

    count: int = 0
    first: list[tuple[int, str]] = field(default_factory=list)

    def add(self, line: int, reason: str):
        self.count += 1
        if len(self.first) < MAX_NOTICES:
            self.first.append((line, reason))


@dataclass
class Changes:
    """Rows of one table."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    fields: dict[str, int] = field(default_factory=dict)


@dataclass
class Report:
    """The outcome of one import."""

    format: str
    lines: int = 0
    merged: int = 0  # further lines of a school that has several sites
    closed: int = 0
    absent: int = 0
    is_complete: bool = False
    school_year: int | None = None
    schools: Changes = field(default_factory=Changes)
    years: Changes = field(default_factory=Changes)
    left_out: dict[str, int] = field(default_factory=dict)
    rejected: Notices = field(default_factory=Notices)
    warnings: Notices = field(default_factory=Notices)

    def as_json(self) -> dict:
        return asdict(self)

    def sentences(self) -> Iterator[str]:
        """The report as one reads it aloud."""
        yield _("%(format)s: %(lines)d lines read.") % {"format": self.format, "lines": self.lines}
        yield from self._about(_("Schools"), self.schools, School)
        if self.closed:
            yield ngettext("%(n)d school closed.", "%(n)d schools closed.", self.closed) % {"n": self.closed}
        if self.absent:
            yield self._absent()
        if self.merged:
            yield _("%(n)d further lines of schools with several sites were merged into the first site’s.") % {
                "n": self.merged
            }
        if self.school_year:
            yield _("Facts without a year were written to %(year)s.") % {"year": school_year_label(self.school_year)}
        yield from self._about(_("Facts by year"), self.years, SchoolYearProfile)
        for reason, count in sorted(self.left_out.items(), key=lambda item: -item[1]):
            yield _("Left out: %(count)d, %(reason)s.") % {"count": count, "reason": reason}
        yield from self._notices(_("Rejected"), self.rejected)
        yield from self._notices(_("Taken with a warning"), self.warnings)

    def _about(self, what, changes, model):
        if not (changes.added or changes.changed or changes.unchanged):
            return
        yield _("%(what)s: %(added)d added, %(changed)d changed, %(unchanged)d unchanged.") % {
            "what": what,
            "added": changes.added,
            "changed": changes.changed,
            "unchanged": changes.unchanged,
        }
        if changes.fields:
            names = sorted(changes.fields.items(), key=lambda item: -item[1])
            told = (f"{model._meta.get_field(name).verbose_name} {count}" for name, count in names)
            yield _("Changed: %(fields)s.") % {"fields": ", ".join(told)}

    def _absent(self):
        if self.is_complete:
            return _("They are schools of the kinds and départements of this file that it no longer names.")
        return _(
            "%(n)d open schools of the kinds and départements of this file are not in it. They stay open; "
            "--complete says that the file is the whole list, and closes them."
        ) % {"n": self.absent}

    @staticmethod
    def _notices(what, notices):
        if notices.count:
            yield _("%(what)s: %(count)d.") % {"what": what, "count": notices.count}
        for line, reason in notices.first[:MAX_SAID]:
            yield _("  line %(line)d: %(reason)s") % {"line": line, "reason": reason}
        if notices.count > MAX_SAID:
            yield _("  … and %(n)d more (--json tells more)") % {"n": notices.count - MAX_SAID}
