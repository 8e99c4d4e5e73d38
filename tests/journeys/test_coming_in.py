"""From the first page, or the catalogue, into the talent pool on a phone: a pupil of sixteen signs alone, a child of
thirteen with a parent; with the real worker, beat and mail server."""

import datetime as dt

import pytest
from django.utils import timezone

from programs.awareness.models import PoolEntry
from tests.factories.organisations import SchoolFactory
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import PHONE
from tests.journeys.test_pool import link_in

pytestmark = pytest.mark.timeout(240)
WORDS = {
    "fr": {"door": "Je suis au collège ou au lycée", "send": "Envoyer", "agree": "J’accepte", "thanks": "Merci"},
    "en": {"door": "I am at collège or lycée", "send": "Send", "agree": "I agree", "thanks": "Thank you"},
}


def look(page):
    page.wait_for_load_state()
    assert_accessible(page)


def born(age):
    return (timezone.localdate() - dt.timedelta(days=age * 366)).isoformat()


def ask(page, language, *, school, first_name, age, level, **addresses):
    page.get_by_role("link", name=WORDS[language]["door"]).first.click()
    look(page)
    page.fill("[name=q]", school)
    page.get_by_role("link", name=school).click()
    look(page)
    page.fill("[name=first_name]", first_name)
    page.fill("[name=last_name]", "Lovelace")
    page.fill("[name=birth_date]", born(age))
    page.select_option("[name=level]", level)
    for name, address in addresses.items():
        page.fill(f"[name={name}]", address)
    page.get_by_role("button", name=WORDS[language]["send"], exact=True).click()
    page.wait_for_url("**?done")
    look(page)
    assert not PoolEntry.objects.filter(pupil__first_name=first_name).exists()


def sign(page, language, **names):
    look(page)
    for name, words in names.items():
        page.fill(f"[name={name}]", words)
    if len(names) > 1:
        page.locator("[name=is_guardian]").check()
    page.get_by_role("button", name=WORDS[language]["agree"]).click()
    page.get_by_role("heading", name=WORDS[language]["thanks"]).wait_for()
    look(page)


@pytest.mark.a11y
@pytest.mark.parametrize(("language", "door"), [("fr", "/"), ("en", "/catalogue/en/")])
def test_two_young_people_come_in_by_themselves(platform, open_page, language, door):
    SchoolFactory(name="Lycée Marie-Curie", kind="lycee_gt")
    SchoolFactory(name="Collège Jean-Moulin", kind="college")
    alone = {"school": "Lycée Marie-Curie", "first_name": "Lou", "age": 16, "level": "2GT"}
    ask(open_page(door, width=PHONE, language=language), language, **alone, email="lou@example.org")
    sign(
        open_page(link_in(platform, "lou@example.org", "/talks/pool/signing/"), width=PHONE, language=language),
        language,
        signature="Lou Lovelace",
    )
    child = {"school": "Collège Jean-Moulin", "first_name": "Max", "age": 13, "level": "4E"}
    ask(open_page(door, width=PHONE, language=language), language, **child, guardian_email="eve@example.org")
    sign(
        open_page(link_in(platform, "eve@example.org", "/talks/pool/signing/"), width=PHONE, language=language),
        language,
        guardian_first_name="Ève",
        guardian_last_name="Lovelace",
        signature="Max",
    )
    assert set(PoolEntry.objects.contactable().values_list("pupil__first_name", flat=True)) == {"Lou", "Max"}
