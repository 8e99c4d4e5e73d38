"""The hostile house notices what it promises to notice."""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.template import Context, engines
from django.template.base import Origin, Template
from django.test import Client, RequestFactory, TransactionTestCase
from django.urls import path

from participants.accounts.models import User
from participants.correspondence.models import Rule
from programs.activities.models import Questionnaire
from tests.factories.accounts import UserFactory
from tests.harness.matrix import missing_headers
from tests.harness.querysets import OWN_PACKAGES
from tests.harness.responses import check_page, only_reads, problems_of
from tests.harness.templates import OWN_TEMPLATES, UndefinedVariableError


def render(source, place, **values):
    template = Template(source, origin=Origin(str(place)), engine=engines["django"].engine)
    return template.render(Context(values))


@login_not_required
def writing_view(request):
    User.objects.update(name="x")
    return HttpResponse("done")


urlpatterns = [path("writes/", writing_view)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ name }}", "Ada"),
        ("{{ name|upper }}", "ADA"),
        ("{{ absent|default:'nobody' }}", "nobody"),
        ("{% if absent %}yes{% else %}no{% endif %}", "no"),
    ],
)
def test_a_template_of_ours_renders_what_is_defined(source, expected):
    assert render(source, OWN_TEMPLATES / "x.html", name="Ada") == expected


@pytest.mark.parametrize("source", ["{{ absent }}", "{{ absent|upper }}", "{{ name.absent }}"])
def test_an_undefined_variable_fails_in_ours_only(source):
    with pytest.raises(UndefinedVariableError):
        render(source, OWN_TEMPLATES / "x.html", name="Ada")
    assert render(source, "/elsewhere/x.html", name="Ada") == ""


def test_unordered_rows_come_in_random_order(db):
    UserFactory.create_batch(8)
    orders = {tuple(User.objects.order_by().values_list("pk", flat=True)) for _ in range(20)}
    assert len(orders) > 1


def test_ordered_rows_keep_their_order(db):
    UserFactory.create_batch(8)
    assert len({tuple(User.objects.values_list("pk", flat=True)) for _ in range(20)}) == 1


def test_counting_and_looking_inside_still_work(db):
    UserFactory.create_batch(3)
    unordered = User.objects.order_by()
    assert unordered.count() == 3
    assert unordered.exists()
    assert unordered.filter(pk__in=unordered.values("pk")).count() == 3
    assert len(unordered.values_list("email", flat=True).union(unordered.values_list("email", flat=True))) == 3


@pytest.mark.parametrize(
    ("options", "missing"), [({}, "of="), ({"of": ("self",)}, "no_key"), ({"no_key": True}, "of=")]
)
def test_a_careless_lock_of_ours_fails(options, missing):
    ours = {"__name__": OWN_PACKAGES[0] + "actions", "User": User, "options": options}
    with pytest.raises(AssertionError, match=missing):
        eval("User.objects.select_for_update(**options)", ours)


def test_a_careful_lock_passes():
    ours = {"__name__": OWN_PACKAGES[0] + "actions", "User": User}
    query = eval("User.objects.select_for_update(no_key=True, of=('self',))", ours).query
    assert query.select_for_no_key_update


@pytest.mark.django_db(transaction=True)
def test_what_migrations_wrote_is_there_again_after_the_tables_were_emptied():
    rules, asked = set(Rule.objects.values_list("pk", "code")), set(Questionnaire.objects.values_list("pk", "audience"))
    stranger = UserFactory()
    TransactionTestCase()._fixture_teardown()
    assert (len(asked), set(Questionnaire.objects.values_list("pk", "audience"))) == (3, asked)
    assert set(Rule.objects.values_list("pk", "code")) == rules != set()
    assert not User.objects.filter(pk=stranger.pk).exists()


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ('SELECT "a"."b" FROM "a"', True),
        ("SELECT set_config('a', 'b', true)", True),
        ('SAVEPOINT "x"', True),
        ('UPDATE "django_session" SET "x" = 1', True),
        ('UPDATE "accounts_user" SET "x" = 1', False),
        ('INSERT INTO "accounts_user" VALUES (1)', False),
        ('SELECT 1 FROM "accounts_user" FOR UPDATE', False),
        ('WITH x AS (DELETE FROM "a" RETURNING 1) SELECT * FROM x', False),
        ('TRUNCATE "a"', False),
        ("SELECT 'please update this'", True),
        ("CREATE TABLE a (b int)", False),
    ],
)
def test_writes_are_told_from_reads(sql, expected):
    assert only_reads(sql) is expected


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<style>p { color: red }</style>",
        '<p style="color: red">x</p>',
        '<button onclick="go()">x</button>',
        '<a href="javascript:go()">x</a>',
        "<p>{{ name }}</p>",
        "<p>{% if %}</p>",
    ],
)
def test_inline_code_is_found(html):
    assert len(problems_of(html)) == 1
    request = RequestFactory().get("/here/").environ
    with pytest.raises(AssertionError, match="/here/"):
        check_page(request, HttpResponse(html))


def test_a_clean_page_passes():
    html = '<script src="/static/js/a.js"></script><script type="application/json">{"a": 1}</script><p>ok</p>'
    assert problems_of(html) == []


@pytest.mark.urls(__name__)
@pytest.mark.sabotage
@pytest.mark.get_is_pure
def test_a_get_that_writes_fails(db, client):
    with pytest.raises(AssertionError, match="changed data"):
        client.get("/writes/")


@pytest.mark.urls(__name__)
def test_a_post_may_write(db, client):
    assert client.post("/writes/").status_code == 200


# What is lost with each of the three that shield an answer.
SHIELDS = {
    "SecurityMiddleware": ["X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy"],
    "CSPMiddleware": [
        "no default-src 'self'",
        "no object-src 'none'",
        "no base-uri 'none'",
        "no frame-ancestors 'none'",
    ],
    "XFrameOptionsMiddleware": ["X-Frame-Options"],
}


@pytest.mark.sabotage
@pytest.mark.parametrize("shield", SHIELDS)
def test_an_answer_without_a_shield_is_noticed(shield, db, settings):
    assert missing_headers(Client().get("/"), "/") == []
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.endswith(f".{shield}")]
    assert missing_headers(Client().get("/"), "/") == SHIELDS[shield]
