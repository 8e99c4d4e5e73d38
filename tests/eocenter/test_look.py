"""Colours, layouts, switches and tags."""

import itertools
import re

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.urls import reverse
from django.utils import translation

from eocenter.navigation import NAVIGATION
from participants.accounts.roles import Role
from tests.factories.accounts import GrantFactory

CSS = settings.BASE_DIR / "static" / "css"
PAPERS = ("paper", "surface", "sunken")
# Each text colour with every ground it may stand on.
TEXT_PAIRS = [
    *itertools.product(("ink", "ink-soft", "action", "action-strong", "accent-ink", "danger"), PAPERS),
    *((f"{tone}", f"{tone}-soft") for tone in ("ok", "warn", "danger")),
    *(("ink", f"{tone}-soft") for tone in ("ok", "warn", "danger", "action", "accent")),
    ("action", "action-soft"),
    ("action-strong", "action-soft"),
    ("accent-ink", "accent-soft"),
    ("on-action", "action"),
    ("on-action", "action-strong"),
    ("on-danger", "danger"),
]
# What must be seen though it is not read: edges of fields, the focus ring, marks of state.
EDGE_PAIRS = [*itertools.product(("line-strong", "action", "danger"), PAPERS), ("ok", "ok-soft"), ("warn", "warn-soft")]


def colours(name):
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", (CSS / name).read_text()))


THEMES = {"light": colours("tokens.css"), "dark": colours("dark.css")}


def luminance(colour):
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_contrast_of_every_pair(theme):
    tokens = THEMES[theme]
    faint = {
        f"{one} on {other}": round(contrast(tokens[one], tokens[other]), 2)
        for pairs, least in ((TEXT_PAIRS, 4.5), (EDGE_PAIRS, 3))
        for one, other in pairs
        if contrast(tokens[one], tokens[other]) < least
    }
    assert faint == {}


def test_the_night_has_every_colour_of_the_day():
    assert THEMES["light"].keys() == THEMES["dark"].keys()


def test_colours_are_named_in_the_tokens_only():
    allowed = {"tokens.css", "dark.css", "print.css"}
    named = {
        path.name: re.findall(r"#[0-9a-f]{3,8}\b", path.read_text().replace("background: #fff; padding", ""))
        for path in CSS.glob("*.css")
        if path.name not in allowed
    }
    assert {name: found for name, found in named.items() if found} == {}


def test_every_name_of_the_tokens_that_is_used_exists():
    sheets = {path.name: path.read_text() for path in CSS.glob("*.css")}
    defined = {name for text in sheets.values() for name in re.findall(r"(--[\w-]+):", text)}
    used = {name for text in sheets.values() for name in re.findall(r"var\((--[\w-]+)", text)}
    assert used - defined == set()


def test_the_style_of_the_house_stays_small():
    own = ("tokens.css", "dark.css", "base.css", "components.css", "print.css")
    assert sum((CSS / name).stat().st_size for name in own) < 35_000


def test_public_home_has_four_doors(client, db):
    page = client.get("/", headers={"accept-language": "en"}).content.decode()
    doors = re.findall(r'<h2><a href="([^"]+)">([^<]+)</a></h2>', page)
    assert doors == [
        (reverse("people:contact-join"), "I teach in a school"),
        (reverse("people:volunteer-join"), "I am a student"),
        (reverse("awareness:come-in"), "I am at collège or lycée"),
        ("#how", "I want to understand"),
    ]


@pytest.mark.parametrize("role", Role.values)
def test_every_role_has_a_home_and_entries(client_for, dan, role):
    GrantFactory(user=dan, role=role)
    response = client_for(dan).get("/")
    assert response.status_code == 200
    assert [entry["url"] for entry in response.context["navigation"] if entry["is_current"]] == ["/"]
    assert NAVIGATION[role][0].url_name == "home"


def test_who_has_no_role_is_asked_who_they_are(client_for, dan):
    response = client_for(dan).get("/")
    assert response.templates[0].name == "eocenter/home_no_role.html"
    assert reverse("people:contact-join") in response.content.decode()


def test_switching_roles_is_remembered_and_only_among_ones_own(client_for, cleo):
    GrantFactory(user=cleo, role=Role.VOLUNTEER)
    browser = client_for(cleo)
    assert browser.get("/").context["active_role"] == Role.COORDINATOR
    browser.post(reverse("role"), {"role": Role.VOLUNTEER})
    assert browser.get("/").context["active_role"] == Role.VOLUNTEER
    assert browser.post(reverse("role"), {"role": Role.ADMINISTRATOR}).status_code == 404
    assert browser.get("/").context["active_role"] == Role.VOLUNTEER


def test_a_role_that_ended_is_no_longer_acted_in(client_for, cleo):
    grant = GrantFactory(user=cleo, role=Role.VOLUNTEER)
    browser = client_for(cleo)
    browser.post(reverse("role"), {"role": Role.VOLUNTEER})
    grant.delete()
    assert browser.get("/").context["active_role"] == Role.COORDINATOR


def test_gallery_is_for_staff(client_for, cleo, ada):
    assert client_for(cleo).get("/gallery/").status_code == 200
    assert client_for(ada).get("/gallery/").status_code == 404


def test_language_is_remembered_by_the_account(client_for, ada):
    client_for(ada).post(reverse("set_language"), {"language": "fr", "next": "/"})
    ada.refresh_from_db()
    assert ada.language == "fr"
    assert client_for(ada).get("/").headers["Content-Language"] == "fr"


def test_an_unknown_language_changes_nothing(client_for, ada):
    before = ada.language
    client_for(ada).post(reverse("set_language"), {"language": "xx", "next": "/"})
    ada.refresh_from_db()
    assert ada.language == before


def test_theme_is_a_cookie_and_leads_back_into_the_house_only(client, db):
    response = client.post(reverse("theme"), {"theme": "dark", "next": "/accounts/login/"})
    assert (response.url, client.cookies["theme"].value) == ("/accounts/login/", "dark")
    assert client.get("/").context["theme"] == "dark"
    response = client.post(reverse("theme"), {"theme": "", "next": "https://elsewhere.example/"})
    assert (response.url, client.cookies["theme"].value) == ("/", "")


def test_a_forged_theme_is_no_theme(client, db):
    client.cookies["theme"] = '"><script>'
    assert client.get("/").context["theme"] == ""


def test_back_office_has_one_door_and_its_own_policy(client, client_for, ada, db):
    response = client.get("/office/login/?next=/office/")
    assert response.url == "/accounts/login/?next=%2Foffice%2F"
    assert "'unsafe-eval'" in response.headers["Content-Security-Policy"]
    assert client_for(ada).get("/office/login/").status_code == 403
    for path in ("/", "/officer/", "/accounts/login/"):
        assert "unsafe" not in client.get(path).headers["Content-Security-Policy"]


@pytest.mark.parametrize("template", ["400.html", "500.html"])
def test_pages_of_last_resort_need_nothing(template):
    page = Template("{% include name %}").render(Context({"name": template}))
    assert "<h1>" in page
    assert 'lang="en"' in page


def test_refusals_stand_in_the_frame_of_the_site(client_for, ada):
    browser = client_for(ada)
    browser.handler.enforce_csrf_checks = True
    answers = [browser.get("/gallery/"), browser.get("/office/login/"), browser.post(reverse("role"), {"role": "x"})]
    assert [answer.status_code for answer in answers] == [404, 403, 403]
    assert [answer.templates[0].name for answer in answers] == ["404.html", "403.html", "403_csrf.html"]
    assert [answer.content.decode().count('class="site-head"') for answer in answers] == [1, 1, 1]


class SampleForm(forms.Form):
    school = forms.CharField(help_text="Name or town")
    needs = forms.CharField(required=False)
    agreed = forms.BooleanField()
    place = forms.ChoiceField(widget=forms.RadioSelect, choices=[("a", "A"), ("b", "B")])


def test_a_field_says_what_helps_and_what_is_wrong():
    with translation.override("en"):
        page = str(SampleForm({"school": "", "agreed": "on", "place": "c"}))
    assert 'href="#id_school"' in page
    assert 'href="#id_place"' in page
    assert 'aria-describedby="id_school_helptext id_school_error"' in page
    assert page.count("(optional)") == 1
    assert "2 things to correct" in page


def test_a_form_without_errors_says_nothing_of_them():
    assert "form-errors" not in str(SampleForm())


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari, iPhone"),
        ("curl/8.9", "curl/8.9"),
    ],
)
def test_devices_are_named_as_people_know_them(agent, said):
    assert Template("{{ agent|device }}").render(Context({"agent": agent})) == said


def test_an_icon_is_never_read_aloud():
    page = Template('{% icon "calendar-days" %}').render(Context())
    assert 'aria-hidden="true"' in page
    assert page.startswith("<svg")
