import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from participants.accounts.models import User
from participants.accounts.roles import Role
from participants.organisations.models import GrantScope, School
from participants.people import actions
from participants.people.models import SchoolPost, Volunteer
from tests.factories.accounts import UserFactory
from tests.factories.organisations import OrganisationFactory, SchoolFactory
from tests.factories.people import SchoolPostFactory, VolunteerFactory

PROFILE = {"first_name": "Marie", "last_name": "Curie", "function": "teacher"}


def schools_of(user):
    return set(School.objects.of(User.objects.get(pk=user.pk), "request.make"))


@pytest.fixture
def school(db):
    return SchoolFactory(uai="0932030B")


def test_an_address_of_the_academie_opens_the_school_at_once(school):
    marie = UserFactory(email="marie@ac-creteil.fr")
    SchoolFactory()
    post = actions.claim_post(user=marie, school=school, **PROFILE)
    assert (post.state, post.proof) == ("verified", "academic_domain")
    assert schools_of(marie) == {school}


def test_another_address_waits_for_a_coordinator(school, cleo):
    marie = UserFactory(email="marie@example.org")
    post = actions.claim_post(user=marie, school=school, **PROFILE)
    assert (post.state, schools_of(marie)) == ("pending", set())
    actions.approve_post(post=post, by=cleo)
    post.refresh_from_db()
    assert (post.state, post.proof, post.decided_by) == ("verified", "coordinator", cleo)
    assert schools_of(marie) == {school}


def test_who_has_left_a_school_comes_back_by_a_coordinator_alone(school, cleo):
    """Teachers keep the address of their académie when they go to another school."""
    marie = UserFactory(email="marie@ac-creteil.fr")
    post = actions.claim_post(user=marie, school=school, **PROFILE)
    actions.end_post(post=post, by=cleo)
    assert actions.claim_post(user=marie, school=school, **PROFILE).state == "pending"
    assert schools_of(marie) == set()


def test_a_refused_contact_sees_nothing_and_may_ask_again(school, cleo):
    marie = UserFactory(email="marie@example.org")
    first = actions.claim_post(user=marie, school=school, **PROFILE)
    actions.refuse_post(post=first, by=cleo)
    assert schools_of(marie) == set()
    second = actions.claim_post(user=marie, school=school, **PROFILE)
    assert (second.pk != first.pk, second.state) == (True, "pending")


def test_a_decision_is_taken_once(school, cleo):
    post = SchoolPostFactory(school=school)
    actions.refuse_post(post=post, by=cleo)
    with pytest.raises(ValidationError, match="already decided"):
        actions.approve_post(post=post, by=cleo)


def test_leaving_one_school_keeps_the_other(school, cleo):
    marie, other = UserFactory(email="marie@ac-creteil.fr"), SchoolFactory()
    post = actions.claim_post(user=marie, school=school, **PROFILE)
    actions.claim_post(user=marie, school=other, **PROFILE)
    actions.end_post(post=post, by=cleo)
    assert schools_of(marie) == {other}


def test_the_last_post_takes_the_role_with_it(school, cleo):
    marie = UserFactory(email="marie@ac-creteil.fr")
    actions.end_post(post=actions.claim_post(user=marie, school=school, **PROFILE), by=cleo)
    assert User.objects.get(pk=marie.pk).live_roles == frozenset()
    assert GrantScope.objects.filter(grant__user=marie).count() == 0


def test_a_student_address_opens_the_sign_up(db):
    member = OrganisationFactory(email_domain="polytechnique.example.org")
    student = UserFactory(email="s@polytechnique.example.org")
    alumna = UserFactory(email="a@example.org")
    for user in (student, alumna):
        actions.register_volunteer(user=user, first_name="S", last_name="T", member_school=member, kind="student")
    assert User.objects.get(pk=student.pk).live_roles == {Role.VOLUNTEER}
    assert User.objects.get(pk=alumna.pk).live_roles == frozenset()
    assert list(Volunteer.objects.with_recognition().order_by("pk").values_list("is_recognised", flat=True)) == [
        True,
        False,
    ]


def test_a_coordinator_recognises_an_alumna(cleo):
    volunteer = VolunteerFactory(recognised=False)
    actions.approve_volunteer(volunteer=volunteer, by=cleo)
    assert User.objects.get(pk=volunteer.user_id).live_roles == {Role.VOLUNTEER}


@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_one_post():
    school, marie = SchoolFactory(), UserFactory(email="marie@ac-creteil.fr")
    barrier = threading.Barrier(4)

    def claim():
        try:
            barrier.wait()
            actions.claim_post(user=marie, school=school, **PROFILE)
        finally:
            connection.close()

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(SchoolPost.objects.values_list("contact__user", "school", "state")) == [
        (marie.pk, school.pk, "verified")
    ]
