"""What happens to people: they come through a door, are recognised, leave."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from participants.accounts.actions import end_grant, grant_role
from participants.accounts.models import User
from participants.accounts.roles import Role
from participants.organisations.models import GrantScope
from participants.people.models import SchoolContact, SchoolPost, Volunteer
from participants.people.proofs import is_student_address, proof_of_post


@transaction.atomic
def claim_post(*, user, school, first_name, last_name, function, subject=""):
    """Say that a user, whose address has just been proven, works in a school; recognised at once when the address
    proves it, else left to a coordinator, like everybody who was refused there or has left it."""
    # Two clicks on the same button queue here and find one post.
    user = User.objects.select_for_update(no_key=True, of=("self",)).get(pk=user.pk)
    contact, _created = SchoolContact.objects.get_or_create(
        user=user, defaults={"first_name": first_name, "last_name": last_name}
    )
    post = SchoolPost.objects.filter(contact=contact, school=school, state__in=SchoolPost.LIVE).first()
    if post is None:
        post = SchoolPost(contact=contact, school=school, function=function, subject=subject)
        post.full_clean()
        post.save()
    proof = proof_of_post(user.email, school)
    is_known = SchoolPost.objects.filter(contact=contact, school=school).exclude(state__in=SchoolPost.LIVE).exists()
    if proof and post.state == SchoolPost.State.PENDING and not is_known:
        _verify(post, proof=proof, by=None)
    return post


@transaction.atomic
def approve_post(*, post, by):
    """Recognise a contact of whom a coordinator is sure."""
    post = _lock(post)
    if post.state != SchoolPost.State.PENDING:
        raise ValidationError(_("This request was already decided."))
    _verify(post, proof=SchoolPost.Proof.COORDINATOR, by=by)
    return post


@transaction.atomic
def refuse_post(*, post, by):
    """Do not recognise a contact."""
    post = _lock(post)
    if post.state != SchoolPost.State.PENDING:
        raise ValidationError(_("This request was already decided."))
    _decide(post, SchoolPost.State.REFUSED, by)
    return post


@transaction.atomic
def end_post(*, post, by):
    """A contact leaves the school: its pages close at once."""
    post = _lock(post)
    if post.state not in SchoolPost.LIVE:
        raise ValidationError(_("This post has already ended."))
    _decide(post, SchoolPost.State.ENDED, by)
    GrantScope.objects.filter(grant__user=post.contact.user, school=post.school).delete()
    if not post.contact.posts.verified().exists():
        for grant in post.contact.user.grants.live().filter(role=Role.SCHOOL_CONTACT):
            end_grant(grant=grant, by=by)
    return post


@transaction.atomic
def register_volunteer(*, user, **profile):
    """Make a volunteer of a user whose address has just been proven. An address of the member school opens the
    sign-up at once; others wait for a coordinator."""
    user = User.objects.select_for_update(no_key=True, of=("self",)).get(pk=user.pk)
    volunteer = Volunteer.objects.filter(user=user).first()
    if volunteer is None:
        volunteer = Volunteer(user=user, charter_signed_at=timezone.now(), **profile)
        volunteer.full_clean()
        volunteer.save()
        let_in_if_proven(volunteer)
    return volunteer


def let_in_if_proven(volunteer):
    """A new volunteer with an address of the member school may sign up at once: nobody else comes in by it."""
    if is_student_address(volunteer.user.email, volunteer.member_school):
        grant_role(user=volunteer.user, role=Role.VOLUNTEER, by=None)


@transaction.atomic
def approve_volunteer(*, volunteer, by):
    """Let a volunteer sign up whose address proves nothing (an alumna, say)."""
    volunteer = Volunteer.objects.select_for_update(no_key=True, of=("self",)).get(pk=volunteer.pk)
    if volunteer.ended_on:
        raise ValidationError(_("This volunteer has left."))
    grant_role(user=volunteer.user, role=Role.VOLUNTEER, by=by)
    return volunteer


def _lock(post):
    return (
        SchoolPost.objects.select_for_update(no_key=True, of=("self",)).select_related("contact__user").get(pk=post.pk)
    )


def _decide(post, state, by):
    post.state, post.decided_at, post.decided_by = state, timezone.now(), by
    post.save(update_fields=["state", "decided_at", "decided_by"])


def _verify(post, *, proof, by):
    post.proof = proof
    post.save(update_fields=["proof"])
    _decide(post, SchoolPost.State.VERIFIED, by)
    grant = grant_role(user=post.contact.user, role=Role.SCHOOL_CONTACT, by=by)
    GrantScope.objects.get_or_create(grant=grant, school=post.school)
