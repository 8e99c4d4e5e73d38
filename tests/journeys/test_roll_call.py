"""The roll call on phones, with the network cut in the middle: nothing is lost, nothing counts twice, nothing stays."""

import datetime as dt
from collections import Counter

import pytest
from django.conf import settings
from django.utils import timezone

from programs.activities import tickets
from programs.activities.models import Attendance, Headcount, RollEntry
from tests.factories.activities import AssignmentFactory, BookingFactory, SessionFactory
from tests.factories.organisations import ClassGroupFactory
from tests.factories.people import PupilFactory, SchoolContactFactory, SchoolPostFactory, VolunteerFactory
from tests.journeys import camera
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import PHONE, QUIET, find_chromium
from tests.journeys.wire import Wire

pytestmark = pytest.mark.timeout(240)
# What a browser says about a network that is away; anything else that it complains about fails the test.
AWAY = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "ERR_CONNECTION", "ERR_EMPTY_RESPONSE")
PUPILS = 35


class Phone:
    """A browser of its own in somebody's hand; it counts the taps."""

    def __init__(self, browser, live_server, client, user):
        type(user).objects.filter(pk=user.pk).update(language="en")
        self.complaints, self.taps, self.wire = [], 0, Wire(live_server.url)
        self.context = browser.new_context(
            base_url=self.wire.url, viewport={"width": PHONE, "height": 844}, reduced_motion="reduce", locale="en"
        )
        self.context.clock.install()
        camera.give_reader(self.context)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": self.wire.url}])
        self.open()

    def open(self, address="/roll/"):
        self.page = self.context.new_page()
        self.page.on("console", self.listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(address)

    def reopen(self, address="/roll/"):
        self.page.close()
        self.open(address)

    def lose_network(self):
        self.wire.cut()
        self.context.set_offline(True)

    def find_network(self):
        self.wire.mend()
        self.context.set_offline(False)

    def close(self):
        self.context.close()
        self.wire.close()

    def listen(self, said):
        if said.type == "error" and not any(reason in said.text for reason in AWAY):
            self.complaints.append(said.text)

    def install(self):
        """Wait until the phone keeps the app."""
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        self.page.wait_for_function("navigator.serviceWorker.controller")

    def tap(self, target):
        self.taps += 1
        target.click()

    def open_list(self, session):
        self.tap(self.page.get_by_role("link", name=session.activity.title_en))

    def note(self, pupil, status):
        self.tap(self.page.locator(f"#{status}-{pupil.pk}"))
        self.page.locator(f"#{status}-{pupil.pk}[aria-pressed=true]").wait_for()

    def note_without_network(self, session, pupil):
        self.install()
        self.open_list(session)
        self.lose_network()
        self.note(pupil, "present")

    def noted(self):
        """How many pupils stand under each answer on the screen."""
        pressed = self.page.locator(".roll-choice[aria-pressed=true]")
        return Counter(text.lower() for text in pressed.all_inner_texts())

    def wait_until_sent(self):
        self.page.get_by_text("Everything is sent.").wait_for()

    def wait_until_empty(self):
        self.page.wait_for_function("indexedDB.databases().then((all) => all.length === 0)")

    def kept(self):
        return self.page.evaluate("indexedDB.databases().then((all) => all.map(({name}) => name))")


@pytest.fixture
def phone(browser, live_server, client_for):
    phones = []

    def one(user, its_browser=browser):
        phones.append(Phone(its_browser, live_server, client_for(user), user))
        return phones[-1]

    yield one
    for each in phones:
        each.close()
    assert [each.complaints for each in phones if each.complaints] == []


@pytest.fixture
def session():
    start = timezone.now() - dt.timedelta(minutes=4)
    return SessionFactory(
        starts_at=start, ends_at=start + dt.timedelta(hours=2), activity__title_en="Tutoring at Utrillo"
    )


@pytest.fixture
def pupils(session):
    pupils = [PupilFactory(first_name=f"Lou{n:02}", last_name="Martin") for n in range(PUPILS)]
    for pupil in pupils:
        BookingFactory(session=session, class_group=None, pupil=pupil, seats=1)
    return pupils


@pytest.fixture
def ben(session):
    return AssignmentFactory(session=session, volunteer=VolunteerFactory(first_name="Ben")).volunteer.user


@pytest.fixture
def bea(session):
    return AssignmentFactory(session=session, volunteer=VolunteerFactory(first_name="Béa")).volunteer.user


def presence(session):
    return Counter(session.attendances.values_list("status", flat=True))


@pytest.mark.a11y
def test_35_pupils_without_network_are_noted_once(phone, session, pupils, ben):
    hand = phone(ben)
    hand.install()
    assert_accessible(hand.page)
    hand.lose_network()
    hand.open_list(session)
    for pupil in pupils[:20]:
        hand.note(pupil, "present")
    hand.note(pupils[20], "late")
    hand.page.get_by_text("No network").wait_for()
    assert_accessible(hand.page)
    hand.reopen()
    hand.page.get_by_text("21 to send").wait_for()
    hand.open_list(session)
    assert hand.noted() == {"here": 20, "late": 1}
    for pupil in pupils[21:33]:
        hand.note(pupil, "absent" if pupil == pupils[21] else "present")
    hand.tap(hand.page.locator("#all-here"))
    hand.page.get_by_text("35 of 35 noted").wait_for()
    assert hand.noted() == {"here": 33, "late": 1, "absent": 1}
    assert hand.taps <= 40
    assert RollEntry.objects.count() == 0
    hand.wire.lose_answer_to(b"POST /roll/words/")
    hand.find_network()
    hand.wait_until_sent()
    assert presence(session) == {"present": 33, "late": 1, "absent": 1}
    assert RollEntry.objects.count() == PUPILS
    assert hand.wire.lost == 1
    late = Attendance.objects.get(pupil=pupils[20])
    assert 110 <= late.minutes < 120
    hand.page.clock.fast_forward("10:00:00")
    hand.page.get_by_text("No list for today or tomorrow.").wait_for()
    hand.wait_until_empty()


def test_all_but_a_few_take_a_handful_of_taps(phone, session, pupils, ben):
    hand = phone(ben)
    hand.open_list(session)
    hand.note(pupils[3], "absent")
    hand.note(pupils[8], "late")
    hand.tap(hand.page.locator("#all-here"))
    hand.wait_until_sent()
    assert presence(session) == {"present": 33, "late": 1, "absent": 1}
    assert hand.taps == 4


def test_two_phones_on_one_list_come_together(phone, session, pupils, ben, bea):
    """The later word about a pupil stands; whoever opens the list sees who disagrees, and settles it with a tap."""
    one, two = phone(ben), phone(bea)
    for hand in (one, two):
        hand.install()
        hand.open_list(session)
        hand.lose_network()
    one.note(pupils[0], "present")
    one.note(pupils[1], "present")
    two.note(pupils[0], "absent")
    two.note(pupils[2], "excused")
    two.find_network()
    two.wait_until_sent()
    one.find_network()
    one.wait_until_sent()
    assert dict(session.attendances.values_list("pupil", "status")) == {
        pupils[0].pk: "absent",
        pupils[1].pk: "present",
        pupils[2].pk: "excused",
    }
    said = one.page.locator(".roll-dispute")
    assert "present, seen at" in said.inner_text()
    assert one.page.locator(".roll-row", has=said).locator(".roll-name").inner_text() == str(pupils[0])
    one.note(pupils[0], "present")
    one.wait_until_sent()
    said.wait_for(state="detached")
    assert session.attendances.get(pupil=pupils[0]).status == "present"


def test_a_ticket_is_read_without_network(phone, session, pupils, ben):
    hand = phone(ben)
    hand.install()
    hand.open_list(session)
    hand.lose_network()
    code = ticket_of(session, pupils[7])
    for typed, answer in (
        ("zzzz zzzz", "not on this list"),
        (code, "Lou07 Martin: noted."),
        (code, "was noted already"),
    ):
        hand.page.fill("#ticket-code", typed)
        hand.page.get_by_role("button", name="Check").click()
        hand.page.locator("#ticket-answer", has_text=answer).wait_for()
    hand.find_network()
    hand.wait_until_sent()
    assert list(RollEntry.objects.values_list("pupil", "status", "way")) == [(pupils[7].pk, "present", "ticket")]


def test_the_camera_of_any_phone_opens_a_ticket_without_network(phone, open_page, session, pupils, ben):
    """It reads the square on the page of tickets, and opens the address in it."""
    sheet = open_page(f"/sessions/{session.pk}/tickets/", user=ben, language="en")
    square = sheet.locator(".ticket", has_text="Lou07").locator("svg.qr").screenshot()
    [address] = camera.codes_on(square)
    assert address == f"{settings.SITE_URL}/roll/#EO:{code_of(session, pupils[7])}"
    hand = phone(ben)
    hand.install()
    hand.open_list(session)
    hand.lose_network()
    for answer in ("Lou07 Martin: noted.", "Lou07 Martin was noted already."):
        hand.reopen(address.removeprefix(settings.SITE_URL))
        hand.page.locator("#ticket-answer", has_text=answer).wait_for()
        assert hand.page.url.endswith(f"/roll/#{session.pk}")  # a reload shows the ticket to nobody again
    hand.reopen("/roll/#EO:ZZZZZZZZZZZZZZZZ")
    hand.page.locator("#ticket-answer", has_text="on no list that is open").wait_for()
    hand.find_network()
    hand.wait_until_sent()
    assert list(RollEntry.objects.values_list("pupil", "status", "way")) == [(pupils[7].pk, "present", "ticket")]


def test_the_camera_in_the_app_notes_who_shows_a_ticket(browser, phone, session, pupils, ben, tmp_path):
    ticket = tickets.Ticket(session.bookings.get(pupil=pupils[7]), session, code_of(session, pupils[7]))
    film = camera.film_of(ticket.address, tmp_path / "film.mjpeg")
    with browser.browser_type.launch(executable_path=find_chromium(), args=[*QUIET, *film]) as seeing:
        hand = phone(ben, seeing)
        hand.open_list(session)
        hand.page.get_by_role("button", name="Scan tickets").click()
        hand.page.locator("#ticket-answer", has_text="Lou07 Martin: noted.").wait_for()
        hand.page.locator(".roll-film").wait_for()
        hand.page.get_by_role("button", name="Stop scanning").click()
        hand.page.locator(".roll-film").wait_for(state="detached")
        hand.wait_until_sent()
    assert list(RollEntry.objects.values_list("pupil", "status", "way")) == [(pupils[7].pk, "present", "ticket")]


def code_of(session, pupil):
    return tickets.code_of(session.bookings.get(pupil=pupil).pk)


def ticket_of(session, pupil):
    return tickets.typed(code_of(session, pupil)).lower()


def test_what_is_refused_stays_on_the_phone_with_its_reason(phone, session, pupils, ben):
    hand = phone(ben)
    hand.note_without_network(session, pupils[0])
    type(session).objects.filter(pk=session.pk).update(state="cancelled", state_reason="grève")
    hand.find_network()
    hand.page.get_by_text("This session was cancelled").wait_for()
    assert Attendance.objects.count() == 0
    hand.tap(hand.page.get_by_role("button", name="Remove"))
    hand.page.get_by_text("No list for today or tomorrow.").wait_for()
    hand.wait_until_empty()


def test_signing_out_empties_the_phone(phone, session, pupils, ben):
    hand = phone(ben)
    hand.install()
    hand.open_list(session)
    assert hand.kept() == ["roll"]
    hand.page.goto("/accounts/logout/")
    hand.page.locator("main form button").first.click()
    hand.page.wait_for_load_state()
    assert hand.kept() == []
    assert hand.page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    assert hand.page.evaluate("caches.keys()") == []


def test_signing_out_warns_of_what_is_not_sent(phone, session, pupils, ben):
    hand = phone(ben)
    hand.note_without_network(session, pupils[0])
    hand.page.close()
    hand.find_network()
    hand.page = hand.context.new_page()
    hand.page.goto("/accounts/logout/")
    hand.page.get_by_role("link", name="Open the roll call").click()
    hand.wait_until_sent()
    assert session.attendances.get().status == "present"
    hand.page.goto("/accounts/logout/")
    hand.page.get_by_role("heading", name="Sign out").wait_for()
    assert not hand.page.get_by_text("Something is not sent yet").is_visible()


@pytest.mark.a11y
def test_a_teacher_counts_a_class(phone, session):
    contact = SchoolContactFactory()
    SchoolPostFactory(contact=contact, school=session.school, verified=True)
    booking = BookingFactory(
        session=session, class_group=ClassGroupFactory(school=session.school, name="2de 4"), seats=31
    )
    hand = phone(contact.user)
    hand.open_list(session)
    hand.page.get_by_label("Young people").fill("29")
    hand.page.get_by_label("Girls").fill("14")
    hand.page.get_by_role("button", name="Note", exact=True).click()
    hand.page.get_by_role("button", name="Noted").wait_for()
    hand.wait_until_sent()
    assert_accessible(hand.page)
    row = Headcount.objects.get()
    assert (row.class_group, row.total, row.girls, row.source) == (booking.class_group, 29, 14, "school")
