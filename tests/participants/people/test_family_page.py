"""The page of a family: by link or account, answered in one screen, taken back in two taps."""

import datetime as dt
import re

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from participants.correspondence import letters
from participants.correspondence.models import Message
from participants.people import actions, family_links
from participants.people.models import ByHand, Consent, Guardian
from tests.factories.accounts import UserFactory
from tests.factories.people import ConsentFactory, EnrolmentFactory, GuardianshipFactory, PupilFactory
from tests.harness.responses import TOKENS

Purposes = ("taking_part", "image", "follow_up", "research")


def plain(response):
    return response.status_code, TOKENS.sub("", response.content.decode())


def page_of(person):
    return reverse("people:family-page", args=[family_links.sign(person)])


def stamp_in(response):
    return re.search(r'name="texts" value="(\w+)"', response.content.decode())[1]


def answers(response, family, **more):
    key = family.lou.pk
    given = {f"{key}-g-{purpose}": "given" for purpose in Purposes}
    return {"texts": stamp_in(response), "signature": "Eve Durand"} | given | more


def test_a_guardian_sees_first_names_and_the_school_and_nothing_is_ticked(client, family):
    page = client.get(page_of(family.eve)).content.decode()
    assert "Lou D." in page
    assert "Lycée Curie" in page
    assert "Durand" not in page
    assert "2014" not in page
    assert "checked" not in page
    assert page.count('type="radio"') == 2 * (4 + 3)  # four of the guardian, three of the child


def test_one_screen_signs_everything_once(client, family):
    url = page_of(family.eve)
    form = answers(client.get(url), family, **{f"{family.lou.pk}-p-image": "refused", f"{family.lou.pk}-name": "Lou"})
    assert client.post(url, form).status_code == 302
    assert client.post(url, form).status_code == 302  # the second tap
    lines = Consent.objects.order_by("guardian", "purpose").values_list(
        "guardian__first_name", "purpose", "decision", "channel", "signature", "valid_until", "recorded_by"
    )
    year, birthday = dt.date(2027, 8, 31), dt.date(2029, 3, 13)
    assert set(lines) == {
        ("Eve", "taking_part", "given", "link", "Eve Durand", year, None),
        ("Eve", "image", "given", "link", "Eve Durand", year, None),
        ("Eve", "follow_up", "given", "link", "Eve Durand", birthday, None),
        ("Eve", "research", "given", "link", "Eve Durand", birthday, None),
        (None, "image", "refused", "link", "Lou", year, None),
    }
    assert Consent.objects.count() == 5
    page = client.get(url).content.decode()
    assert "yes, until" in page
    assert page.count("Take back") == 4
    assert Message.objects.filter(occasion="people.consent_signed").count() == 1


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"signature": ""}, "This field is required."),
        ({"texts": "old"}, "A text has changed while you were reading."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_lost(client, family, change, error):
    url = page_of(family.eve)
    page = client.post(url, answers(client.get(url), family) | change).content.decode()
    assert error in page
    assert page.count("checked") == 4
    assert Consent.objects.count() == 0


def test_the_child_types_its_own_name(client, family):
    url = page_of(family.eve)
    form = answers(client.get(url), family, **{f"{family.lou.pk}-p-image": "given"})
    assert "Type your first name, or leave your answers open." in client.post(url, form).content.decode()


def test_an_empty_form_signs_nothing(client, family):
    url = page_of(family.eve)
    form = {"texts": stamp_in(client.get(url)), "signature": "Eve"}
    assert "Answer at least one question" in client.post(url, form).content.decode()


def test_one_cannot_answer_for_somebody_else(client, family):
    stranger = PupilFactory(birth_date="2014-03-14")
    url = page_of(family.eve)
    client.post(url, answers(client.get(url), family, **{f"{stranger.pk}-g-image": "given"}))
    assert not Consent.objects.filter(pupil=stranger).exists()


def test_a_get_never_acts(client, family):
    ConsentFactory(pupil=family.lou, guardian=family.eve)
    line = Consent.objects.get()
    url = reverse("people:family-withdraw", args=[family_links.sign(family.eve)])
    assert client.get(f"{url}?consent={line.pk}").status_code == 200
    line.refresh_from_db()
    assert line.withdrawn_at is None


def test_taking_back_takes_one_tap_and_a_confirmation(client, family):
    ConsentFactory(pupil=family.lou, guardian=family.eve, purpose="image")
    line = Consent.objects.get()
    url = reverse("people:family-withdraw", args=[family_links.sign(family.eve)]) + f"?consent={line.pk}"
    assert client.post(url).status_code == 302
    assert client.post(url).status_code == 302  # the second tap changes nothing
    line.refresh_from_db()
    assert line.withdrawn_at is not None
    assert set(ByHand.objects.values_list("task", "audience")) == {
        ("take_photos_off", "school"),
        ("take_photos_off", "center"),
    }


def test_nobody_takes_back_the_word_of_another(client, family):
    ConsentFactory(pupil=family.lou, guardian=family.adam)
    line = Consent.objects.get()
    url = reverse("people:family-withdraw", args=[family_links.sign(family.eve)])
    assert client.post(f"{url}?consent={line.pk}").status_code == 302
    line.refresh_from_db()
    assert line.withdrawn_at is None


def test_a_pupil_of_fifteen_answers_alone(client, family):
    max_ = PupilFactory(first_name="Max", birth_date=dt.date(2011, 11, 20), email="max@example.org")
    page = client.get(page_of(max_)).content.decode()
    assert page.count('type="radio"') == 2 * 4  # image, follow-up, research, contact after 18
    younger = PupilFactory(birth_date=dt.date(2011, 11, 21), email="zoe@example.org")
    assert client.get(page_of(younger)).status_code == 404


def test_links_end(client, family):
    with time_machine.travel("2026-11-20 10:00:00+01:00", tick=False) as clock:
        url = page_of(family.eve)
        clock.shift(dt.timedelta(days=14))
        assert client.get(url).status_code == 200
        clock.shift(dt.timedelta(seconds=1))
        response = client.get(url)
        assert response.status_code == 404
        assert "Send me a new link" in response.content.decode()


def test_links_are_taken_back_all_at_once_and_forged_ones_open_nothing(client, family):
    token = family_links.sign(family.eve)
    other = family_links.sign(family.adam)
    assert family_links.read(token).guardian == family.eve
    head, _dot, signature = token.rpartition(".")
    parts = token.split(".")
    forged = [
        "",
        "x",
        "g.1.1",
        f"{head}.{signature[:-1]}",
        ".".join(["g", str(family.adam.pk), *parts[2:]]),
        ".".join(["p", str(family.lou.pk), *parts[2:]]),
        ".".join([*parts[:2], str(int(parts[2]) + 1), parts[3]]),
        f"g.{10**30}.1.x",
    ]
    assert [family_links.read(each) for each in forged] == [None] * len(forged)
    actions.revoke_family_links(person=family.eve)
    assert (family_links.read(token), family_links.read(other).guardian) == (None, family.adam)


def test_a_new_link_answers_alike_whether_known_or_not(client, family):
    url = reverse("people:family-new-link")
    GuardianshipFactory(guardian=Guardian.objects.create(first_name="Zed", last_name="Z", email="eve@example.org"))
    known, unknown = (client.post(url, {"email": email}) for email in ("EVE@example.org", "nobody@example.org"))
    assert plain(known) == plain(unknown)
    written = Message.objects.filter(occasion="people.family_link")
    assert written.count() == 2  # each of the two who share the address has a link of their own
    client.post(url, {"email": "eve@example.org"})
    assert written.count() == 2


def test_new_links_are_not_asked_for_without_end(client, family):
    url = reverse("people:family-new-link")
    answers_ = [client.post(url, {"email": f"{n}@example.org"}).status_code for n in range(41)]
    assert (set(answers_[:40]), answers_[40]) == ({200}, 429)
    cache.clear()


def test_the_mail_opens_the_page_and_staff_do_not_hold_the_key(client, family):
    actions.ask(pupils=[family.lou])
    message = Message.objects.get(addressee=f"people.guardian:{family.eve.pk}", rule__code="people-consent-asked")
    letter = letters.compose(message)
    assert letter.subject == "Your agreement for Lou"
    assert "Hello Eve Durand" in letter.text
    assert "· Photos and films" in letter.text
    assert client.get(letter.action_url.partition("8000")[2] or letter.action_url).status_code == 200
    kept = letters.without_key(message.occasion, letter)
    assert letter.action_url in letter.text
    assert letter.action_url not in kept.text + kept.html + kept.action_url


def test_the_page_speaks_the_language_of_the_family(client, family):
    assert "Vos accords" in client.get(page_of(family.adam)).content.decode()
    client.cookies["django_language"] = "en"
    assert "Your agreements" in client.get(page_of(family.adam)).content.decode()


def test_with_an_account_the_same_page_notes_it(client_for, family):
    Guardian.objects.filter(pk=family.eve.pk).update(user=UserFactory())
    family.eve.refresh_from_db()
    client = client_for(family.eve.user)
    url = reverse("people:consent-page")
    client.post(url, answers(client.get(url), family))
    assert set(Consent.objects.values_list("channel", "recorded_by")) == {("account", family.eve.user.pk)}
    line = Consent.objects.get(purpose="image")
    assert client.post(f"{reverse('people:consent-withdraw')}?consent={line.pk}").status_code == 302
    line.refresh_from_db()
    assert line.withdrawn_at is not None


def test_the_number_of_queries_does_not_follow_the_number_of_children(client, family):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            client.get(page_of(family.eve))
        return len(seen)

    one = queries()
    for _number in range(2):
        pupil = PupilFactory(birth_date="2014-03-14")
        EnrolmentFactory(pupil=pupil)
        GuardianshipFactory(guardian=family.eve, pupil=pupil)
    assert queries() == one
