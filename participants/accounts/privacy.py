"""What accounts hold about a person, why and until when."""

from django.utils.translation import gettext_lazy as _

from participants.accounts.classification import DELETE, UNLINK, Personal

SIGN_IN = Personal(_("sign in"), _("until the account closes"), "account")
RIGHTS = Personal(_("say who may do what"), _("1 year after the grant ends"), "account")
SECURITY = Personal(_("notice and end a foreign session"), _("until the session ends, 7 days at most"), "session")

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

# Tables of django-allauth that point at a user and go with it: what they hold, and what for.
THIRD_PARTIES = {
    "account.EmailAddress": (_("address, and whether it was proven"), SIGN_IN),
    "mfa.Authenticator": (_("second factors, in secret"), SIGN_IN),
    "socialaccount.SocialAccount": (_("account at the member school"), SIGN_IN),
    "usersessions.UserSession": (_("browser, IP address and time of a sign-in"), SECURITY),
}

# What becomes of each relation to a user at erasure. Tables of others stand here with their own app.
RELATIONS = {
    "Grant.user": DELETE,
    "Grant.given_by": UNLINK,
    "account.EmailAddress.user": DELETE,
    "mfa.Authenticator.user": DELETE,
    "socialaccount.SocialAccount.user": DELETE,
    "usersessions.UserSession.user": DELETE,
    # Which records staff changed in the back office: without the user it says nothing.
    "admin.LogEntry.user": DELETE,
}
