"""Whether an e-mail address shows that its owner works in a school, or studies in a member school."""

import re

from participants.organisations.models import Organisation
from participants.people.models import SchoolPost

ACADEMIC_DOMAIN = re.compile(r"ac-[a-z0-9-]+\.fr")


def proof_of_post(email: str, school) -> str:
    """How this address proves a post in this school; empty when a coordinator must decide.

    The address of a school is ce.<uai>@ac-<académie>.fr; every teacher has one in the académie's domain.
    """
    local, _, domain = email.lower().rpartition("@")
    if school.email_domain and domain == school.email_domain.lower():
        return SchoolPost.Proof.SCHOOL_DOMAIN
    if not ACADEMIC_DOMAIN.fullmatch(domain):
        return ""
    if local.startswith("ce."):
        # The address of another school proves a post there, not here.
        is_ours = school.uai and local == f"ce.{school.uai.lower()}"
        return SchoolPost.Proof.SCHOOL_ADDRESS if is_ours else ""
    return SchoolPost.Proof.ACADEMIC_DOMAIN


def is_student_address(email: str, member_school: Organisation) -> bool:
    """Whether this address is one that the member school gives, sub-domains included."""
    domain = email.lower().rpartition("@")[2]
    own = member_school.email_domain.lower()
    return bool(own) and (domain == own or domain.endswith(f".{own}"))
