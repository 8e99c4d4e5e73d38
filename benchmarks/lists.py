"""Every list of staff, plain, searched and filtered, and the tables of the back office, at 100,000 rows beside the same page
at 100 rows.

A page is asked for through Django's test client by an administrator, all middleware included; the median of several
requests counts, after one that is not counted. Rows are copies of one row, each with a name and an address of its own.
"""

import datetime as dt
import itertools
import statistics
import time

import pghistory
from django.conf import settings
from django.contrib.admin import site
from django.db import connection
from django.test import Client
from django.urls import reverse

from benchmarks.figures import Figure
from participants.accounts.roles import Role
from tests.factories.accounts import GrantFactory
from tests.factories.activities import (
    AssignmentFactory,
    AttendanceFactory,
    BookingFactory,
    HeadcountFactory,
    SessionFactory,
)
from tests.factories.awareness import NominationFactory, PoolEntryFactory, TalkRequestFactory
from tests.factories.correspondence import MessageFactory
from tests.factories.organisations import SchoolFactory, SchoolYearProfileFactory
from tests.factories.people import (
    ConsentFactory,
    DuplicatePairFactory,
    EnrolmentFactory,
    GuardianFactory,
    GuardianshipFactory,
    LookFactory,
    PupilNoteFactory,
    RightsRequestFactory,
    RosterFactory,
    SchoolPostFactory,
    StudyFactory,
    VolunteerFactory,
)

SIZES = {"full": 100_000, "small": 10_000}
FEW = 100
FAR = dt.date(2100, 1, 1)
TIMES = 7
SEARCH = "q=dupont"  # fills a page at both sizes
# Every list of ours, and with what it is asked besides: a search where it has one, each kind of its filters.
PAGES = {
    "people:pupil-list": [SEARCH, "level=2GT", "class_name=2de+1", "consent=missing", "year=2026"],
    "people:volunteer-list": [SEARCH, "state=waiting"],
    "people:contact-list": [SEARCH, "state=pending"],
    "people:family-list": ["show=missing"],
    "people:duplicate-list": ["state=apart"],
    "people:merge-list": [],
    "people:roster-list": [],
    "people:promotion-list": [],
    "people:right-list": ["show=all"],
    "people:term-list": [],
    "people:trace-list": [],
    "people:by-hand-list": [],
    "organisations:school-list": [SEARCH],
    "organisations:organisation-list": [SEARCH],
    "correspondence:message-list": [SEARCH, "show=doubtful"],
    "correspondence:job-list": [],
    "activities:programme-list": [],
    "activities:session-manage": ["view=uncounted"],
    "activities:session-list": ["free=on", "language=fr"],
    "activities:inbox": [],
    "awareness:board": ["state=all", "group=school", "priority=none"],
    "awareness:request-list": [],
    "awareness:campaign-list": [],
    "awareness:pool-list": ["status=entered", "status=took_part", "door=self", "level=2GT"],
    "awareness:nomination-list": [],
}
GROWN: dict[str, type] = {}


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
    for page, questions in PAGES.items():
        for question in ["", *questions]:
            yield name_of(page.replace("-", "_"), question), f"{reverse(page)}?{question}"
    for table, model in GROWN.items():
        if site.is_registered(model):
            for question in ["", SEARCH] if site.get_model_admin(model).search_fields else [""]:
                yield name_of(f"office_{table}", question), f"{reverse(f'admin:{table}_changelist')}?{question}"


def name_of(page, question):
    return "_".join(filter(None, [page.replace(":", "_"), question.partition("=")[0]]))


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
    volunteers = copy(volunteer, copies, user_id=f"{users} + g", last_name=name)
    users = copy(post.contact.user, copies, email=f"'c' || {serial} || '@example.org'", name=name)
    contacts = copy(post.contact, copies, user_id=f"{users} + g", last_name=name)
    copy(post, copies, contact_id=f"{contacts} + g", state="CASE WHEN mod(g, 2) = 0 THEN 'pending' ELSE 'verified' END",
         proof="'coordinator'", decided_at="now()")  # fmt: skip
    enrolment = EnrolmentFactory(level="2GT")
    pupils = copy(enrolment.pupil, copies, last_name=name)
    copy(enrolment, copies, pupil_id=f"{pupils} + g")
    guardians = copy(GuardianFactory(), copies, last_name=name)
    of_pupil = {"pupil_id": f"{pupils} + g"}
    copy(GuardianshipFactory(), copies, guardian_id=f"{guardians} + g", **of_pupil)
    copy(ConsentFactory(guardian=GuardianFactory()), copies, guardian_id=f"{guardians} + g", **of_pupil,
         decision="CASE WHEN mod(g, 2) = 0 THEN 'refused' ELSE 'given' END")  # fmt: skip
    copy(ConsentFactory(purpose="follow_up", valid_until=FAR), copies, **of_pupil)
    copy(LookFactory(), copies, **of_pupil)
    copy(PupilNoteFactory(), copies, **of_pupil)
    copy(StudyFactory(), copies, **of_pupil)
    copy(PoolEntryFactory(pupil=enrolment.pupil), copies, **of_pupil)
    copy(NominationFactory(), copies, **of_pupil)
    copy(
        RightsRequestFactory(about="Lou Dupont"),
        copies,
        due_on="due_on + mod(g, 900)",
        received_on="received_on - mod(g, 900)",
    )
    copy(DuplicatePairFactory(), copies - 1, one_id=f"{pupils} + g", other_id=f"{pupils} + g + 1")
    schools = copy(SchoolFactory(), copies, name=f"'Collège ' || {name}", uai="NULL")
    copy(SchoolYearProfileFactory(priority_education="none"), copies, school_id=f"{schools} + g")
    sessions = copy(SessionFactory(), copies, school_id=f"{schools} + g", starts_at="starts_at + g * interval '1 minute'",
         ends_at="ends_at + g * interval '1 minute'")  # fmt: skip
    of_session = {"session_id": f"{sessions} + g"}
    copy(BookingFactory(class_group__name="2de Dupont"), copies, **of_session)
    copy(AttendanceFactory(), copies, **of_session, **of_pupil)
    copy(AssignmentFactory(), copies, **of_session, volunteer_id=f"{volunteers} + g")
    copy(HeadcountFactory(class_group__name="2de Dupont"), copies, **of_session)
    copy(MessageFactory(), copies, key=f"'k' || {serial}", token="gen_random_uuid()", recipient_id=f"{users} + g")
    copy(RosterFactory(applied=True), copies, school_id=f"{schools} + g")
    copy(TalkRequestFactory(declined=True), copies, school_id=f"{schools} + g",
         sent_at="now() - interval '6 days' - g * interval '1 minute'",
         state="CASE WHEN mod(g, 2) = 0 THEN 'sent' ELSE 'declined' END",
         handled_at="CASE WHEN mod(g, 2) = 0 THEN NULL ELSE now() END",
         decline_reason="CASE WHEN mod(g, 2) = 0 THEN '' ELSE 'dates' END")  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")  # as autovacuum does within a minute


def copy(row, count, **changes):
    """Copies of a row with some columns of their own (`g` counts them from 1); returns the key before the first."""
    table = row._meta.db_table
    GROWN[f"{row._meta.app_label}_{row._meta.model_name}"] = type(row)
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
