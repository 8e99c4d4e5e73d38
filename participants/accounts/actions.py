"""What can happen to an account and to the roles of its owner."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from participants.accounts.models import Grant, User
from participants.accounts.roles import STAFF_ROLES, Permission, Role


@transaction.atomic
def open_account(*, email, name="", language="fr", role=None, by=None, ends_on=None):
    """The account of this address, opened if there is none, with the role if one is given.

    Asked twice it changes nothing, and whoever asked cannot tell which it was: answer alike and let the owner of the
    mailbox come in by a code. An account that was closed stays closed.
    """
    user, _created = User.objects.get_or_create(
        email=email.strip().lower(), defaults={"name": name, "language": language, "password": make_password(None)}
    )
    EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"primary": True})
    if role and user.is_active:
        grant_role(user=user, role=role, by=by, ends_on=ends_on)
    return user


@transaction.atomic
def grant_role(*, user, role, by, ends_on=None):
    """Give a role, or set the new end of the one that the user has. `by=None` is the platform itself, which gives no
    staff role."""
    user = _locked(user)
    if not user.is_active:
        raise ValidationError(_("This account is closed: open it again before giving it a role."))
    _check_giver(role, by)
    if ends_on and ends_on < timezone.localdate():
        raise ValidationError({"ends_on": _("The role would already be over: choose a day to come.")})
    grant = user.grants.live().filter(role=role).first() or Grant(user=user, role=role, given_by=by)
    grant.ends_on = ends_on
    grant.full_clean()
    grant.save()
    return grant


@transaction.atomic
def end_grant(*, grant, by, on=None):
    """Take a role back: at once, or after its last day `on`."""
    _locked(grant.user)
    grant.refresh_from_db()
    _check_giver(grant.role, by)
    grant.ends_on = on or timezone.localdate() - timedelta(days=1)
    if grant.role == Role.ADMINISTRATOR:
        _check_administrators_beside(grant.user)
    grant.full_clean()
    grant.save(update_fields=["ends_on"])
    return grant


@transaction.atomic
def close_account(*, user, by):
    """Shut the account: roles and links end, every session ends, nothing opens it but `reopen_account`."""
    user = _locked(user)
    if user.can(Permission.USER_MANAGE):
        _check_administrators_beside(user)
    today = timezone.localdate()
    user.grants.filter(starts_on__gt=today).delete()
    user.grants.live().update(ends_on=today - timedelta(days=1))
    Authenticator.objects.filter(user=user).delete()
    SocialAccount.objects.filter(user=user).delete()
    user.is_active = False
    # Every session carries a mark of the password: with another one, those that we do not know of end too.
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    revoke_links(user=user)
    end_sessions(user=user)


@transaction.atomic
def reopen_account(*, user, by):
    """Let the owner come in again by a code; roles are given anew."""
    user = _locked(user)
    user.is_active = True
    user.save(update_fields=["is_active"])


@transaction.atomic
def change_email(*, user, email, by):
    """Move the account to another address, which its owner proves by the next code; all sessions and links end."""
    user = _locked(user)
    user.email = email
    user.full_clean(exclude=["password"])
    user.save(update_fields=["email"])
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.create(user=user, email=user.email, primary=True)
    revoke_links(user=user)
    end_sessions(user=user)


@transaction.atomic
def reset_second_factors(*, user, by):
    """Forget the second factors of somebody who lost them; they set up new ones at the next sign-in."""
    Authenticator.objects.filter(user=_locked(user)).delete()
    end_sessions(user=user)


def revoke_links(*, user):
    """Take back every personal link of this user: calendar feed, links in mails."""
    User.objects.filter(pk=user.pk).update(link_key=F("link_key") + 1)


def end_sessions(*, user):
    """Sign the user out everywhere."""
    for session in UserSession.objects.filter(user=user).order_by("pk"):
        session.end()


def _locked(user):
    """The user as the database has it, while nobody else changes the account or its roles."""
    return User.objects.select_for_update(no_key=True, of=("self",)).get(pk=user.pk)


def _check_giver(role, by):
    if role in STAFF_ROLES and not (by and by.can(Permission.USER_MANAGE)):
        raise ValidationError(
            _("Only somebody who manages users gives or takes back a staff role: ask an administrator.")
        )


def _check_administrators_beside(user):
    """The platform keeps an administrator. Two who take each other's role back at once wait for each other here."""
    administrators = (
        Grant.objects.select_for_update(no_key=True, of=("self",))
        .live()
        .filter(role=Role.ADMINISTRATOR, user__is_active=True)
    )
    if all(grant.user_id == user.pk for grant in administrators.order_by("pk")):
        raise ValidationError(_("Nobody else is administrator: name another one first."))
