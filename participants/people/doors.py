"""The two doors: a school contact and a volunteer come in with an address that they then prove by a code.

What they said waits in their own session until the code is right: before that, nothing is written on an account that
may be somebody else's.
"""

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import EmailAddress

from participants.accounts.actions import open_account
from participants.accounts.forms import LoginCodeForm
from participants.organisations.models import Organisation, School, Territory
from participants.people import actions

CLAIM = "people.claim"


def knock(request, *, email, name, language, claim):
    """Send a code to the address and keep the claim; the form with its error when the address had too many codes."""
    open_account(email=email, name=name, language=language)
    form = LoginCodeForm({"email": email})
    if not form.is_valid():
        return form
    request.session[CLAIM] = claim
    LoginCodeVerificationProcess.initiate(request=request, user=form._user, email=email)
    return None


def walk_in(request, user, **_kwargs):
    """Act on the claim of the person who has just signed in, if their address is proven."""
    claim = request.session.pop(CLAIM, None)
    if claim and has_proven_address(user):
        settle(user, claim)


def has_proven_address(user):
    return EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists()


def settle(user, claim):
    """Turn a claim, kept as plain values, into a post or a volunteer."""
    if claim["kind"] == "contact":
        school = School.objects.pickable().get(pk=claim["school"])
        return actions.claim_post(user=user, school=school, **claim["profile"])
    references = {"member_school": Organisation, "club": Organisation, "home_departement": Territory}
    profile = claim["profile"] | {
        name: claim["profile"][name] and model.objects.get(pk=claim["profile"][name])
        for name, model in references.items()
    }
    return actions.register_volunteer(user=user, **profile)


def plain(profile):
    """The profile with primary keys in the place of rows, fit for the session."""
    return {name: getattr(value, "pk", value) for name, value in profile.items()}
