"""A class list becomes agreements: the teacher sends it, parents sign on their phones, one takes it back, and the export
leaves that child out; with the real worker, beat and mail server."""

import csv
import re
from pathlib import Path

import pytest

from participants.organisations.school_years import current_school_year
from participants.people.models import Consent, Pupil
from tests.factories.organisations import SchoolFactory
from tests.factories.people import SchoolPostFactory
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import DESK, PHONE

pytestmark = [pytest.mark.timeout(240), pytest.mark.a11y]

BORN = current_school_year() - 12  # eleven or twelve years old: the guardians decide
LIST = f"""Liste des élèves;;;;;;;
Nom;Prénom;Né(e) le;Sexe;Division;Nom responsable 1;Prénom responsable 1;Courriel responsable 1
LE GALL;Anaïs;14/03/{BORN};F;5e2;LE GALL;Yann;yann@example.org
DIALLO;Moussa;02/11/{BORN};M;5e2;DIALLO;Awa;awa@example.org
"""


@pytest.fixture
def teacher(db):
    school = SchoolFactory(name="Collège Rosa Parks", commune="Stains", kind="college")
    return SchoolPostFactory(school=school, verified=True).contact.user


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_from_a_class_list_to_an_export_without_the_child_who_withdrew(platform, open_page, teacher, tmp_path, width):
    page = open_page("/", user=teacher, width=width, language="en")
    send_the_list(page, tmp_path)
    ask_the_families(page)
    for address, name in (("yann@example.org", "Yann Le Gall"), ("awa@example.org", "Awa Diallo")):
        sign(open_page, link_in(platform.mail_to(address)), name)
    assert Consent.objects.filter(purpose="taking_part", decision="given").count() == 2
    assert exported(page) == ["Diallo", "Le Gall"]
    take_back(open_page, link_in(platform.mail_to("awa@example.org")))
    assert exported(page) == ["Le Gall"]


def send_the_list(page, folder):
    path = folder / "5e2.csv"
    path.write_text(LIST, encoding="cp1252")
    page.goto("/class-lists/new/")
    if page.locator("input[type=file]").count() == 0:
        look(page)
        page.get_by_role("link", name="Collège Rosa Parks").first.click()
    look(page)
    page.set_input_files("input[type=file]", path)
    page.get_by_role("button", name="Send").click()
    wait_for(page, "What each column is")
    look(page)
    page.get_by_role("button", name="Continue").click()
    wait_for(page, "Check the list")
    look(page)
    assert Pupil.objects.count() == 0
    page.get_by_role("button", name="Take this list").click()
    wait_for(page, "The list is taken")
    look(page)
    assert list(Pupil.objects.values_list("last_name", "first_name")) == [("Diallo", "Moussa"), ("Le Gall", "Anaïs")]


def ask_the_families(page):
    page.goto("/families/")
    look(page)
    page.locator("select[name=class_group]").select_option(index=1)
    page.get_by_role("button", name="Filter").click()
    look(page)
    page.get_by_role("button", name="Send the links").click()
    look(page)


def sign(open_page, path, name):
    """On a phone, without an account: yes to taking part, no to photos for the time being."""
    page = open_page(path, width=PHONE, language="en")
    look(page)
    for answers in page.locator("fieldset").all():
        answers.locator("input[value=given]").check()
    for own in page.locator("[name$=-name]").all():
        own.fill("Moi")
    page.fill("[name=signature]", name)
    page.get_by_role("button", name="Sign my answers").click()
    page.get_by_text("You have answered everything").wait_for()
    look(page)


def take_back(open_page, path):
    page = open_page(path, width=PHONE, language="en")
    page.get_by_role("link", name=re.compile("^Take back")).first.click()
    look(page)
    page.get_by_role("button", name="Take it back").click()
    page.wait_for_load_state()
    look(page)
    assert Consent.objects.get(withdrawn_at__isnull=False).purpose == "taking_part"


def exported(page):
    """The last names in the file that the worker makes."""
    page.goto("/pupils/export/")
    look(page)
    page.locator("[name=format][value=csv], select[name=format]").first.evaluate(
        "one => { if (one.tagName == 'SELECT') one.value = 'csv'; else one.checked = true }"
    )
    page.get_by_role("button", name="Prepare the file").click()
    download = page.get_by_role("button", name="Download")
    download.wait_for()
    with page.expect_download() as arriving:
        download.click()
    lines = list(csv.reader(Path(arriving.value.path()).read_text(encoding="utf-8-sig").splitlines()))
    return sorted({name for line in lines for name in line} & {"Diallo", "Le Gall"})


def link_in(mail):
    return re.search(r"/family/\S+/", mail.get_body(("plain",)).get_content()).group()


def wait_for(page, heading):
    page.get_by_role("heading", name=heading).wait_for(timeout=40_000)


def look(page):
    page.wait_for_load_state()
    assert_accessible(page)
