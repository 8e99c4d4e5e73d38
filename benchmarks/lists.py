"""Every list of staff, plain and with a search, at 100,000 rows beside the same page at 100 rows.

A page is asked for through Django's test client by an administrator, all middleware included; the median of several
requests counts, after one that is not counted. Rows are copies of one row, each with a name and an address of its own.
"""

import itertools
import statistics
import time

import pghistory
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from benchmarks.figures import Figure
from participants.accounts.roles import Role
from tests.factories.accounts import GrantFactory
from tests.factories.activities import SessionFactory
from tests.factories.awareness import TalkRequestFactory
from tests.factories.correspondence import MessageFactory
from tests.factories.organisations import SchoolFactory
from tests.factories.people import EnrolmentFactory, GuardianFactory, SchoolPostFactory, VolunteerFactory

SIZES = {"full": 100_000, "small": 10_000}
FEW = 100
TIMES = 7
PAGES = [
    *("people:pupil-list", "people:volunteer-list", "people:contact-list", "people:family-list"),
    *("organisations:school-list", "correspondence:message-list"),
    *("activities:session-manage", "activities:session-list", "awareness:board"),
    *("admin:people_pupil_changelist", "admin:people_enrolment_changelist", "admin:people_guardian_changelist"),
    *(
        "admin:people_volunteer_changelist",
        "admin:people_schoolcontact_changelist",
        "admin:organisations_school_changelist",
    ),
    *(
        "admin:activities_session_changelist",
        "admin:correspondence_message_changelist",
        "admin:accounts_user_changelist",
    ),
]


def measure(size):
    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    client.force_login(GrantFactory(role=Role.ADMINISTRATOR).user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time(), "type": "totp"}]
    session["account_authentication_methods_user"] = client.session["_auth_user_id"]
    session.save()
    with pghistory.context(what="benchmark"):  # as all that is written in bulk
        grow(0, FEW)
    few = {part: asked(client, address) for part, address in addresses()}
    with pghistory.context(what="benchmark"):
        grow(FEW, SIZES[size])
    many = {part: asked(client, address) for part, address in addresses()}
    return [
        Figure(part=part, ours=many[part], reference=few[part], must=1 / 1.5, unit="ms", less_is_better=True)
        for part in few
    ]


def addresses():
    for page in PAGES:
        name = page.replace("admin:", "office_").replace("_changelist", "").replace(":", "_").replace("-", "_")
        yield name, reverse(page)
        yield f"{name}_search", reverse(page) + "?q=dupont"  # fills a page at both sizes


def asked(client, address):
    """Milliseconds of a page."""
    spent = []
    for _time in range(TIMES + 1):
        began = time.perf_counter()
        answer = client.get(address, follow=True)
        spent.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, (address, answer.status_code)
    return statistics.median(spent[1:])


def grow(start, end):
    """Bring every table to `end` rows: one row of each, copied."""
    name, serial = f"'Dupont ' || {start} + g", f"({start} + g)"
    copies = end - start
    volunteer, post = VolunteerFactory(), SchoolPostFactory()
    users = copy(volunteer.user, copies, email=f"'v' || {serial} || '@example.org'", name=name)
    copy(volunteer, copies, user_id=f"{users} + g", last_name=name)
    users = copy(post.contact.user, copies, email=f"'c' || {serial} || '@example.org'", name=name)
    contacts = copy(post.contact, copies, user_id=f"{users} + g", last_name=name)
    copy(post, copies, contact_id=f"{contacts} + g", state="CASE WHEN mod(g, 50) = 0 THEN 'pending' ELSE 'verified' END",
         proof="'coordinator'", decided_at="now()")  # fmt: skip
    enrolment = EnrolmentFactory()
    pupils = copy(enrolment.pupil, copies, last_name=name)
    copy(enrolment, copies, pupil_id=f"{pupils} + g")
    copy(GuardianFactory(), copies, last_name=name)
    schools = copy(SchoolFactory(), copies, name=f"'Collège ' || {name}", uai="NULL")
    copy(SessionFactory(), copies, school_id=f"{schools} + g", starts_at="starts_at + g * interval '1 minute'",
         ends_at="ends_at + g * interval '1 minute'")  # fmt: skip
    copy(MessageFactory(), copies, key=f"'k' || {serial}", token="gen_random_uuid()", recipient_id=f"{users} + g")
    copy(TalkRequestFactory(), copies, school_id=f"{schools} + g")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")  # as autovacuum does within a minute


def copy(row, count, **changes):
    """Copies of a row with some columns of their own (`g` counts them from 1); returns the key before the first."""
    table = row._meta.db_table
    columns = [field.column for field in row._meta.concrete_fields if not field.generated and not field.primary_key]
    values = ", ".join(changes.get(column, f"t.{column}") for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)})"
            f" SELECT {values} FROM {table} t, generate_series(1, {count}) g WHERE t.id = %s ORDER BY g RETURNING id",
            [row.pk],
        )
        first = min(itertools.chain.from_iterable(cursor.fetchall()))
        cursor.execute("DISCARD PLANS")  # made for a table of one row
        return first - 1
