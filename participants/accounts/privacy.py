"""What accounts hold about a person, why and until when."""

from django.utils.translation import gettext_lazy as _

from participants.accounts.classification import Personal

SIGN_IN = Personal(_("sign in"), _("until the account closes"))
RIGHTS = Personal(_("say who may do what"), _("1 year after the grant ends"))

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
TECHNICAL = {"User.is_staff", "User.is_active", "User.is_superuser", "User.link_key"}
