"""What accounts hold about a person, why and until when."""

from django.utils.translation import gettext_lazy as _

from participants.accounts.classification import Personal

SIGN_IN = Personal(_("sign in"), _("until the account closes"))
RIGHTS = Personal(_("say who may do what"), _("1 year after the grant ends"))
SECURITY = Personal(_("notice and end a foreign session"), _("until the session ends, 7 days at most"))

PERSONAL = {
    "User.email": SIGN_IN,
    "User.name": SIGN_IN,
    "User.language": SIGN_IN,
    "User.password": SIGN_IN,
    "User.last_login": SIGN_IN,
    "User.joined_at": SIGN_IN,
    "Grant.user": RIGHTS,
    "Grant.role": RIGHTS,
    "Grant.starts_on": RIGHTS,
    "Grant.ends_on": RIGHTS,
    "Grant.given_by": RIGHTS,
}
TECHNICAL = {"User.is_active", "User.link_key"}

# Tables of django-allauth that point at a user; they go with it.
THIRD_PARTIES = {
    "account.EmailAddress": SIGN_IN,
    "mfa.Authenticator": SIGN_IN,
    "socialaccount.SocialAccount": SIGN_IN,
    "usersessions.UserSession": SECURITY,
}
