"""What is not a plain address: the next page, searches and filters, pickers and actions of the back office, files.

All about pupils and families. Whatever must not be seen is there, under a word of its own (`tests/world.py`).
"""

import re
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from participants.accounts.roles import Role
from participants.correspondence import actions as correspondence
from participants.correspondence.models import Job
from participants.organisations.school_years import current_school_year
from participants.people import exports
from participants.people.models import Consent, Pupil
from tests.factories.correspondence import JobFactory
from tests.factories.people import ConsentFactory, EnrolmentFactory, PupilFactory
from tests.harness.canaries import leaks, words_in
from tests.harness.matrix import Cell, ask, named_routes
from tests.harness.questions import FIELDS_OF_FILTERS, of_code
from tests.harness.scorecard import IS_SCORECARD
from tests.world import tell_the_planner, users_of

pytestmark = [
    pytest.mark.matrix,
    pytest.mark.timeout(600),
    pytest.mark.canary,
    pytest.mark.django_db,
    pytest.mark.usefixtures("unread_templates", "known_reader"),
]

# Who stands on one side only; the others see the whole center.
OF_ONE_SIDE = [
    *(Role.SCHOOL_CONTACT, Role.PROGRAMME_MANAGER, Role.VOLUNTEER, Role.CLUB_OFFICER, Role.PARTNER),
    *(Role.GUARDIAN, Role.PUPIL, Role.GOVERNMENT_READER, Role.RESEARCHER),
]
MORE_THAN_A_PAGE = 51
# What one has typed may come back: in the field, in the links to other pages.
TYPED = re.compile(r'q=zzstranger|value="zzstranger"')


def lists():
    """The pages about people that are searched, filtered and turned."""
    return [route for route in named_routes() if route.name.startswith("people:") and not route.arguments]


def questions_of(route, world):
    """Each name that the page reads from its address, with what somebody curious would write there."""
    theirs = {"school": world.b.objects["school"], "class_group": world.b.objects["class_group"], "q": "zzstranger"}
    yield {"q": "zqx", "page": "2"}
    for name in sorted({*of_code(route), *FIELDS_OF_FILTERS}):
        yield {name: theirs.get(name, world.b.objects["pupil"])}
    yield {"page": "2"}
    yield {"school": theirs["school"], "page": "2"}


@pytest.fixture(scope="module")
def crowded(world):
    """In both schools more pupils than a page holds, so that there is a second one to turn to; the strangers' bear a
    word."""
    for side, word in ((world.a, "Zzown"), (world.b, "Zzstranger")):
        for _ in range(MORE_THAN_A_PAGE):
            pupil = PupilFactory(first_name="Ida", last_name=word)
            EnrolmentFactory(pupil=pupil, school_id=side.objects["school"], school_year=current_school_year())
    tell_the_planner()
    return world


@pytest.mark.parametrize("role", OF_ONE_SIDE)
def test_no_page_search_or_filter_shows_strangers(role, crowded, client_for, record_property):
    client, found, tried = client_for(users_of(crowded.a)[role]), [], 0
    for route in lists():
        if client.get(reverse(route.name)).status_code == 404:
            continue  # closed to this role, whatever one writes behind it
        for question in questions_of(route, crowded):
            path = f"{reverse(route.name)}?{urlencode(question)}"
            response = ask(client, Cell(role, role, route, "searched", "GET", path))
            tried += 1
            found += [f"{path}: {response.status_code}"] * (response.status_code >= 500)
            if out := leaks(role, words_in(response), crowded):
                found.append(f"{path}: {sorted(out)}")
            if TYPED.sub("", response.kept.decode(errors="replace").lower()).count("zzstranger"):
                found.append(f"{path}: a pupil of the other school")
    record_property("tried", tried)
    assert found == []


def test_the_second_page_is_there_for_those_whose_pupils_they_are(crowded, client_for):
    """The test above would see nothing where nothing can be seen."""
    page = client_for(users_of(crowded.a)[Role.SCHOOL_CONTACT]).get(reverse("people:pupil-list"), {"page": 2})
    assert "Zzown" in page.content.decode()
    everything = client_for(users_of(crowded.a)[Role.COORDINATOR]).get(
        reverse("people:pupil-list"), {"q": "zzstranger"}
    )
    assert everything.content.decode().count("Zzstranger") >= MORE_THAN_A_PAGE - 1


def tables_with_strangers(world):
    """(table, numbers of the strangers' rows) of every table of the back office in which the other side has some; every
    day those about people."""
    for model, table in admin.site._registry.items():
        if not IS_SCORECARD and model._meta.app_label != "people":
            continue
        if strangers := world.theirs.get(model):
            yield model, table, strangers


@pytest.mark.parametrize("role", [Role.PROGRAMME_MANAGER, Role.PROTECTION_OFFICER, Role.SCHOOL_CONTACT])
def test_no_action_of_the_back_office_reaches_a_stranger(role, world, client_for, record_property):
    """Chosen by number in a list that does not show them: nothing is done, nothing comes out."""
    user = users_of(world.a)[role]
    client, found, tried = client_for(user), [], 0
    for model, table, strangers in tables_with_strangers(world):
        request = RequestFactory().get("/")
        request.user = user
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        names = {"delete_selected", "export_admin_action", *table.get_actions(request)}
        for name in sorted(names):
            for more in ({}, {"select_across": "1"}, {"post": "yes"}):
                asked = {"action": name, ACTION_CHECKBOX_NAME: strangers, "index": "0", **more}
                response = client.post(address, asked)
                tried += 1
                if out := leaks(role, words_in(response), world):
                    found.append(f"{address} {name}: {sorted(out)}")
                if sorted(model._base_manager.filter(pk__in=strangers).values_list("pk", flat=True)) != strangers:
                    found.append(f"{address} {name}: rows are gone")
    record_property("tried", tried)
    assert tried > 20
    assert found == []


@pytest.mark.parametrize("role", OF_ONE_SIDE)
def test_no_picker_finds_a_stranger(role, world, client_for, record_property):
    """Every picker of every table about people, asked for everything and for the strangers' word."""
    client, found, tried = client_for(users_of(world.a)[role]), [], 0
    for model, table in admin.site._registry.items():
        for field in getattr(table, "autocomplete_fields", ()):
            for term in ("", "zqx", str(world.b.objects["pupil"])):
                wanted = {"app_label": model._meta.app_label, "model_name": model._meta.model_name}
                path = f"{reverse('admin:autocomplete')}?{urlencode(wanted | {'field_name': field, 'term': term})}"
                tried += 1
                if out := leaks(role, words_in(client.get(path)), world):
                    found.append(f"{path}: {sorted(out)}")
    record_property("tried", tried)
    assert tried
    assert found == []


@pytest.fixture
def with_file(world):
    """A finished export of the other school's pupils, with its file."""
    owner = users_of(world.b)[Role.SCHOOL_CONTACT]
    ended = {
        "state": Job.State.DONE,
        "finished_at": timezone.now(),
        "expires_at": timezone.now() + settings.JOB_FILE_LIFE,
    }
    job = JobFactory(owner=owner, kind=exports.KIND, stored_as="e" * 48, file_name="pupils.csv", **ended)
    job.path.parent.mkdir(parents=True, exist_ok=True)
    job.path.write_text("zzstranger")
    yield job
    job.path.unlink()


@pytest.mark.parametrize("role", Role.values)
def test_a_file_is_for_its_owner_alone(role, world, client_for, with_file):
    """Not for a colleague of the same role in another school, and not for those who see everything either."""
    path = reverse("correspondence:job-download", args=[with_file.pk])
    owner = client_for(with_file.owner).post(path)
    assert b"".join(owner.streaming_content) == b"zzstranger"
    answer = client_for(users_of(world.a)[role]).post(path)
    assert answer.status_code == 404
    assert b"zzstranger" not in answer.content


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_export_of_one_school_holds_nobody_of_another(ending, world, client_for):
    """Asked for with the number of the other school: what comes is one's own, or nothing."""
    user = users_of(world.a)[Role.SCHOOL_CONTACT]
    for pupil in Pupil.objects.filter(pk__in=[world.a.objects["pupil"], world.b.objects["pupil"]]):
        Consent.objects.filter(pupil=pupil, purpose="taking_part").delete()
        for guardianship in pupil.guardianships.all():
            ConsentFactory(pupil=pupil, guardian=guardianship.guardian, purpose="taking_part")
        ConsentFactory(pupil=pupil, guardian=None, purpose="taking_part")
    for school in (None, world.b.objects["school"]):
        job = correspondence.start_job(
            kind=exports.KIND, owner=user, parameters={"format": ending, "purpose": "taking_part", "school": school}
        )
        correspondence.work()
        response = client_for(user).post(reverse("correspondence:job-download", args=[job.pk]))
        response.kept = b"".join(response.streaming_content)
        assert leaks(Role.SCHOOL_CONTACT, words_in(response), world) == set()
