import pytest

from participants.people.proofs import is_student_address, proof_of_post
from tests.factories.organisations import OrganisationFactory, SchoolFactory


@pytest.mark.parametrize(
    ("email", "proof"),
    [
        ("ce.0932030b@ac-creteil.fr", "school_address"),
        ("CE.0932030B@AC-CRETEIL.FR", "school_address"),
        ("ce.0910620e@ac-creteil.fr", ""),  # the address of another school
        ("marie.curie@ac-creteil.fr", "academic_domain"),
        ("marie@ac-creteil.fr.example.org", ""),
        ("marie@xac-creteil.fr", ""),
        ("marie@utrillo.example.org", "school_domain"),
        ("marie@example.org", ""),
    ],
)
def test_proof_of_post(email, proof):
    school = SchoolFactory.build(uai="0932030B", email_domain="utrillo.example.org")
    assert proof_of_post(email, school) == proof


@pytest.mark.parametrize(
    ("email", "expected"),
    [
        ("x@polytechnique.example.org", True),
        ("x@alumni.polytechnique.example.org", True),
        ("x@fakepolytechnique.example.org", False),
        ("x@example.org", False),
    ],
)
def test_is_student_address(email, expected):
    assert is_student_address(email, OrganisationFactory.build(email_domain="polytechnique.example.org")) is expected


def test_a_member_school_without_domain_recognises_nobody():
    assert is_student_address("x@", OrganisationFactory.build(email_domain="")) is False
