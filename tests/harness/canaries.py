"""The words of the other side (`tests/world.py`): whether one stands in an answer that must not hold it.

Which words may come out to whom stands in `decisions/canaries.yaml`.
"""

import io
import zipfile

import yaml

from participants.accounts.roles import Role
from tests.harness.matrix import DECISIONS, roles_of
from tests.world import CANARY

DECIDED = yaml.safe_load((DECISIONS.parent / "canaries.yaml").read_text())
READERS = [role for role in Role.values if role not in DECIDED["sees_everything"]]
# The key of a stranger opens what it was made for; that it opens nothing else is tried in the tests of links.
OPENED_BY_A_KEY = {
    *("activities:headcount-link", "activities:calendar-feed", "people:family-page", "people:family-withdraw"),
    "people:family-studies",
    *("activities:place", "awareness:invitation", "awareness:family-pool", "awareness:come-in-link"),
    *("activities:subscription", "activities:subscription-stop"),
    *("activities:feedback-give", "activities:feedback-teacher"),
}


def allowed(role, field):
    """Whether this role may read this field of strangers."""
    model, _dot, name = field.rpartition(".")
    return any(role in roles_of(DECIDED["public"].get(said)) for said in (field, f"{model}.{name.split()[0]}", model))


def words_in(response):
    """Every word of the other side in an answer: headers, body, and what is packed inside."""
    body = getattr(response, "kept", None) or response.content
    texts = [str(response.headers), *unpacked(body)]
    return {word.lower() for text in texts for word in CANARY.findall(text)}


def unpacked(body):
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return [archive.read(name).decode(errors="replace") for name in archive.namelist()]
    return [body.decode(errors="replace")]


def leaks(role, words, world, typed=""):
    """The fields that came out and should not have; what one has typed oneself may come back."""
    fields = {world.canaries[word] for word in words if word in world.canaries and word not in typed}
    return {field for field in fields if not allowed(role, field)}


def is_opened_by_a_key(cell):
    """Whether the address of a stranger's thing is the key to it."""
    return cell.whose == "foreign" and cell.route.name in OPENED_BY_A_KEY


def words_logged(caplog, world):
    """The fields whose words stand in the log."""
    logged = {word.lower() for word in CANARY.findall(caplog.text)}
    return {world.canaries[word] for word in logged if word in world.canaries}
