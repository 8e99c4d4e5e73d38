"""Three questions at the end of a session: the code on the wall, the pupil's phone, what the coordinator reads."""

import datetime as dt

import pytest
from django.utils import timezone

from participants.organisations.models import Organisation
from programs.activities.models import Feedback
from tests.factories.activities import AssignmentFactory, SessionFactory
from tests.factories.organisations import GrantScopeFactory, OrganisationFactory
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import DESK, PHONE

pytestmark = pytest.mark.timeout(240)


@pytest.mark.a11y
def test_from_the_code_on_the_wall_to_the_answers(open_page, live_server, settings, cleo):
    settings.SITE_URL = live_server.url
    GrantScopeFactory(grant=cleo.grants.get(), organisation=OrganisationFactory(kind=Organisation.Kind.CENTER))
    start = timezone.now() - dt.timedelta(hours=1)
    session = SessionFactory(starts_at=start, ends_at=start + dt.timedelta(hours=2))
    wall = open_page(f"/sessions/{session.pk}/", user=AssignmentFactory(session=session).volunteer.user, width=DESK)
    wall.get_by_role("link", name="Trois questions aux élèves").click()
    wall.locator("svg.qr").wait_for()
    assert_accessible(wall)
    address = wall.locator(".feedback-address").inner_text()
    pupil = open_page(address, width=PHONE)
    assert_accessible(pupil)
    for choice in ("Beaucoup", "Plutôt"):
        pupil.get_by_label(choice).nth(0 if choice == "Beaucoup" else 1).check()
    pupil.get_by_role("button", name="Envoyer mes réponses").click()
    pupil.get_by_role("heading", name="Merci").wait_for()
    assert_accessible(pupil)
    pupil.goto(address)
    pupil.get_by_role("heading", name="Merci").wait_for()
    assert list(
        Feedback.objects.values_list("session", "by", "replies__value").order_by("replies__question__rank")
    ) == [
        (session.pk, None, 4),
        (session.pk, None, 3),
    ]
    coordinator = open_page("/feedback/", user=cleo, width=DESK)
    assert_accessible(coordinator)
    assert "4,0" in coordinator.get_by_role("row", name=str(session.activity.programme)).inner_text()
    coordinator.goto(f"/sessions/{session.pk}/feedback/results/")
    assert_accessible(coordinator)
