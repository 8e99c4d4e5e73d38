"""Young people by name: about three hundred in the schools of the tutoring, year by year, with their families and what
these agreed to."""

import datetime as dt
import random
from dataclasses import dataclass, field

from django.utils import timezone
from faker import Faker

from eocenter.demonstration.delivery import class_name
from participants.accounts.models import User
from participants.accounts.text import fold
from participants.organisations.models import ClassGroup, School
from participants.organisations.school_years import school_year_dates
from participants.people.ages import age_on
from participants.people.consents import valid_until, who_signs
from participants.people.models import (
    Consent,
    ConsentText,
    Enrolment,
    Guardian,
    Guardianship,
    Pupil,
    PupilNote,
    Purpose,
)

PUPILS_A_SCHOOL = 38
LADDERS = {
    School.Kind.COLLEGE: ["4E", "3E"],
    School.Kind.LYCEE_GT: ["2GT", "1G", "TG"],
    School.Kind.LYCEE_POLYVALENT: ["2GT", "1T", "TT"],
    School.Kind.LYCEE_PRO: ["2PRO", "1PRO", "TPRO"],
}
# How old most are in the year in which this level starts.
AGES = {"4E": 13, "3E": 14, "2GT": 15, "2PRO": 15, "1G": 16, "1T": 16, "1PRO": 16, "TG": 17, "TT": 17, "TPRO": 17}
TRACKS = {"1G": "general", "TG": "general", "1T": "STMG", "TT": "STMG", "2PRO": "vocational", "1PRO": "vocational"}
SPECIALITIES = [["maths", "physics"], ["maths", "nsi"], ["maths", "svt"], ["other"], ["maths", "other"], []]
NOTES = ["Vient en bus, arrive vers 14 h 10.", "Préfère travailler les maths à deux.", "Demande des exercices de plus."]
# How families answer about taking part.
ANSWERS = {"given": 72, "missing": 20, "refused": 4, "withdrawn": 4}


@dataclass
class Youth:
    """The pupils of the tutoring, and who of them is in which school in which year."""

    dice: random.Random
    faker: Faker
    years: list[int]
    coordinator: User
    rosters: dict[int, dict[School, list[Pupil]]] = field(default_factory=dict)
    classes: dict = field(default_factory=dict)

    def build(self, schools: list[School], known: dict[School, list[Pupil]]):
        """Pupils with their years; `known` are those of the demonstration's own family."""
        self.rosters = {year: {school: [] for school in schools} for year in self.years}
        plans = []
        for school in schools:
            plans += [self._plan(school, Pupil()) for _ in range(PUPILS_A_SCHOOL)]
            plans += [self._plan(school, pupil, is_known=True) for pupil in known.get(school, [])]
        # One class of the teacher's school waits for the move into the new year.
        plans += [self._plan(schools[0], Pupil(), waits=True) for _ in range(8)]
        Pupil.objects.bulk_create(pupil for pupil, _years in plans if pupil.pk is None)
        Enrolment.objects.bulk_create(enrolment for _pupil, years in plans for enrolment in years)
        for pupil, years in plans:
            for enrolment in years:
                self.rosters[enrolment.school_year][enrolment.school].append(pupil)
        mine = {pupil.pk for pupils in known.values() for pupil in pupils}
        self._families([pupil for pupil, _years in plans if pupil.pk not in mine])
        self._enter_twice([pupil for pupil, years in plans if years[-1].school_year == self.years[-1]][:3])
        PupilNote.objects.bulk_create(
            PupilNote(pupil=pupil, text=self.dice.choice(NOTES), author=self.coordinator)
            for pupil, _years in plans
            if self.dice.random() < 0.08
        )

    def _enter_twice(self, pupils):
        """As somebody in a hurry does it: in capitals, with the names swapped, with another day."""
        for number, pupil in enumerate(pupils):
            first, last, born = pupil.first_name, pupil.last_name, pupil.birth_date
            if number == 0:
                first, last = fold(first).title(), last.upper()
            elif number == 1:
                first, last = last, first
            else:
                born = born.replace(day=born.day % 9 + 1)
            again = Pupil.objects.create(first_name=first, last_name=last, birth_date=born, sex=pupil.sex)
            now = pupil.enrolments.order_by("-school_year").first()
            Enrolment.objects.create(pupil=again, school=now.school, school_year=now.school_year, level=now.level)

    def _plan(self, school, pupil, *, is_known=False, waits=False):
        """(pupil, enrolments): a way through the levels of the school that started in one of the years."""
        ladder = LADDERS[school.kind]
        last = self.years[-1]
        if waits:
            first, levels = last - 1, ladder[:1]
        elif is_known:
            levels = ladder[:2]
            first = last - len(levels) + 1
        else:
            first = self.dice.choices(self.years, [30, 30, 40])[0]
            start = self.dice.choices([0, 1], [75, 25])[0]
            levels = ladder[start : start + last - first + 1]
        if pupil.pk is None:
            self._name(pupil, first, levels[0])
        lasting = self._lasting(first)
        group = 5 if waits else self.dice.randint(1, 3)
        return pupil, [
            self._year(pupil, school, first + number, level, group, lasting) for number, level in enumerate(levels)
        ]

    def _name(self, pupil, year, level):
        pupil.sex = self.dice.choices(["F", "M", "N"], [50, 45, 5])[0]
        first_name = {"F": self.faker.first_name_female, "M": self.faker.first_name_male}
        pupil.first_name = first_name.get(pupil.sex, self.faker.first_name)()
        pupil.last_name = self.faker.last_name()
        born = year - AGES[level] - (self.dice.random() < 0.1)
        pupil.birth_date = dt.date(born, 1, 1) + dt.timedelta(days=self.dice.randint(0, 364))

    def _year(self, pupil, school, year, level, group, lasting):
        told_on = school_year_dates(year)[0] + dt.timedelta(days=self.dice.randint(5, 40))
        return Enrolment(
            pupil=pupil,
            school=school,
            school_year=year,
            class_group=self._class(school, year, level, group),
            level=level,
            **self._studies(level, told_on),
            **self._scholarship(school, told_on),
            **self._neighbourhood(year, told_on),
            **lasting,
        )

    def _class(self, school, year, level, group):
        key = (school.pk, year, level, group)
        if key not in self.classes:
            self.classes[key], _created = ClassGroup.objects.get_or_create(
                school=school,
                school_year=year,
                name=class_name(level, group),
                defaults={"level": level, "head_count": self.dice.randint(22, 34)},
            )
        return self.classes[key]

    def _studies(self, level, told_on):
        facts = {}
        if level in TRACKS:
            facts |= {"track": TRACKS[level], "track_source": "school", "track_on": told_on}
        if level in {"1G", "TG"} and (chosen := self.dice.choice(SPECIALITIES)):
            facts |= {"specialities": chosen, "specialities_source": "school", "specialities_on": told_on}
        if self.dice.random() < 0.7:
            spoken = ["en", self.dice.choice(["es", "de", "it"])]
            facts |= {"languages": spoken, "languages_source": "pupil", "languages_on": told_on}
        return facts

    def _scholarship(self, school, told_on):
        answer = self.dice.choices(["yes", "no", "unknown"], [45, 35, 20])[0]
        if answer == "unknown":
            return {}
        is_college = school.kind == School.Kind.COLLEGE
        step = {
            "scholarship_scale": "college" if is_college else "lycee",
            "scholarship_step": self.dice.randint(1, 3 if is_college else 6),
        }
        told = {"scholarship": answer, "scholarship_source": "school", "scholarship_on": told_on}
        return told | (step if answer == "yes" else {})

    def _neighbourhood(self, year, told_on):
        answer = self.dice.choices(["yes", "no", "unknown"], [28, 47, 25])[0]
        if answer == "unknown":
            return {}
        return {
            "priority_neighbourhood": answer,
            "neighbourhood_version": 2015 if year < 2024 else 2024,
            "neighbourhood_source": "family",
            "neighbourhood_on": told_on,
        }

    def _lasting(self, year):
        """What stays from year to year."""
        told_on = school_year_dates(year)[0] + dt.timedelta(days=20)
        generation = self.dice.choices(["yes", "no", "unknown"], [42, 28, 30])[0]
        origin = self.dice.choices(["tf", "f", "m", "d", "unknown"], [6, 12, 26, 26, 30])[0]
        facts = {}
        if generation != "unknown":
            facts |= {"first_generation": generation, "generation_source": "pupil", "generation_on": told_on}
        if origin != "unknown":
            facts |= {"social_origin": origin, "origin_source": "family", "origin_on": told_on}
        return facts

    def _families(self, pupils):
        """One or two guardians a pupil; some share an address, some have two children here."""
        guardians, links = [], []
        before: list[Guardian] = []
        for pupil in pupils:
            if before and self.dice.random() < 0.06:
                parents, pupil.last_name = before, before[0].last_name
            else:
                parents = self._parents(pupil)
                guardians += parents
            before = parents
            links += [Guardianship(guardian=parent, pupil=pupil, rank=n) for n, parent in enumerate(parents, 1)]
        Guardian.objects.bulk_create(guardians)
        Pupil.objects.bulk_update(pupils, ["last_name"])
        Guardianship.objects.bulk_create(links)
        build_consents(self.dice, pupils, self.years[-1])

    def _parents(self, pupil):
        number = self.dice.choices([1, 2], [35, 65])[0]
        shares = self.dice.random() < 0.3
        parents = []
        for place in range(number):
            last_name = pupil.last_name if place == 0 or self.dice.random() < 0.6 else self.faker.last_name()
            first_name = self.faker.first_name()
            name = fold(f"{'famille' if shares else first_name}.{last_name}").replace(" ", "-").replace("'", "")
            parents.append(
                Guardian(
                    first_name=first_name,
                    last_name=last_name,
                    email=f"{name}.{self.dice.randint(1, 99) if not shares else 1}@familles.example.org",
                    phone=f"06{self.dice.randint(10_000_000, 99_999_999)}",
                )
            )
        return parents


def build_consents(dice, pupils, year):
    """Words of the families of this school year in every state: given, refused, taken back, still missing."""
    texts = {text.purpose: text for text in ConsentText.objects.current()}
    parents: dict[int, list[Guardian]] = {}
    for link in Guardianship.objects.filter(pupil__in=pupils).select_related("guardian").order_by("rank"):
        parents.setdefault(link.pupil_id, []).append(link.guardian)
    said_at = min(timezone.now(), timezone.now().replace(year=year, month=9, day=20, hour=17))
    words = []
    for pupil in pupils:
        answer = dice.choices(list(ANSWERS), list(ANSWERS.values()))[0]
        if answer == "missing":
            continue
        say = Speaker(texts, pupil, parents.get(pupil.pk, []), said_at, year)
        words += say.about(Purpose.TAKING_PART, answer)
        if answer == "given":
            words += say.about(Purpose.IMAGE, dice.choices(["given", "refused"], [75, 25])[0])
            words += say.about(Purpose.FOLLOW_UP, "given") if dice.random() < 0.6 else []
            words += say.about(Purpose.RESEARCH, "given") if dice.random() < 0.4 else []
    Consent.objects.bulk_create(words)


@dataclass
class Speaker:
    """Everybody whose word is needed about a pupil."""

    texts: dict
    pupil: Pupil
    parents: list[Guardian]
    said_at: dt.datetime
    year: int

    def about(self, purpose, answer) -> list[Consent]:
        said_on = self.said_at.date()
        signers = who_signs(purpose, age_on(self.pupil.birth_date, said_on))
        asked = {"none": [], "one": self.parents[:1], "all": self.parents}[signers.guardians]
        return [self._word(purpose, answer, who, said_on) for who in [*asked, *([None] if signers.pupil else [])]]

    def _word(self, purpose, answer, guardian, said_on):
        text = self.texts[purpose]
        return Consent(
            pupil=self.pupil,
            purpose=purpose,
            text=text,
            guardian=guardian,
            decision="refused" if answer == "refused" else "given",
            channel="link",
            school_year=self.year,
            said_at=self.said_at,
            valid_until=valid_until(self.pupil.birth_date, said_on, each_school_year=text.each_school_year),
            withdrawn_at=timezone.now() if answer == "withdrawn" else None,
        )
