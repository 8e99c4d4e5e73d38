import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from participants.organisations import limits, panels
from participants.organisations.models import ClassGroup
from participants.organisations.school_years import current_school_year
from tests.factories.organisations import (
    ClassGroupFactory,
    GrantScopeFactory,
    OrganisationFactory,
    SchoolFactory,
    SchoolYearProfileFactory,
    TerritoryFactory,
)

YEAR = current_school_year()


@pytest.fixture
def own_school(ada):
    school = SchoolFactory(name="Lycée Utrillo", commune="Stains")
    GrantScopeFactory(grant=ada.grants.get(), school=school)
    return school


def words_on(response):
    return " ".join(response.content.decode().split())


class TestSearch:
    def test_anybody_finds_a_school(self, client, db):
        found, _other = SchoolFactory(name="Lycée Utrillo", commune="Stains"), SchoolFactory(name="Lycée Zola")
        response = client.get("/schools/search/", {"q": "utrilo stain"})
        assert list(response.context["schools"]) == [found]

    def test_sections_and_closed_schools_are_not_offered(self, client, db):
        SchoolFactory(name="Section Utrillo", is_section=True)
        SchoolFactory(name="Lycée Utrillo", state="closed")
        assert list(client.get("/schools/search/", {"q": "utrillo"}).context["schools"]) == []

    def test_ten_at_most(self, client, db):
        SchoolFactory.create_batch(12, name="Lycée Utrillo")
        assert len(client.get("/schools/search/", {"q": "utrillo"}).context["schools"]) == 10

    def test_it_leads_back_with_the_choice(self, client, db):
        school = SchoolFactory(name="Lycée Utrillo")
        page = words_on(client.get("/schools/search/", {"q": "utrillo", "next": "/talks/new/"}))
        assert f'href="/talks/new/?school={school.pk}"' in page

    @pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
    def test_it_never_leads_elsewhere(self, client, db, address):
        SchoolFactory(name="Lycée Utrillo")
        response = client.get("/schools/search/", {"q": "utrillo", "next": address})
        assert response.context["back"] == ""
        assert address not in words_on(response)

    @pytest.mark.parametrize("text", ["\x00", "%", "é" * 5000, "🙂", "<script>", "'; --"])
    def test_any_text_is_answered(self, client, db, text):
        assert client.get("/schools/search/", {"q": text}).status_code == 200

    def test_what_was_typed_comes_back_escaped(self, client, db):
        page = words_on(client.get("/schools/search/", {"q": '"><b>x'}))
        assert "<b>x" not in page
        assert "&quot;&gt;&lt;b&gt;x" in page

    def test_one_address_may_not_search_without_end(self, client, db, monkeypatch):
        monkeypatch.setattr(limits, "SEARCHES_A_MINUTE", 3)
        codes = [client.get("/schools/search/", {"q": "x"}).status_code for _ in range(4)]
        assert codes == [200, 200, 200, 429]
        assert client.get("/schools/search/").status_code == 200


class TestSchools:
    def test_others_are_not_told_that_the_pages_exist(self, client_for, ada, ben, dan):
        school, organisation = SchoolFactory(), OrganisationFactory()
        addresses = ["/schools/", f"/schools/{school.pk}/", "/organisations/", f"/organisations/{organisation.pk}/"]
        for user in (ada, ben, dan):
            assert {client_for(user).get(address).status_code for address in addresses} == {404}

    def test_sign_in_first(self, client, db):
        assert client.get("/schools/").url == "/accounts/login/?next=/schools/"

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("", ["open", "rep"]),
            ("q=zola", ["rep"]),
            ("q=zolla", ["rep"]),
            ("departement=93", ["rep"]),
            ("academie=25", ["open"]),
            ("kind=college", ["rep"]),
            ("kind=section", ["section"]),
            ("priority=REP", ["rep"]),
            ("quintile=2", ["open"]),
            ("state=closed", ["closed"]),
            ("departement=93&quintile=2", []),
            ("departement=nowhere", []),
            ("kind=nothing", []),
        ],
    )
    def test_filters_stand_in_the_address(self, client_for, cleo, query, expected):
        seine, versailles = TerritoryFactory(code="93"), TerritoryFactory(kind="academie", code="25")
        schools = {
            "open": SchoolFactory(name="Lycée A", academie=versailles),
            "rep": SchoolFactory(name="Collège Zola", kind="college", departement=seine),
            "section": SchoolFactory(name="Section", kind="section", is_section=True),
            "closed": SchoolFactory(name="Lycée C", state="closed"),
        }
        SchoolYearProfileFactory(school=schools["rep"], school_year=YEAR - 3, priority_education="REP")
        SchoolYearProfileFactory(
            school=schools["open"], school_year=YEAR - 1, ips=100, ips_series="ap2023 legt", ips_quintile=2
        )
        page = client_for(cleo).get(f"/schools/?{query}").context["page"]
        assert {school.pk for school in page} == {schools[name].pk for name in expected}

    def test_pages_of_fifty_with_the_last_known_facts(self, client_for, cleo):
        first = SchoolFactory(name="A", commune="A")
        SchoolFactory.create_batch(50, commune="B")
        SchoolYearProfileFactory(school=first, school_year=YEAR - 4, priority_education="REP+", head_count=321)
        page = client_for(cleo).get("/schools/").context["page"]
        assert (page.paginator.count, len(page), page[0].priority_education, page[0].pupils) == (51, 50, "REP+", 321)
        assert len(client_for(cleo).get("/schools/?page=2").context["page"]) == 1

    def test_the_page_of_a_school(self, client_for, cleo):
        school = SchoolFactory(
            departement=TerritoryFactory(code="91", zone="C"),
            latitude=48.7,
            longitude=2.2,
            website="https://example.org",
        )
        near = OrganisationFactory(name="Near", latitude=48.71, longitude=2.21)
        far = OrganisationFactory(name="Far", latitude=45.0, longitude=4.0)
        OrganisationFactory(name="Somewhere")
        group = ClassGroupFactory(school=school, school_year=YEAR)
        ClassGroupFactory(school=school, school_year=YEAR - 1)
        ClassGroupFactory(school_year=YEAR)
        profile = SchoolYearProfileFactory(school=school, school_year=YEAR, ips=98.5, ips_series="ap2023 legt")
        context = client_for(cleo).get(school.get_absolute_url()).context
        assert [campus for _km, campus in context["campuses"]] == [near, far]
        assert [round(km) for km, _campus in context["campuses"]] == [1, 434]
        assert list(context["classes"]) == [group]
        assert list(context["profiles"]) == [profile]
        assert context["holidays_known"] is True

    def test_a_school_about_which_nothing_is_known(self, client_for, cleo):
        school = SchoolFactory(uai=None, commune="", kind="abroad")
        context = client_for(cleo).get(school.get_absolute_url()).context
        assert (context["campuses"], context["holidays_known"], list(context["profiles"])) == ([], False, [])

    def test_absent_schools_are_absent(self, client_for, cleo):
        assert client_for(cleo).get("/schools/999999999999999999999/").status_code == 404

    def test_other_apps_add_their_panels(self, client_for, cleo, monkeypatch):
        monkeypatch.setattr(panels, "_makers", [])
        school, other = SchoolFactory(), SchoolFactory()
        template = "participants/organisations/includes/priority.html"

        def maker(seen, user):
            assert user == cleo
            return panels.Panel("Everything done here", template, {"value": "REP+"}) if seen == school else None

        panels.register(maker)
        panels.register(maker)
        shown = client_for(cleo).get(school.get_absolute_url()).context["panels"]
        assert [(panel["title"], "REP+" in panel["content"]) for panel in shown] == [("Everything done here", True)]
        assert client_for(cleo).get(other.get_absolute_url()).context["panels"] == []


class TestOrganisations:
    def test_list_and_filters(self, client_for, cleo):
        member, club = OrganisationFactory(name="École Étoile"), OrganisationFactory(kind="club", name="Club")
        OrganisationFactory(is_active=False)
        client = client_for(cleo)
        assert set(client.get("/organisations/").context["page"]) == {member, club}
        assert list(client.get("/organisations/?q=etoile").context["page"]) == [member]
        assert list(client.get("/organisations/?kind=club").context["page"]) == [club]

    def test_what_belongs_to_it(self, client_for, cleo):
        member = OrganisationFactory(website="https://example.org", uai="0911568K", siret="19911568400011")
        club = OrganisationFactory(kind="club", parent=member)
        context = client_for(cleo).get(member.get_absolute_url()).context
        assert (list(context["children"]), context["can_manage"]) == ([club], False)
        GrantScopeFactory(grant=cleo.grants.get(), organisation=member)
        assert client_for(cleo).get(member.get_absolute_url()).context["can_manage"] is True


@pytest.mark.budget
@pytest.mark.parametrize(
    ("address", "make"),
    [
        ("/schools/", lambda: SchoolYearProfileFactory(school__departement=TerritoryFactory())),
        ("/schools/?q=lycee", lambda: SchoolYearProfileFactory(school__departement=TerritoryFactory())),
        ("/organisations/", lambda: OrganisationFactory(parent=OrganisationFactory())),
    ],
)
def test_lists_count_the_same_queries_for_more_rows(client_for, cleo, address, make):
    client, counts = client_for(cleo), []
    for more in (1, 2):
        for _ in range(more):
            make()
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]


class TestClasses:
    def test_one_sees_the_classes_of_ones_schools_of_this_year(self, client_for, ada, own_school):
        mine = ClassGroupFactory(school=own_school, school_year=YEAR)
        ClassGroupFactory(school=own_school, school_year=YEAR - 1)
        ClassGroupFactory(school_year=YEAR, name="canary of another school")
        response = client_for(ada).get("/classes/")
        assert [(school, school.classes) for school in response.context["schools"]] == [(own_school, [mine])]
        assert "canary" not in words_on(response)

    def test_queries_do_not_grow(self, client_for, ada, own_school):
        counts = []
        for number in (1, 2):
            ClassGroupFactory.create_batch(number, school=own_school, school_year=YEAR)
            with CaptureQueriesContext(connection) as queries:
                client_for(ada).get("/classes/")
            counts.append(len(queries))
        assert counts[0] == counts[1]

    def test_name_a_class(self, client_for, ada, own_school):
        address = reverse("organisations:class-new", args=[own_school.pk])
        answer = client_for(ada).post(address, {"name": "2de 4", "level": "2GT", "head_count": "31"})
        assert answer.url == "/classes/"
        group = ClassGroup.objects.get()
        assert (group.school, group.school_year, group.name, group.head_count) == (own_school, YEAR, "2de 4", 31)

    def test_the_same_name_twice_is_refused_with_words(self, client_for, ada, own_school):
        ClassGroupFactory(school=own_school, school_year=YEAR, name="2de 4")
        address = reverse("organisations:class-new", args=[own_school.pk])
        answer = client_for(ada).post(address, {"name": "2DE 4", "level": "2GT"})
        assert answer.status_code == 200
        assert answer.context["form"].errors
        assert ClassGroup.objects.count() == 1

    @pytest.mark.parametrize(
        "data",
        [
            {"name": "", "level": "2GT"},
            {"name": "A", "level": ""},
            {"name": "A", "level": "6E"},  # no such level in a lycée
            {"name": "A", "level": "2GT", "head_count": "0"},
            {"name": "A", "level": "2GT", "head_count": "999"},
            {"name": "A\x00", "level": "2GT"},
            {"name": "A" * 41, "level": "2GT"},
        ],
    )
    def test_what_a_class_cannot_be(self, client_for, ada, own_school, data):
        address = reverse("organisations:class-new", args=[own_school.pk])
        assert client_for(ada).post(address, data).context["form"].errors
        assert ClassGroup.objects.count() == 0

    def test_correct_and_remove(self, client_for, ada, own_school):
        group = ClassGroupFactory(school=own_school, school_year=YEAR)
        client = client_for(ada)
        client.post(f"/classes/{group.pk}/", {"name": "3e B", "level": "unknown", "head_count": ""})
        group.refresh_from_db()
        assert (group.name, group.level, group.head_count) == ("3e B", "unknown", None)
        assert client.get(f"/classes/{group.pk}/remove/").status_code == 405
        client.post(f"/classes/{group.pk}/remove/")
        assert ClassGroup.objects.count() == 0

    def test_others_schools_and_years_are_out_of_reach(self, client_for, ada, cleo, dan, own_school):
        theirs = ClassGroupFactory(school_year=YEAR)
        past = ClassGroupFactory(school=own_school, school_year=YEAR - 1)
        mine = ClassGroupFactory(school=own_school, school_year=YEAR)
        data = {"name": "stolen", "level": "2GT"}
        for user, groups in ((ada, [theirs, past]), (cleo, [mine]), (dan, [mine])):
            client = client_for(user)
            for group in groups:
                assert client.post(f"/classes/{group.pk}/", data).status_code == 404
                assert client.post(f"/classes/{group.pk}/remove/").status_code == 404
            assert client.post(f"/classes/new/{theirs.school_id}/", data).status_code == 404
        assert ClassGroup.objects.filter(name="stolen").count() == 0
        assert ClassGroup.objects.count() == 3

    def test_a_contact_without_school_is_told_what_to_do(self, client_for, ada):
        assert list(client_for(ada).get("/classes/").context["schools"]) == []


@pytest.mark.parametrize(
    "model", ["school", "organisation", "territory", "grantscope", "schoolyearprofile", "classgroup"]
)
def test_the_back_office_opens(admin_office, model):
    scope = GrantScopeFactory(school=SchoolFactory(departement=TerritoryFactory()))
    SchoolYearProfileFactory(school=scope.school)
    OrganisationFactory()
    ClassGroupFactory(school=scope.school)
    assert admin_office.get(f"/office/organisations/{model}/").status_code == 200
    assert admin_office.get(f"/office/organisations/{model}/add/").status_code == 200


def test_the_back_office_finds_schools_by_what_is_typed(admin_office):
    found, _other = SchoolFactory(name="Lycée Utrillo"), SchoolFactory(name="Lycée Zola")
    response = admin_office.get("/office/organisations/school/?q=utrilo")
    assert list(response.context["cl"].result_list) == [found]
    answer = admin_office.get(
        "/office/autocomplete/",
        {"term": "utrilo", "app_label": "organisations", "model_name": "classgroup", "field_name": "school"},
    )
    assert [row["id"] for row in answer.json()["results"]] == [str(found.pk)]


@pytest.fixture
def admin_office(client_for, db, settings):
    settings.MFA_FORCED = False
    return client_for(GrantScopeFactory(grant__role="administrator", organisation=OrganisationFactory()).grant.user)
