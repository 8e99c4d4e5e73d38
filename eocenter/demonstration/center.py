"""The whole center, in order."""

import random

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from faker import Faker

from eocenter.demonstration import (
    campaigns,
    cast,
    catalogue,
    delivery,
    pathways,
    places,
    pupils,
    registrations,
    speakers,
    talents,
    tutoring,
    voices,
)
from impact.measurement.actions import rebuild
from impact.measurement.models import Target
from participants.accounts.models import User
from participants.organisations.actions import load_territories
from participants.organisations.models import School
from participants.organisations.school_years import current_school_year
from participants.people.actions import find_duplicates
from programs.activities import reminders
from programs.activities.models import Session

REQUESTS_A_YEAR = (110, 170, 120)
TARGETS = {"reached": (3500, 6000, 8000), "accompanied": (120, 160, 200), "schools": (70, 90, 120)}


@transaction.atomic
def build(scale: int = 1, seed: int = 2026):
    """Fill an empty database. Raises ValidationError when somebody already works in it."""
    if User.objects.exists():
        raise ValidationError(_("The database is not empty: the demonstration only fills an empty one."))
    dice, faker = random.Random(seed), Faker("fr_FR")
    faker.seed_instance(seed)
    years = [current_school_year() - 2, current_school_year() - 1, current_school_year()]
    load_territories()
    organisations = places.build_organisations()
    users = cast.build_accounts(organisations)
    schools = places.build_schools(dice, 300 * scale)
    places.build_profiles(dice, schools, years)
    contacts = cast.build_contacts(dice, faker, users, _hosts(schools), 190 * scale)
    cast.build_pending_contacts(faker, dice.sample(schools, 3))
    volunteers = cast.build_volunteers(dice, faker, users, organisations, 200 * scale)
    programmes = delivery.build_programmes(organisations, years)
    cast.give_programme(users, programmes["tutoring"])
    topics, diary = delivery.build_topics(), delivery.Diary()
    tutored = _tutored(_hosts(schools)[: 190 * scale], scale)
    rosters = _pupils(dice, faker, users, tutored, years)
    for year, requests in zip(years, REQUESTS_A_YEAR, strict=True):
        work = delivery.Year(
            dice=dice,
            year=year,
            programmes=programmes,
            topics=topics,
            organisations=organisations,
            contacts=contacts,
            volunteers=volunteers,
            coordinator=users["coordinator@example.org"],
            diary=diary,
            today=timezone.localdate(),
        )
        work.build_requests(requests * scale)
        work.build_open_day()
        tutoring.build_tutoring(work, rosters[year], volunteers[0])
        for indicator, values in TARGETS.items():
            Target.objects.create(school_year=year, indicator=indicator, value=values[years.index(year)] * scale)
    registrations.build_registrations(work)
    voices.build_feedback(dice)
    catalogue.build_catalogue(work)
    campaigns.build_campaign(work)
    campaigns.build_last_campaign(work)
    speakers.build_kit()
    speakers.build_search(users["coordinator@example.org"])
    talents.build_pool(work, rosters[year], contacts[tutored[0]])
    pathways.build_studies(work)
    rebuild()
    find_duplicates(is_full=True)
    for session in Session.objects.upcoming():
        _remind(session)
    with connection.cursor() as cursor:
        # Whoever looks at once would wait for plans made for empty tables.
        cursor.execute("ANALYZE")


def _remind(session):
    """What is still to be written to the people of a session; what they were told before is past."""
    for assignment in session.assignments.confirmed():
        reminders.remind_volunteer(assignment)
    for contact in reminders.contacts_of(session):
        reminders.remind_contact(session, contact)


def _hosts(schools: list[School]) -> list[School]:
    """Schools with a contact: lycées of the region first, so that the teacher of the demonstration is in one."""
    near = {"75", "77", "78", "91", "92", "93", "94", "95"}
    return sorted(
        schools,
        key=lambda school: (school.departement.code not in near, school.kind != School.Kind.LYCEE_GT, school.pk),
    )


def _tutored(hosts: list[School], scale: int) -> list[School]:
    """The schools of the tutoring: the teacher's own first, mostly lycées, some collèges and a vocational lycée."""
    wanted = {School.Kind.LYCEE_GT: 5, School.Kind.COLLEGE: 2, School.Kind.LYCEE_PRO: 1}
    return [
        school for kind, number in wanted.items() for school in [s for s in hosts if s.kind == kind][: number * scale]
    ]


def _pupils(dice, faker, users, schools, years):
    """The named pupils of the tutoring, with the demonstration's own family among them."""
    lina, sami = cast.build_family(users)
    college = next(school for school in schools if school.kind == School.Kind.COLLEGE)
    youth = pupils.Youth(dice, faker, years, users["coordinator@example.org"])
    youth.build(schools, {schools[0]: [lina], college: [sami]})
    return youth.rosters
