"""Who finds what in the back office: every table, its rows, its files. The decisions stand in `decisions/access.yaml`."""

import pytest
from django.contrib.admin import site
from django.urls import reverse

from participants.accounts.roles import Role
from tests.harness.matrix import ABSENT_ID, ACTORS, decisions, enter, faults
from tests.harness.office import OF_A_ROW, OF_FILES, first_of, may, routes_of, table_of
from tests.harness.scorecard import some_every_day
from tests.world import users_of

pytestmark = [
    pytest.mark.matrix,
    pytest.mark.timeout(600),
    pytest.mark.django_db,
    pytest.mark.usefixtures("unread_templates", "known_reader"),
]

# Who finds something there by one rule or another, and one who does not; the others for the scorecard.
SOME = [Role.PROGRAMME_MANAGER, Role.PROTECTION_OFFICER, Role.SCHOOL_CONTACT]


def test_every_table_has_a_rule():
    assert {table_of(model) for model in site._registry} == set(decisions()["office"])


def test_every_address_is_of_a_known_kind():
    kinds = {kind for model in site._registry for kind in routes_of(model)}
    assert kinds == {*OF_A_ROW, *OF_FILES, "changelist", "add"}


@pytest.mark.parametrize("actor", some_every_day(ACTORS, SOME))
def test_tables(actor, world, client_for, record_property):
    """Each table opens to those named for it, and to nobody else; a row that does not exist says so to those who look."""
    client, role, _objects = enter(actor, world, client_for)
    wrong, tried = [], 0
    for model in site._registry:
        routes = {kind: reverse(name) for kind, name in routes_of(model).items() if kind in {"changelist", "add"}}
        absent = reverse(routes_of(model)["change"], args=[ABSENT_ID])
        asked = [
            ("changelist", routes["changelist"], 200),
            ("changelist", routes["changelist"] + "?q=zqx", 200),
            ("add", routes["add"], 200),
            ("change", absent, 302),
        ]
        for kind, path, opens in asked:
            response = client.get(path)
            tried += 1
            found = response.status_code, response.headers.get("Location", "")
            is_in = found == (opens, "" if opens == 200 else reverse("admin:index"))
            if is_in != (role in may(model, kind)):
                wrong.append(f"{actor} {path}: {found}")
            wrong += [f"{path}: {problem}" for problem in faults(response, path)]
    record_property("tried", tried)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("actor", some_every_day([*SOME, Role.COORDINATOR], SOME))
def test_rows_and_files(actor, world, client_for, record_property):
    """What belongs to a table, and its rows: those that one sees on the pages (or manages, where the table is for those
    who do), and no other."""
    client, role, _objects = enter(actor, world, client_for)
    wrong, tried = [], 0
    for model in site._registry:
        for kind, whose, path in rows_and_files(model, users_of(world.a)[role]):
            response = client.post(path) if kind == "process_import" else client.get(path)
            tried += 1
            if (response.status_code == 200) != (role in may(model, kind) and whose != "foreign"):
                wrong.append(f"{actor} {kind} {whose} {path}: {response.status_code}")
            wrong += [f"{path}: {problem}" for problem in faults(response, path)]
    record_property("tried", tried)
    assert not wrong, "\n".join(wrong)


def rows_and_files(model, user):
    """(kind, whose, address) of what there is besides the list itself."""
    for kind, name in routes_of(model).items():
        if kind in OF_FILES:
            yield kind, "table", reverse(name)
        elif kind in OF_A_ROW:
            for whose, is_seen in (("own", True), ("foreign", False)):
                if row := first_of(model, user, seen=is_seen):
                    yield kind, whose, reverse(name, args=[row])
