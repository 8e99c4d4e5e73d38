"""Who sees which figures, and what the pages say."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from impact.measurement import actions
from impact.measurement.models import Participation, ReachUnit, Target
from impact.measurement.screen import Screen
from participants.accounts.roles import Role
from tests.factories.accounts import GrantFactory
from tests.factories.activities import ActivityFactory
from tests.factories.measurement import HeadcountFactory, HeldSessionFactory, TargetFactory
from tests.factories.organisations import ClassGroupFactory, OrganisationFactory, SchoolFactory

DASHBOARD = reverse("measurement:dashboard")
PAGES = [reverse(f"measurement:{name}") for name in ("dashboard", "rows", "pillar-list", "target-list")]
EXACT = {Role.ADMINISTRATOR, Role.COORDINATOR, Role.PROGRAMME_MANAGER}
READERS = {Role.PARTNER, Role.GOVERNMENT_READER}


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def open_page(client_for):
    def get(user, address, **query):
        user.language = "en"
        user.save()
        return client_for(user).get(address, query)

    return get


class TestWhoSeesWhat:
    def test_perimeters_by_role(self, director, coordinator, manager, partner, state):
        def keys(user):
            return [(perimeter.label, perimeter.is_exact) for perimeter in Screen(user, {}).perimeters]

        whole = [
            ("The whole center", True),
            ("Pillar 1: awareness", True),
            ("Pillar 2: tutoring", True),
            ("Pillar 3: student engagement", True),
            ("Interventions", True),
            ("Tutorat", True),
            ("Plateau", True),
            ("Réseaux", True),
        ]
        assert keys(director) == keys(coordinator) == whole
        assert keys(manager) == [("Interventions", True)]
        assert keys(partner) == [("Plateau", False)]
        assert keys(state) == [("Bouches-du-Rhône (13)", False)]

    @pytest.mark.parametrize("role", set(Role) - EXACT - READERS)
    def test_the_other_roles_find_nothing(self, center, reader_of, open_page, role):
        user = reader_of(role, organisation=center.house)
        assert {open_page(user, address).status_code for address in PAGES} == {404}

    @pytest.mark.parametrize("role", [Role.COORDINATOR, Role.PROGRAMME_MANAGER, *READERS])
    def test_a_role_without_its_scope_sees_nothing(self, center, reader_of, open_page, role):
        assert open_page(reader_of(role), DASHBOARD).status_code == 404

    def test_what_is_not_yours_does_not_exist(self, center, manager, partner, state, open_page):
        for user, of in (
            (manager, "all"),
            (manager, f"programme-{center.tutoring.pk}"),
            (partner, f"organisation-{center.reseaux.pk}"),
            (partner, f"organisation-{10**9}"),
            (state, "all"),
        ):
            assert open_page(user, DASHBOARD, of=of).status_code == 404

    def test_readers_get_no_rows_no_targets_no_pillars(self, partner, state, open_page):
        for user in (partner, state):
            assert [open_page(user, address).status_code for address in PAGES] == [200, 404, 404, 404]

    def test_managers_of_a_programme_set_no_targets(self, manager, open_page):
        assert [open_page(manager, address).status_code for address in PAGES] == [200, 200, 404, 404]

    def test_rows_are_visible_to_those_who_see_exactly(self, center, director, coordinator, manager, partner, state):
        everything = ReachUnit.objects.count()
        assert ReachUnit.objects.visible_to(director).count() == everything
        assert ReachUnit.objects.visible_to(coordinator).count() == everything
        own = ReachUnit.objects.visible_to(manager)
        assert {(unit.within, unit.within_id) for unit in own} == {("programme", center.talks.pk)}
        for reader in (partner, state):
            assert not ReachUnit.objects.visible_to(reader).exists()
            assert not Participation.objects.visible_to(reader).exists()


class TestHiddenNumbers:
    def test_a_reader_of_a_territory(self, state):
        """In Marseille 31 and 3 were reached: 3 is small, and 31 would give it away."""
        screen = Screen(state, {})
        assert screen.headlines[0].cell.value == 34
        assert screen.breakdown().is_all_hidden
        sexes = Screen(state, {"by": "sex"}).breakdown()
        assert [(part.label, str(part.cell)) for part in sexes.parts] == [
            ("Girls", "18"), ("Boys", "16"), ("Not noted", "0"),
        ]  # fmt: skip

    def test_the_page_says_so_and_holds_no_number_that_is_hidden(self, state, open_page):
        page = open_page(state, DASHBOARD).content.decode()
        assert "Too few young people to show apart" in page
        assert "Tle générale" not in page
        assert "rows/?" not in page

    def test_small_totals_are_hidden_too(self, center, reader_of, open_page):
        reader = reader_of(Role.PARTNER, organisation=center.reseaux)
        ReachUnit.objects.filter(within="organisation", count__gt=4).delete()
        screen = Screen(reader, {})
        assert (screen.headlines[0].cell.is_hidden, screen.headlines[1].cell.is_hidden) == (True, True)
        assert screen.trend[-1].cell.is_hidden
        page = open_page(reader, DASHBOARD).content.decode()
        assert page.count(">hidden<") >= 3

    def test_a_reader_cannot_cut_a_territory_into_pieces(self, center, state):
        screen = Screen(state, {"place": str(center.essonne.pk), "by": "sex"})
        assert screen.place is None
        assert "place" not in screen.form.fields
        assert screen.headlines[0].cell.value == 34

    def test_the_map_of_a_reader_shows_no_sizes(self, state, open_page):
        drawn = open_page(state, DASHBOARD).context["map"]
        assert not drawn.shows_people
        assert {circle.title for panel in drawn.panels for circle in panel.circles} == {"Lycée de la Mer, Marseille"}
        assert [str(line.people) for line in drawn.lines] == ["34"]


class TestDashboard:
    def test_every_filter_stands_in_the_address(self, center, director, open_page):
        query = {"year": 2025, "of": f"programme-{center.talks.pk}", "figure": "schools", "by": "rep"}
        page = open_page(director, DASHBOARD, **query)
        screen = page.context["screen"]
        assert screen.state == {**query, "place": ""}
        assert screen.breakdown().total.value == 1
        assert f"{escape(screen.address(by='level'))}#breakdown" in page.content.decode()

    @pytest.mark.parametrize("query", [{"year": "x"}, {"year": "1999"}, {"figure": "x"}, {"by": "x"}, {"place": "x"}])
    def test_nonsense_in_the_address_is_as_good_as_nothing(self, director, query):
        assert Screen(director, query).state == Screen(director, {}).state

    def test_the_map_counts_schools_of_the_places_where_somebody_was_met(self, director, open_page):
        drawn = open_page(director, DASHBOARD).context["map"]
        assert [(line.label, line.schools, line.reached, str(line.people)) for line in drawn.lines] == [
            ("Bouches-du-Rhône (13)", 1, 1, "34"),
            ("Essonne (91)", 2, 1, "25"),
        ]
        assert len(drawn.panels) == 2
        assert [circle.title for circle in drawn.panels[0].circles] == [
            "Lycée de la Mer, Marseille · 34 young people",
            "Collège du Lac, Palaiseau · 25 young people",
        ]
        assert (drawn.panels[0].dots.count("M"), drawn.not_drawn) == (1, 0)

    def test_the_chart_has_a_bar_a_year_and_its_numbers(self, director, open_page):
        chart = open_page(director, DASHBOARD).context["chart"]
        assert chart.count('aria-roledescription="bar"') == 3
        assert [text in chart for text in (">139<", ">20<", ">0<", "var(--action)")] == [True] * 4
        assert not re.findall(r'"#[0-9a-f]{3,6}"|style=', chart)

    def test_queries_do_not_grow_with_the_rows(self, center, coordinator, open_page):
        def queries():
            with CaptureQueriesContext(
                connection,
            ) as captured:
                open_page(coordinator, DASHBOARD, by="departement")
            return len(captured)

        queries()
        before = queries()
        more(center)
        assert queries() == before


def test_a_center_that_has_done_nothing_yet(db, open_page):
    director = GrantFactory(role=Role.ADMINISTRATOR).user
    page = open_page(director, DASHBOARD)
    assert [line.cell.value for line in page.context["screen"].headlines] == [0] * 6
    assert "No school on the map yet" in page.content.decode()
    assert "No row behind this figure" in open_page(director, reverse("measurement:rows")).content.decode()
    assert "Nothing recorded yet" in open_page(director, reverse("measurement:pillar-list")).content.decode()
    assert "No target yet" in open_page(director, reverse("measurement:target-list")).content.decode()


class TestRows:
    def test_the_rows_behind_a_number_add_up_to_it(self, director, open_page):
        page = open_page(director, reverse("measurement:rows"), figure="reached", by="level", value="3E")
        cells = [[cell.text for _name, cell in line] for line in page.context["lines"]]
        assert [(row[0], row[1], row[3]) for row in cells] == [
            ("Collège du Lac, Palaiseau", "3E", "24"),
            ("Collège du Lac, Palaiseau", "A pupil known by name", "1"),
        ]
        assert page.context["part"] == "3e"

    def test_a_year_of_the_trend_leads_to_its_rows(self, director, partner, open_page):
        trend = open_page(director, DASHBOARD).context["screen"].trend
        lines = {
            year.label: open_page(director, year.url).context["page"].paginator.count for year in trend if year.url
        }
        assert lines == {"2025-2026": 1, "2026-2027": 5}  # nothing was done in 2024-2025: there is nothing to open
        assert {year.url for year in Screen(partner, {}).trend} == {""}  # who reads hidden numbers reads no rows

    def test_the_target_stands_beside_its_figure(self, director, open_page):
        assert open_page(director, DASHBOARD).content.decode().count(">target: 200<") == 1

    def test_no_name_of_a_pupil_comes_out(self, center, director, open_page):
        for figure in ("reached", "accompanied"):
            page = open_page(director, reverse("measurement:rows"), figure=figure).content.decode()
            assert center.lou.pupil.last_name not in page
            assert "A pupil known by name" in page

    @pytest.mark.parametrize(
        ("query", "number"),
        [
            ({"figure": "reached"}, 5),
            ({"figure": "reached", "by": "level", "value": "unknown"}, 1),
            ({"figure": "reached", "by": "sex", "value": "F"}, 4),
            ({"figure": "reached", "by": "sex", "value": "unknown"}, 2),
            ({"figure": "reached", "by": "rep", "value": "REP"}, 2),
            ({"figure": "reached", "by": "rep", "value": "unknown"}, 1),
            ({"figure": "reached", "by": "ips", "value": "1"}, 2),
            ({"figure": "reached", "by": "academie", "value": "unknown"}, 3),
            ({"figure": "accompanied"}, 1),
            ({"figure": "schools"}, 2),
            ({"figure": "sessions"}, 4),
            ({"figure": "volunteers"}, 2),
            ({"figure": "hours"}, 4),
        ],
    )
    def test_as_many_as_the_figure_says(self, director, open_page, query, number):
        assert open_page(director, reverse("measurement:rows"), **query).context["page"].paginator.count == number

    def test_rows_of_a_programme(self, center, director, open_page):
        query = {"figure": "reached", "by": "programme", "value": center.tutoring.pk}
        page = open_page(director, reverse("measurement:rows"), **query)
        assert sorted(line[3][1].text for line in page.context["lines"]) == ["1", "20"]

    @pytest.mark.parametrize("query", [{"by": "x", "value": "3E"}, {"by": "level", "value": "x"}])
    def test_parts_that_do_not_exist(self, director, open_page, query):
        assert open_page(director, reverse("measurement:rows"), **query).status_code == 404

    @pytest.mark.parametrize("figure", ["reached", "accompanied", "schools", "sessions", "volunteers", "hours"])
    def test_queries_do_not_grow_with_the_rows(self, center, coordinator, open_page, figure):
        def queries():
            with CaptureQueriesContext(connection) as captured:
                open_page(coordinator, reverse("measurement:rows"), figure=figure)
            return len(captured)

        queries()
        before = queries()
        more(center)
        assert queries() == before


class TestPillars:
    def test_five_with_their_real_state(self, coordinator, open_page):
        page = open_page(coordinator, reverse("measurement:pillar-list"))
        found = {
            pillar.name: ([tile.value for tile in pillar.tiles], pillar.is_empty) for pillar in page.context["pillars"]
        }
        assert found == {
            "Pillar 1: awareness": (["138", "2", "3", "1", "3"], False),
            "Pillar 2: tutoring": (["1", "1", "2", "3"], False),
            "Pillar 3: student engagement": (["0", "0", "0"], True),
            "Pillar 4: impact measurement": (["4", "1"], False),
            "Pillar 5: research and monitoring": (["0"], True),
        }


class TestTargets:
    def post(self, client, name, *arguments, **data):
        return client.post(reverse(f"measurement:{name}", args=arguments), data)

    def test_set_changed_and_taken_away(self, center, coordinator, client_for):
        client = client_for(coordinator)
        answer = self.post(client, "target-list", school_year=2026, indicator="schools", value=40)
        assert answer.headers["Location"] == reverse("measurement:target-list")
        target = Target.objects.get(indicator="schools")
        assert (target.value, target.programme) == (40, None)
        self.post(client, "target-edit", target.pk, school_year=2026, indicator="schools", value=45)
        assert Screen(coordinator, {}).headlines[2].target == 45
        self.post(client, "target-delete", target.pk)
        assert not Target.objects.filter(indicator="schools").exists()

    def test_a_second_one_for_the_same_figure_is_refused_with_the_remedy(self, center, coordinator, client_for):
        coordinator.language = "en"
        coordinator.save()
        answer = self.post(client_for(coordinator), "target-list", school_year=2026, indicator="reached", value=5)
        assert answer.context["form"].errors == {
            "__all__": ["There is already a target for this figure and this year: change that one."]
        }
        assert Target.objects.count() == 1

    def test_a_member_school_sets_targets_of_its_programmes_only(self, center, reader_of, client_for):
        member = reader_of(Role.COORDINATOR, organisation=center.plateau)
        own = ActivityFactory(programme__lead=center.plateau).programme
        client = client_for(member)
        assert (
            "programme"
            in self.post(client, "target-list", school_year=2026, indicator="schools", value=4).context["form"].errors
        )
        self.post(client, "target-list", school_year=2026, indicator="schools", value=4, programme=own.pk)
        assert Target.objects.get(indicator="schools").programme == own
        center_target = Target.objects.get(indicator="reached")
        for name in ("target-edit", "target-delete"):
            assert self.post(client, name, center_target.pk).status_code == 404
        assert list(Target.objects.visible_to(member)) == [Target.objects.get(indicator="schools")]

    def test_readers_set_none(self, center, partner, manager, client_for):
        for user in (partner, manager):
            assert (
                self.post(client_for(user), "target-list", school_year=2026, indicator="schools", value=4).status_code
                == 404
            )

    def test_queries_do_not_grow_with_the_targets(self, center, coordinator, open_page):
        def queries():
            with CaptureQueriesContext(connection) as captured:
                open_page(coordinator, reverse("measurement:target-list"))
            return len(captured)

        queries()
        before = queries()
        for programme in (center.talks, center.tutoring):
            TargetFactory(programme=programme, indicator="schools")
        assert queries() == before


def more(center):
    """Two more of everything that a figure counts."""
    for place in (center.essonne, center.rhone):
        activity = ActivityFactory(organisation=OrganisationFactory(), school_year=2026)
        school = SchoolFactory(departement=place, latitude=48.5, longitude=2)
        session = HeldSessionFactory(activity=activity, school=school, campus=None)
        HeadcountFactory(session=session, class_group=ClassGroupFactory(school=school, school_year=2026), total=22)
    actions.follow_changes()
