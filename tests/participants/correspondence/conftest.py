"""An occasion of the tests' own, about a meeting that may be called off."""

import pytest
from django.utils.translation import gettext_lazy as _

from participants.correspondence import occasions
from participants.correspondence.occasions import Occasion, Pointless
from tests.factories.correspondence import RuleFactory

CALLED_OFF = 666


def describe_meeting(about, recipient):
    if about == CALLED_OFF:
        raise Pointless("The meeting is called off.")
    return {"title": f"meeting {about}", "action_url": f"/meetings/{about}/"}


@pytest.fixture(autouse=True)
def meeting(monkeypatch):
    monkeypatch.setattr(occasions, "_registry", {})
    occasion = Occasion("meeting", _("meeting"), ("title",), describe_meeting)
    occasions.register(occasion)
    occasions.register(Occasion("family", _("family"), ("title",), describe_meeting, for_families=True))
    occasions.register(Occasion("alert", _("alert"), ("title",), describe_meeting, is_urgent=True))
    return occasion


@pytest.fixture
def rule(db):
    return RuleFactory()
