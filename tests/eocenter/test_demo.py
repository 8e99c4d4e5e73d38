import re
from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count
from django.urls import reverse

from eocenter.demonstration import cast
from participants.accounts.models import Grant, User
from participants.accounts.roles import Role
from participants.organisations.models import School, SchoolYearProfile
from participants.organisations.school_years import current_school_year
from participants.organisations.uai import is_uai
from participants.people.models import DuplicatePair, Pupil, Study, Volunteer
from programs.activities.models import (
    Activity,
    Asking,
    Booking,
    Feedback,
    Headcount,
    Inquiry,
    Kit,
    KitOpening,
    Session,
    SpeakerSearch,
    Subscription,
    WhatIf,
)
from programs.awareness import actions
from programs.awareness.models import (
    Campaign,
    CampaignPlan,
    Nomination,
    PoolEntry,
    PoolInvitation,
    TalkRequest,
)

pytestmark = pytest.mark.timeout(300)  # three school years are written, also on a busy machine


@pytest.fixture
def demonstration(db, settings):
    settings.IS_DEMONSTRATION = True
    with connection.cursor() as cursor:
        cursor.execute("DISCARD PLANS")  # those that earlier tests left were made for a few rows


def test_the_center_is_believable(db, demonstration, client, client_for):
    out = StringIO()
    call_command("demo", stdout=out)
    year = current_school_year()
    assert School.objects.count() == 300
    assert [school.uai for school in School.objects.all() if not is_uai(school.uai)] == []
    assert SchoolYearProfile.objects.count() == 900
    assert 195 <= Volunteer.objects.count() <= 200
    requests = dict(TalkRequest.objects.order_by().values_list("school_year").annotate(Count("pk")))
    assert requests == {year - 2: 110, year - 1: 170, year: 120}
    assert set(Headcount.objects.values_list("session__activity__school_year", flat=True)) >= {year - 2, year - 1}
    assert Session.objects.upcoming().exists()
    assert DuplicatePair.objects.filter(state="open").count() >= 2
    # A calling nobody answers: every address lies in a domain that cannot exist.
    assert [e for e in User.objects.values_list("email", flat=True) if not e.endswith("example.org")] == []
    assert set(Grant.objects.values_list("role", flat=True)) == set(Role.values)
    for account in cast.ACCOUNTS:
        assert re.search(rf"^ .*{re.escape(account.email)}$", out.getvalue(), re.MULTILINE)
        assert client.login(username=account.email, password=cast.PASSWORD)
    client.logout()
    User.objects.update(language="en")
    awareness_has_something_to_show()
    staff_see_it(client_for(User.objects.get(email="coordinator@example.org")))
    others_see_theirs(client, client_for)


def awareness_has_something_to_show():
    """One of each thing that awareness does, in the state in which somebody has something to do with it."""
    coming, past = Campaign.objects.order_by("-first_week")
    assert Counter(coming.schools.values_list("state", flat=True)) == {"yes": 20, "no": 4, "invited": 9, "chosen": 7}
    plan = CampaignPlan.objects.get(campaign=coming)
    assert plan.state == "ready"
    assert plan.talks.filter(day__isnull=False).count() >= 20
    assert past.schools.count() == 40
    done = actions.progress_of(past)
    assert done["held"] == done["sessions"] >= 10
    assert done["reached"] >= 200
    public = Counter(Activity.objects.filter(is_public=True, state="open").values_list("kind", flat=True))
    assert public == {"event": 2, "campus_day": 2, "master_class": 1, "camp": 1}
    evening = Booking.objects.filter(session__activity__title_en="A night of stars")
    assert Counter(evening.values_list("stage", flat=True)) == {"confirmed": 12, "offered": 1, "waitlisted": 4}
    assert PoolEntry.objects.contactable().count() >= 50
    assert Nomination.objects.count() >= 5
    assert Study.objects.filter(pupil__in=Pupil.outgoing.allowing("follow_up")).count() == Study.objects.count() >= 8
    assert Study.objects.exclude(member_school=None).exists()
    assert PoolInvitation.objects.with_answer().filter(has_seat=True).count() >= 5
    assert WhatIf.objects.filter(kit__activity__sessions__assignments__kit_opening__isnull=False).count() == 2
    asked = Counter(Asking.objects.values_list("round", "assignment__state"))
    assert asked == {(1, "declined"): 2, (1, "invited"): 1, (2, "invited"): 3}
    sheets = Counter(Feedback.objects.values_list("questionnaire__audience", flat=True))
    assert sheets["pupils"] >= 500
    assert min(sheets["teacher"], sheets["speaker"]) >= 20
    assert TalkRequest.objects.waiting().count() >= 5
    assert Subscription.objects.filter(confirmed_at__isnull=False).count() == 1
    assert Inquiry.objects.count() == 3


def staff_see_it(browser):
    """The pages on which a coordinator meets each of these, and a word of what stands on them."""
    coming, past = Campaign.objects.order_by("-first_week")
    plan = reverse("awareness:plan-detail", args=[CampaignPlan.objects.get().pk])
    evening, search = Session.objects.get(activity__title_en="A night of stars"), SpeakerSearch.objects.get()
    reached = actions.progress_of(past)["reached"]
    wanted = {
        reverse("awareness:campaign-list"): ["Back to school", "A winter of science"],
        coming.get_absolute_url(): ["<dd>20</dd>", "Invite this wave"],
        past.get_absolute_url(): ["<dt>young people reached</dt>", f"<dd>{reached}</dd>"],
        plan: ["Apply: make the sessions and tell everybody"],
        f"{plan}?show=unfilled": ["left unfilled"],
        reverse("awareness:board"): ["18 requests", "Waiting for an answer"],
        reverse("awareness:pool-list"): [
            "nominated",
            "Came by themselves and may be on record",
            "Somebody else: a new record",
        ],
        reverse("activities:session-places", args=[evening.pk]): [
            "famille13@",
            "1 · famille14@",
            "3 needed, 1 free of 40",
        ],
        reverse("activities:session-search", args=[search.session_id]): ["Round 2", "no answer yet", "Who comes next"],
        reverse("activities:kit-edit", args=[Kit.objects.get().activity_id]): ["The class asks nothing?"],
        reverse("activities:feedback-results"): ["Science near you"],
        reverse("activities:inbox"): ["asked for a talk", "nobody has said how many young people were there"],
    }
    pages = {address: text_of(browser.get(address)) for address in wanted}
    assert [(address, word) for address, words in wanted.items() for word in words if word not in pages[address]] == []


def others_see_theirs(client, client_for):
    """Teacher, volunteer and visitor."""
    accounts = {user.email: user for user in User.objects.filter(email__in=[a.email for a in cast.ACCOUNTS])}
    assert "nominated" in text_of(client_for(accounts["teacher@example.org"]).get(reverse("awareness:nomination-list")))
    speaker = KitOpening.objects.get().assignment
    kit = client_for(speaker.volunteer.user).get(reverse("activities:session-kit", args=[speaker.session_id]))
    assert "with one failure and what you learned from it" in text_of(kit)
    lists = client_for(accounts["student@plateau.example.org"]).get(reverse("activities:roll-lists")).json()["lists"]
    assert max(len(each["pupils"]) for each in lists) >= 10
    for language, shown, hidden in (
        ("fr", "La nuit des étoiles", "La fête de la science, à préparer"),
        ("en", "A night of stars", "The science fair, to be prepared"),
    ):
        text = text_of(client.get(reverse("activities:catalogue", kwargs={"language": language})))
        assert shown in text
        assert hidden not in text


def text_of(page):
    assert page.status_code == 200
    return re.sub(r"\s+", " ", page.content.decode())


def test_only_a_demonstration_gets_accounts_with_a_known_password(db, settings):
    settings.IS_DEMONSTRATION = False
    with pytest.raises(CommandError, match="no demonstration"):
        call_command("demo")
    assert User.objects.count() == 0


def test_nothing_is_added_to_a_center_where_somebody_works(dan, demonstration):
    with pytest.raises(CommandError, match="not empty"):
        call_command("demo")
    assert list(User.objects.all()) == [dan]
