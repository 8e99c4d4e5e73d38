"""How django-allauth behaves here: who may sign up, how mails are addressed, what counts as a second factor."""

from types import SimpleNamespace
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.dispatch import receiver
from django.utils.translation import get_language

from participants.accounts import second_factor
from participants.accounts.second_factor import SECOND_FACTORS


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        """Nobody signs up here: the doors for school contacts and volunteers open accounts (actions.open_account)."""
        return False

    def send_mail(self, template_prefix, email, context):
        """Mails name the center and our own address, whatever Host the request came with."""
        site = SimpleNamespace(name=settings.CENTER_NAME, domain=urlsplit(settings.SITE_URL).netloc)
        super().send_mail(template_prefix, email, context | {"current_site": site, "site_url": settings.SITE_URL})

    def is_safe_url(self, url):
        """Only addresses of this very site; the hosts of other services we trust are not ours."""
        try:
            return super().is_safe_url(url) and not urlsplit(url).netloc
        except ValueError:  # such as https://[x, which is no address at all
            return False

    def name_here(self, request, email):
        """The key of a rate limit that a stranger elsewhere cannot use up."""
        return f"{self.get_client_ip(request)}:{email.lower()}"

    def _get_login_attempts_cache_key(self, request, **credentials):
        return self.name_here(request, credentials.get("email", ""))


class SsoAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request, sociallogin):
        """Who comes through a configured house gets an account, and with it no role."""
        return True

    def populate_user(self, request, sociallogin, data):
        user = super().populate_user(request, sociallogin, data)
        whole = " ".join(filter(None, [data.get("first_name"), data.get("last_name")]))
        user.name = (data.get("name") or whole)[: user._meta.get_field("name").max_length]
        user.language = get_language()
        return user


class SecondFactorAdapter(DefaultMFAAdapter):
    def _get_site_name(self):
        return settings.CENTER_NAME

    def encrypt(self, text):
        return second_factor.seal(text)

    def decrypt(self, encrypted_text):
        return second_factor.unseal(encrypted_text)

    def can_delete_authenticator(self, authenticator):
        """Staff keep at least one second factor; to replace it, add the new one first."""
        if not (settings.MFA_FORCED and authenticator.user.needs_second_factor):
            return True
        others = Authenticator.objects.filter(user=authenticator.user, type__in=SECOND_FACTORS)
        return others.exclude(pk=authenticator.pk).exists()


@receiver(authenticator_added)
def count_first_factor(request, user, authenticator, **kwargs):
    """Who has just set up a first second factor has just used it: do not ask for it again at once."""
    factors = Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS)
    if authenticator.type in SECOND_FACTORS and factors.count() == 1:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type, reauthenticated=True)


@receiver(email_confirmed)
def drop_unproved_identities(request, email_address, **kwargs):
    """Another house may have opened the account on an address that it never proved. When the owner of the mailbox
    arrives without that house, its identity is cut off, or it could walk in later."""
    user = email_address.user
    proved = EmailAddress.objects.filter(user=user, verified=True).exclude(pk=email_address.pk).exists()
    came_by_it = any(record["method"] == "socialaccount" for record in get_authentication_records(request, user))
    if not (proved or came_by_it):
        SocialAccount.objects.filter(user=user).delete()
