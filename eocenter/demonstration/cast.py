"""The accounts, one per role, and the people around them. Every address lies in example.org; nobody exists."""

import random
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from faker import Faker

from participants.accounts.models import Grant, User
from participants.accounts.roles import Role
from participants.accounts.text import fold
from participants.organisations.models import GrantScope, Organisation, School, Territory
from participants.organisations.school_years import current_school_year, school_year_dates
from participants.people.models import Guardian, Guardianship, Pupil, SchoolContact, SchoolPost, Volunteer
from programs.activities.models import Programme, ProgrammeScope

PASSWORD = "decouvrir les sciences"


@dataclass(frozen=True)
class Account:
    email: str
    name: str
    roles: tuple[str, ...]


ACCOUNTS = [
    Account("director@example.org", "Dominique Aubert", (Role.ADMINISTRATOR,)),
    Account("coordinator@example.org", "Claire Nguyen", (Role.COORDINATOR,)),
    Account("programmes@example.org", "Paul Moreau", (Role.PROGRAMME_MANAGER,)),
    Account("teacher@example.org", "Ada Lambert", (Role.SCHOOL_CONTACT,)),
    Account("student@plateau.example.org", "Ben Traoré", (Role.VOLUNTEER,)),
    Account("student@reseaux.example.org", "Inès Garnier", (Role.VOLUNTEER,)),
    Account("club@plateau.example.org", "Hugo Petit", (Role.VOLUNTEER, Role.CLUB_OFFICER)),
    Account("parent@example.org", "Samira Haddad", (Role.GUARDIAN,)),
    Account("pupil@example.org", "Lina Haddad", (Role.PUPIL,)),
    Account("partner@example.org", "Marc Olivier", (Role.PARTNER,)),
    Account("state@example.org", "Hélène Roy", (Role.GOVERNMENT_READER,)),
    Account("researcher@example.org", "Yann Le Gall", (Role.RESEARCHER,)),
    Account("dpo@example.org", "Nadia Simon", (Role.PROTECTION_OFFICER,)),
]


def build_accounts(organisations: dict[str, Organisation]) -> dict[str, User]:
    """The accounts of `ACCOUNTS` with what their roles count on; by address."""
    password = make_password(PASSWORD)
    users = {
        account.email: User(
            email=account.email,
            name=account.name,
            password=password,
        )
        for account in ACCOUNTS
    }
    User.objects.bulk_create(users.values())
    _prove_addresses(users.values())
    grants = {
        (account.email, role): Grant.objects.create(user=users[account.email], role=role)
        for account in ACCOUNTS
        for role in account.roles
    }
    scopes = {
        ("coordinator@example.org", Role.COORDINATOR): {"organisation": organisations["Centre"]},
        ("club@plateau.example.org", Role.CLUB_OFFICER): {"organisation": organisations["Les Passeurs de sciences"]},
        ("partner@example.org", Role.PARTNER): {"organisation": organisations["Association"]},
        ("state@example.org", Role.GOVERNMENT_READER): {
            "territory": Territory.objects.get(kind=Territory.Kind.DEPARTEMENT, code="91")
        },
    }
    for key, scope in scopes.items():
        GrantScope.objects.create(grant=grants[key], **scope)
    return users


def build_family(users) -> tuple[Pupil, Pupil]:
    """A mother, her daughter who comes to the tutoring, and the younger brother in a collège."""
    guardian = Guardian.objects.create(
        user=users["parent@example.org"], first_name="Samira", last_name="Haddad", email="parent@example.org"
    )
    lina = Pupil.objects.create(
        user=users["pupil@example.org"], first_name="Lina", last_name="Haddad", birth_date="2010-05-02", sex="F"
    )
    sami = Pupil.objects.create(first_name="Sami", last_name="Haddad", birth_date="2012-10-21", sex="M")
    for pupil in (lina, sami):
        Guardianship.objects.create(guardian=guardian, pupil=pupil)
        pupil.refresh_from_db()
    return lina, sami


def give_programme(users, programme: Programme):
    """The programme manager runs this programme."""
    ProgrammeScope.objects.create(grant=users["programmes@example.org"].grants.get(), programme=programme)


def build_contacts(dice: random.Random, faker: Faker, users, schools: list[School], how_many: int):
    """One verified contact in each of the first schools; the teacher of the demonstration in the first one."""
    made = _users(faker, how_many - 1, domain="ac-demonstration.example.org", role=Role.SCHOOL_CONTACT)
    everybody = [users["teacher@example.org"], *made]
    contacts = SchoolContact.objects.bulk_create(
        SchoolContact(user=user, first_name=user.name.split()[0], last_name=user.name.split(maxsplit=1)[1])
        for user in everybody
    )
    subjects = ["mathématiques", "physique-chimie", "SVT", "NSI", "technologie", "français"]
    SchoolPost.objects.bulk_create(
        SchoolPost(
            contact=contact,
            school=school,
            function=dice.choices(["teacher", "head", "referent"], [80, 8, 12])[0],
            subject=dice.choice(subjects),
            state=SchoolPost.State.VERIFIED,
            proof=SchoolPost.Proof.COORDINATOR,
            decided_at=timezone.now(),
        )
        for contact, school in zip(contacts, schools, strict=False)
    )
    grants = {grant.user_id: grant for grant in Grant.objects.filter(role=Role.SCHOOL_CONTACT)}
    GrantScope.objects.bulk_create(
        GrantScope(grant=grants[contact.user_id], school=school)
        for contact, school in zip(contacts, schools, strict=False)
    )
    return dict(zip(schools, contacts, strict=False))


def build_pending_contacts(faker: Faker, schools: list[School]):
    """Contacts who wrote from a private address: a coordinator must decide."""
    for user, school in zip(_users(faker, len(schools), domain="mail.example.org"), schools, strict=True):
        first, last = user.name.split(maxsplit=1)
        contact = SchoolContact.objects.create(user=user, first_name=first, last_name=last)
        SchoolPost.objects.create(contact=contact, school=school, subject="mathématiques")


def build_volunteers(dice: random.Random, faker: Faker, users, organisations, how_many: int) -> list[Volunteer]:
    """Students of the member schools, some in clubs, a few alumni."""
    members = [org for org in organisations.values() if org.kind == Organisation.Kind.MEMBER_SCHOOL]
    clubs = {org.parent_id: org for org in organisations.values() if org.kind == Organisation.Kind.CLUB}
    departements = list(Territory.objects.filter(kind=Territory.Kind.DEPARTEMENT))
    named = [users[a.email] for a in ACCOUNTS if Role.VOLUNTEER in a.roles]
    plan = [(user, _member_of(user, members)) for user in named]
    for member in members:
        share = (how_many - len(named)) // len(members)
        plan += [(user, member) for user in _users(faker, share, domain=member.email_domain, role=Role.VOLUNTEER)]
    return Volunteer.objects.bulk_create(
        Volunteer(
            user=user,
            first_name=user.name.split()[0],
            last_name=user.name.split(maxsplit=1)[1],
            kind=dice.choices(["student", "alumnus"], [93, 7])[0] if user not in named else "student",
            member_school=member,
            club=clubs.get(member.pk) if dice.random() < 0.35 or user.name == "Hugo Petit" else None,
            languages=["fr", "en"] if dice.random() < 0.7 else ["fr"],
            home_departement=dice.choice(departements),
            graduation_year=current_school_year() + dice.randint(1, 4),
            charter_signed_at=timezone.now(),
            joined_on=school_year_dates(current_school_year() - dice.randint(0, 2))[0],
        )
        for user, member in plan
    )


def _member_of(user, members):
    return next(member for member in members if user.email.endswith(f"@{member.email_domain}"))


def _users(faker, how_many, *, domain, role=None):
    """Users with invented names, one address each, who come in by a code."""
    users = []
    for number in range(how_many):
        first, last = faker.first_name(), faker.last_name()
        address = f"{fold(first)}.{fold(last)}.{number}@{domain}".replace(" ", "-").replace("'", "").replace("’", "")
        users.append(User(email=address, name=f"{first} {last}", password="!"))
    User.objects.bulk_create(users)
    _prove_addresses(users)
    if role:
        Grant.objects.bulk_create(Grant(user=user, role=role) for user in users)
    return users


def _prove_addresses(users):
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, primary=True, verified=True) for user in users
    )
