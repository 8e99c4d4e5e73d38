"""The spine in the back office: everything opens, people find what they manage, and nobody gives themselves a scope."""

import pytest
from django.contrib import admin
from django.urls import reverse

from participants.accounts.roles import Role
from programs.activities.models import Activity, Programme, ProgrammeScope
from tests.factories.accounts import GrantFactory
from tests.factories.activities import (
    ActivityFactory,
    AssignmentFactory,
    AttendanceFactory,
    BookingFactory,
    HeadcountFactory,
    PeriodLockFactory,
    ProgrammeScopeFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db
MODELS = [model for model in admin.site._registry if model._meta.app_label == "activities"]


@pytest.fixture(autouse=True)
def without_second_factor(settings):
    settings.MFA_FORCED = False


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_lists_and_rows_open(model, client_for):
    for factory in (TopicFactory, AssignmentFactory, AttendanceFactory, BookingFactory, HeadcountFactory):
        factory()
    PeriodLockFactory(), ProgrammeScopeFactory()
    client = client_for(GrantFactory(role=Role.ADMINISTRATOR).user)
    name = model._meta.model_name
    assert client.get(reverse(f"admin:activities_{name}_changelist") + "?q=1").status_code == 200
    row = model.objects.first()
    if row:
        assert client.get(reverse(f"admin:activities_{name}_change", args=[row.pk])).status_code == 200


def test_a_programme_manager_finds_their_own_only(client_for):
    scope = ProgrammeScopeFactory()
    own, other = ActivityFactory(programme=scope.programme), ActivityFactory()
    client = client_for(scope.grant.user)
    for model, mine, foreign in ((Programme, scope.programme, other.programme), (Activity, own, other)):
        name = model._meta.model_name
        found = client.get(reverse(f"admin:activities_{name}_changelist")).context["cl"].queryset
        assert list(found) == [mine]
        assert client.get(reverse(f"admin:activities_{name}_change", args=[foreign.pk])).status_code == 302


def test_nobody_but_an_administrator_gives_a_scope(client_for):
    scope = ProgrammeScopeFactory()
    client = client_for(scope.grant.user)
    assert client.get(reverse("admin:activities_programmescope_add")).status_code == 403
    data = {"grant": scope.grant.pk, "programme": ActivityFactory().programme_id}
    assert client.post(reverse("admin:activities_programmescope_add"), data).status_code == 403
    assert ProgrammeScope.objects.count() == 1
