"""What was asked, given and counted in three school years."""

import datetime as dt
import random
import zoneinfo
from collections import defaultdict
from dataclasses import dataclass, field

from django.utils import timezone

from participants.organisations.calendar import is_school_day
from participants.organisations.models import ClassGroup, Organisation, School
from participants.organisations.school_years import school_year_dates
from participants.people.models import SchoolContact, Volunteer
from programs.activities.models import (
    Activity,
    Assignment,
    Booking,
    Headcount,
    Programme,
    Session,
    Topic,
)
from programs.awareness.models import RequestedClass, RequestedSlot, TalkRequest

PARIS = zoneinfo.ZoneInfo("Europe/Paris")
TOPICS = [
    ("Le métier d’ingénieur", "What engineers do"),
    ("Les études scientifiques, comment ça marche ?", "How science studies work"),
    ("Filles et sciences", "Girls and science"),
    ("Intelligence artificielle", "Artificial intelligence"),
    ("Climat et énergie", "Climate and energy"),
    ("L’espace et les satellites", "Space and satellites"),
    ("Santé et biologie", "Health and biology"),
    ("Financer ses études", "Paying for one’s studies"),
]
LEVELS = {
    School.Kind.COLLEGE: ["4E", "3E", "3E", "5E"],
    School.Kind.LYCEE_GT: ["2GT", "2GT", "1G", "TG"],
    School.Kind.LYCEE_POLYVALENT: ["2GT", "1G", "1T", "2PRO", "TT"],
    School.Kind.LYCEE_PRO: ["2PRO", "1PRO", "TPRO"],
}
# How schools write a level at the head of a class's name.
WRITTEN = {
    "5E": "5e",
    "4E": "4e",
    "3E": "3e",
    "2GT": "2de",
    "1G": "1re",
    "TG": "Tle",
    "1T": "1re STMG",
    "TT": "Tle STMG",
}
NEEDS = [
    "Vidéoprojecteur et enceintes dans la salle.",
    "Accès par le portail rue de la Gare, se présenter à la loge.",
    "Salle accessible en fauteuil, ascenseur à gauche de l’entrée.",
    "",
    "Pas de parking dans l’établissement ; RER à dix minutes à pied.",
]
WISHES = [
    "Beaucoup de nos élèves pensent que ces études ne sont pas pour eux.",
    "Si possible deux étudiantes : nos filles choisissent peu la spécialité mathématiques.",
    "Nous préparons la semaine de l’orientation.",
    "",
    "",
]


def class_name(level, number):
    return f"{WRITTEN.get(level, level)} {number}"


@dataclass
class Diary:
    """Who is busy on which day, so that nobody stands in two places."""

    busy: dict = field(default_factory=lambda: defaultdict(set))

    def take(self, dice, volunteers, day, how_many):
        free = [v for v in dice.sample(volunteers, min(len(volunteers), 40)) if v.pk not in self.busy[day]]
        chosen = free[:how_many]
        self.busy[day].update(v.pk for v in chosen)
        return chosen


def build_programmes(organisations, years) -> dict[str, Programme]:
    start = school_year_dates(years[0])[0]
    rows = [
        ("talks", "Sciences près de chez vous", "Science near you", 1, "Centre"),
        ("girls", "Filles et sciences", "Girls and science", 1, "Réseaux"),
        ("open-days", "Journées des sciences", "Science days", 1, "Plateau"),
        ("tutoring", "Tutorat du mercredi", "Wednesday tutoring", 2, "Numérique"),
    ]
    return {
        code: Programme.objects.create(
            code=code, name_fr=french, name_en=english, pillar=pillar, lead=organisations[lead], starts_on=start
        )
        for code, french, english, pillar, lead in rows
    }


def build_topics() -> list[Topic]:
    return [Topic.objects.create(name_fr=french, name_en=english) for french, english in TOPICS]


@dataclass
class Year:
    """Everything needed to invent one school year."""

    dice: random.Random
    year: int
    programmes: dict[str, Programme]
    topics: list[Topic]
    organisations: dict[str, Organisation]
    contacts: dict[School, SchoolContact]
    volunteers: list[Volunteer]
    coordinator: object
    diary: Diary
    today: dt.date

    def build_requests(self, how_many: int):
        """Requests of the year: answered, declined, and the newest ones still waiting."""
        schools = list(self.contacts)
        # The teacher of the demonstration always has something to look at.
        chosen = schools[:1] * 2 + self.dice.choices(schools, k=how_many - 2)
        first = school_year_dates(self.year)[0]
        last = min(self.today, first + dt.timedelta(days=210))
        span = max(1, (last - first).days)
        for number, school in enumerate(chosen):
            asked_on = first + dt.timedelta(days=int(span * (self.dice.random() ** 1.4)))
            if number == 0:
                asked_on = first + dt.timedelta(days=min(10, span - 1))
            self._build_request(school, asked_on, is_first=number == 0)

    def _build_request(self, school, asked_on, *, is_first):
        request = TalkRequest(
            school=school,
            contact=self.contacts[school],
            school_year=self.year,
            format=self.dice.choices(["on_site", "on_campus", "online", "any"], [78, 10, 4, 8])[0],
            language="en" if self.dice.random() < 0.06 else "fr",
            wish=self.dice.choice(WISHES),
            needs=self.dice.choice(NEEDS),
            sent_at=_moment(asked_on, self.dice.randint(8, 18), self.dice.randint(0, 59)),
            state=TalkRequest.State.SENT,
        )
        request.save()
        request.topics.set(self.dice.sample(self.topics, self.dice.randint(1, 2)))
        classes = self._build_classes(request)
        day = self.day_for(school, asked_on + dt.timedelta(days=self.dice.randint(18, 75)))
        self._build_slots(request, day)
        age = (self.today - asked_on).days
        if (age < 6 and not is_first) or (age < 30 and self.dice.random() < 0.3):
            return  # nobody has answered yet
        if not is_first and self.dice.random() < 0.11:
            self._decline(request, asked_on)
        else:
            self._accept(request, classes, day, asked_on)

    def _build_classes(self, request):
        level = self.dice.choice(LEVELS[request.school.kind])
        groups = []
        for number in sorted(self.dice.sample(range(1, 9), self.dice.choices([1, 2, 3], [45, 40, 15])[0])):
            name = class_name(level, number)
            group, _created = ClassGroup.objects.get_or_create(
                school=request.school,
                school_year=self.year,
                name=name,
                defaults={"level": level, "head_count": self.dice.randint(22, 35)},
            )
            RequestedClass.objects.create(
                request=request, class_group=group, name=name, level=level, head_count=group.head_count
            )
            groups.append(group)
        return groups

    def _build_slots(self, request, day):
        monday = day - dt.timedelta(days=day.weekday())
        for weeks, half in ((0, "morning"), (0, "afternoon"), (1, "any")):
            RequestedSlot.objects.create(request=request, week=monday + dt.timedelta(weeks=weeks), half_day=half)

    def _decline(self, request, asked_on):
        TalkRequest.objects.filter(pk=request.pk).update(
            state=TalkRequest.State.DECLINED,
            handled_by=self.coordinator,
            handled_at=_moment(asked_on + dt.timedelta(days=3), 10, 0),
            decline_reason=self.dice.choice(["no_volunteers", "dates", "notice", "distance"]),
        )

    def _accept(self, request, classes, day, asked_on):
        programme = self.programmes["girls" if self.dice.random() < 0.18 else "talks"]
        activity = Activity.objects.create(
            programme=programme,
            organisation=self._in_charge(),
            school_year=self.year,
            kind=Activity.Kind.TALK,
            title_fr=f"Des étudiants au {request.school.name[0].lower()}{request.school.name[1:]}",
            title_en=f"Students speak at {request.school.name}",
            levels=[classes[0].level],
            language=request.language,
            volunteers_needed=self.dice.choice([2, 2, 3]),
        )
        activity.topics.set(request.topics.all())
        handled_at = min(timezone.now(), _moment(asked_on + dt.timedelta(days=self.dice.randint(1, 6)), 11, 0))
        TalkRequest.objects.filter(pk=request.pk).update(
            state=TalkRequest.State.ACCEPTED, handled_by=self.coordinator, handled_at=handled_at, activity=activity
        )
        session = self.build_session(activity, day, school=request.school, briefing=request.needs)
        Booking.objects.bulk_create(
            Booking(
                session=session,
                class_group=group,
                seats=group.head_count,
                stage=Booking.Stage.COMPLETED if day < self.today else Booking.Stage.CONFIRMED,
                booked_by=request.contact.user,
                booked_at=handled_at,
            )
            for group in classes
        )
        self.staff(session, day)
        if day < self.today and self.dice.random() < 0.94:
            self._count(session, classes, request.contact.user)

    def _in_charge(self):
        shares = {"Plateau": 34, "Réseaux": 20, "Données": 12, "Techniques": 16, "Numérique": 14, "Association": 4}
        return self.organisations[self.dice.choices(list(shares), list(shares.values()))[0]]

    def build_session(self, activity, day, *, school=None, campus=None, seats=None, briefing="", hour=None):
        hour = hour or self.dice.choice([8, 9, 10, 13, 14, 15])
        starts_at = _moment(day, hour, self.dice.choice([0, 0, 30]))
        return Session.objects.create(
            activity=activity,
            starts_at=starts_at,
            ends_at=starts_at + dt.timedelta(hours=2),
            school=school,
            campus=campus,
            place=f"Salle {self.dice.choice('ABCD')}{self.dice.randint(1, 3)}{self.dice.randint(1, 12):02d}",
            contact_on_site="Loge de l’établissement" if school else "Accueil du campus",
            briefing=briefing,
            seats=150 if seats is None else seats,
            volunteer_places=activity.volunteers_needed,
        )

    def staff(self, session, day):
        """Past sessions had their students; the further away, the more places are still free."""
        places = session.volunteer_places
        if day < self.today:
            wanted, state = places, Assignment.State.DONE
        else:
            ahead = (day - self.today).days
            wanted = self.dice.choices([places + 2, places, 1, 0], [8, 42, 25, 25] if ahead < 30 else [3, 22, 30, 45])[
                0
            ]
            state = Assignment.State.CONFIRMED
        chosen = self.diary.take(self.dice, self.volunteers, day, wanted)
        Assignment.objects.bulk_create(
            Assignment(volunteer=volunteer, session=session, state=state if n < places else Assignment.State.APPLIED)
            for n, volunteer in enumerate(chosen)
        )

    def _count(self, session, classes, by):
        for group in classes:
            total = max(1, group.head_count - self.dice.choice([0, 0, 1, 1, 2, 3, 5]))
            girls = sum(self.dice.random() < 0.49 for _ in range(total))
            knows_sex = self.dice.random() < 0.85
            Headcount.objects.create(
                session=session,
                class_group=group,
                level=group.level,
                total=total,
                girls=girls if knows_sex else 0,
                boys=total - girls if knows_sex else 0,
                source=Headcount.Source.SCHOOL,
                confirmed_by=by,
                confirmed_at=session.ends_at + dt.timedelta(hours=20),
            )

    def build_open_day(self):
        """A Saturday on the campus, open to everybody: people are counted at the door."""
        day = dt.date(self.year, 10, 10)
        day += dt.timedelta(days=5 - day.weekday())
        plateau = self.organisations["Plateau"]
        activity = Activity.objects.create(
            programme=self.programmes["open-days"],
            organisation=plateau,
            school_year=self.year,
            kind=Activity.Kind.EVENT,
            title_fr="Portes ouvertes des sciences",
            title_en="Science open day",
            volunteers_needed=12,
        )
        session = self.build_session(activity, day, campus=plateau, seats=600, hour=10)
        self.staff(session, day)
        if day < self.today:
            for level, people in (("3E", 90), ("2GT", 160), ("1G", 120), ("unknown", 70)):
                total = self.dice.randint(people * 3 // 4, people * 5 // 4)
                Headcount.objects.create(
                    session=session,
                    level=level,
                    total=total,
                    girls=total * 45 // 100,
                    boys=total * 40 // 100,
                    source=Headcount.Source.STAFF,
                    confirmed_by=self.coordinator,
                    confirmed_at=session.ends_at,
                )

    def day_for(self, school, day, weekday=None):
        """The first school day on or after this one, within the school year."""
        zone = school.academie.zone if school.academie else ""
        first, last = school_year_dates(self.year)
        day = min(max(day, first + dt.timedelta(days=20)), last - dt.timedelta(days=80))
        while day.weekday() > 4 or not is_school_day(day, zone) or (weekday is not None and day.weekday() != weekday):
            day += dt.timedelta(days=1)
        return day


def _moment(day, hour, minute):
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=PARIS)
