"""Ages that change who decides. French law: article 388 of the civil code (18), article 45 of the law of 6 January 1978
(15, for services that rest on consent)."""

import datetime as dt

DECIDES_ALONE = 15
MAJORITY = 18


def age_on(born: dt.date, day: dt.date) -> int:
    """Whole years on this day; somebody born on 29 February is older from 1 March of other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def born_by(age: int, day: dt.date) -> dt.date:
    """The latest date of birth of whoever has this age on this day."""
    try:
        return day.replace(year=day.year - age)
    except ValueError:  # 29 February: whoever was born on 1 March is not yet of age
        return day.replace(year=day.year - age, day=28)


def birthday(born: dt.date, age: int) -> dt.date:
    """The first day on which somebody has this age."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return dt.date(born.year + age, 3, 1)
