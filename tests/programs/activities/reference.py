"""The rules of places (README, *Places*) a second time, in plain Python over a handful of rows: who is confirmed, offered
or waiting after each step. Slow, and knows nothing of the product; the walk through registrations holds both together."""

import datetime as dt
from dataclasses import dataclass, field

HOUR = dt.timedelta(hours=1)
SEATED = {"offered", "confirmed"}
LIVE = {*SEATED, "waitlisted"}


@dataclass
class Date:
    starts_at: dt.datetime
    seats: int
    adults: int = 0
    is_planned: bool = True


@dataclass(eq=False)
class Row:
    """A booking. Who asks is a class or a pupil of a school and a level, or a guest of neither."""

    who: int
    date: Date
    seats: int
    asked_at: dt.datetime
    stage: str = ""
    until: dt.datetime | None = None
    points: int = 0
    school: int | None = None
    level: str = ""
    is_pupil: bool = False
    is_over_limit: bool = False

    def says(self):
        return self.stage, self.until


@dataclass
class Reference:
    now: dt.datetime
    total: int
    share: int
    quota: int
    quota_levels: tuple = ("3E",)
    needs_two_adults: bool = True
    offer_hours: int = 24
    margin_hours: int = 24
    rows: list[Row] = field(default_factory=list)

    # --- the rules

    def held(self, counts):
        """Seats confirmed or offered, without those that somebody gave over a limit."""
        rows = (row for row in self.rows if row.stage in SEATED and row.date.is_planned and not row.is_over_limit)
        return sum(row.seats for row in rows if counts(row))

    def is_blocked(self, row):
        limits = [
            (row.date.seats, lambda other: other.date is row.date),
            (self.total, lambda other: True),
            (self.share if row.school else None, lambda other: other.school == row.school),
            (self.quota if row.level in self.quota_levels else None, lambda other: other.level in self.quota_levels),
        ]
        is_full = any(seats is not None and self.held(counts) + row.seats > seats for seats, counts in limits)
        return is_full or (self.needs_two_adults and row.is_pupil and row.date.adults < 2)

    def line(self):
        """Who waits: most points first, then who asked first."""
        waiting = [row for row in self.rows if row.stage == "waitlisted"]
        return sorted(waiting, key=lambda row: (-row.points, row.asked_at, self.rows.index(row)))

    def first_of(self, date):
        return next((row for row in self.line() if row.date is date and not self.is_blocked(row)), None)

    def offers_until(self, date):
        """When an offer made now would end; nothing inside the margin."""
        ends = min(self.now + self.offer_hours * HOUR, date.starts_at - self.margin_hours * HOUR)
        return ends if date.is_planned and ends > self.now else None

    def settle(self):
        """Give what is free to the first in order who may have it, again and again until nobody is left."""
        while row := next(
            (row for row in self.line() if self.offers_until(row.date) and not self.is_blocked(row)), None
        ):
            row.stage, row.until = "offered", self.offers_until(row.date)

    def takes_changes(self, date):
        return date.is_planned and date.starts_at > self.now

    # --- what people do

    def book(self, row, *, is_proven, with_reason):
        same = [known for known in self.rows if known.who == row.who and known.date is row.date and known.stage in LIVE]
        if same or not self.takes_changes(row.date):
            return
        if self.is_blocked(row):
            row.stage, row.is_over_limit = ("confirmed", True) if with_reason else ("waitlisted", False)
        elif self.first_of(row.date):
            row.stage = "waitlisted"
        elif not is_proven:
            row.stage, row.until = "offered", min(self.now + 2 * HOUR, row.date.starts_at)
        else:
            row.stage = "confirmed"
        self.rows.append(row)

    def cancel(self, row):
        if self.takes_changes(row.date):
            row.stage, row.until = "withdrawn", None

    def answer(self, row, *, says_yes):
        if not says_yes:
            row.stage, row.until = "withdrawn", None
        elif row.until > self.now:
            waits = self.needs_two_adults and row.is_pupil and row.date.adults < 2
            row.stage, row.until = "waitlisted" if waits else "confirmed", None

    def seat(self, row, *, with_reason):
        is_over = self.is_blocked(row)
        is_next = self.first_of(row.date) is row
        if self.takes_changes(row.date) and (with_reason or (is_next and not is_over)):
            row.stage, row.is_over_limit = "confirmed", is_over

    def expire(self):
        for row in self.rows:
            if row.stage == "offered" and row.until <= self.now:
                row.stage, row.until = "withdrawn", None

    def resize(self, date, seats):
        if self.takes_changes(date) and seats >= self.held(lambda row: row.date is date):
            date.seats = seats

    def move(self, date, starts_at):
        if not self.takes_changes(date) or starts_at <= self.now:
            return
        date.starts_at = starts_at
        last = self.offers_until(date) or min(self.now + 2 * HOUR, starts_at)
        for row in self.rows:
            if row.date is date and row.stage == "offered":
                row.until = min(row.until, last)

    def change_limits(self, total, share, quota):
        """Nobody loses seats because a limit sinks."""
        of_schools = [
            self.held(lambda row, s=school: row.school == s) for school in {row.school for row in self.rows} - {None}
        ]
        of_levels = self.held(lambda row: row.level in self.quota_levels)
        if self.held(lambda row: True) <= total and max(of_schools, default=0) <= share and of_levels <= quota:
            self.total, self.share, self.quota = total, share, quota
