"""Young people at the door of the pool as somebody to write to: the personal link that proves an address, and the letter
that brings it. Whatever is wrong with a link, nothing is found."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, gettext_noop

from participants.accounts.links import ToRow
from participants.correspondence import addressees, occasions
from participants.correspondence.actions import rule_in_pairs
from participants.correspondence.addressees import Addressee
from participants.correspondence.occasions import Occasion, Pointless
from programs.activities.answerers import UNNAMED
from programs.awareness.models import SelfEntry
from programs.awareness.models.coming_in import PROVEN_WITHIN

NEWCOMER = "awareness.self_entry"
ASKED = "awareness.self_entry_asked"
GUARDIAN_ASKED = "awareness.self_entry_guardian_asked"
LINK = ToRow("n", "awareness.self_entry")
sign = LINK.sign


def register() -> None:
    addressees.register(NEWCOMER, find)
    common = {"has_personal_link": True, "is_urgent": True}
    for key, label, words in (
        (ASKED, gettext_lazy("talent pool: is it really you"), ("days",)),
        (GUARDIAN_ASKED, gettext_lazy("talent pool: a child asks to come in"), ("child", "days")),
    ):
        occasions.register(Occasion(key, label, words, describe, **common))


def read(token: str) -> SelfEntry:
    """Whom a link speaks of, for three days whatever became of it."""
    asked = SelfEntry.objects.filter(asked_at__gt=timezone.now() - PROVEN_WITHIN)
    return LINK.read(token, asked.select_related("school"))


def find(number: int) -> Addressee | None:
    entry = SelfEntry.objects.filter(pk=number).first()
    return addressee_of(entry) if entry else None


def addressee_of(entry) -> Addressee:
    name = UNNAMED[entry.language]
    return Addressee(reference_of(entry.pk), name, entry.address, entry.language, is_of_family=False)


def reference_of(number: int) -> str:
    return addressees.reference(NEWCOMER, number)


def occasion_for(entry) -> str:
    return GUARDIAN_ASKED if entry.guardian_email else ASKED


def describe(about, recipient):
    entry = SelfEntry.objects.filter(pk=about).first()
    if entry is None or entry.state != SelfEntry.State.ASKED:
        raise Pointless(gettext_noop("The address is proven, or what was typed is deleted."))
    url = reverse("awareness:come-in-link", args=[sign(entry)])
    said = {"days": PROVEN_WITHIN.days, "action_url": url}
    # A stranger may have typed the address: nobody but a guardian is told a name.
    return said | {"child": entry.first_name} if entry.guardian_email else said


RULES = [
    rule_in_pairs(
        "awareness-self-entry-asked",
        ASKED,
        ("Est-ce bien vous ?", "Is it really you?"),
        (
            "Quelqu’un, sans doute vous, a demandé à recevoir à cette adresse nos propositions pour les collégiens et les "
            "lycéens : visites, tutorat, stages.\n\n"
            "Si c’est bien vous, ouvrez la page, lisez et signez. Sinon, ne faites rien : tout est effacé dans {days} "
            "jours.",
            "Somebody, most likely you, asked us to send our proposals for pupils to this address: visits, tutoring, "
            "camps.\n\n"
            "If it was you, open the page, read and sign. If not, do nothing: everything is deleted in {days} days.",
        ),
        ("Lire et signer", "Read and sign"),
    ),
    rule_in_pairs(
        "awareness-self-entry-guardian-asked",
        GUARDIAN_ASKED,
        ("{child} demande votre accord", "{child} asks for your agreement"),
        (
            "{child} souhaite recevoir nos propositions pour les collégiens et les lycéens (visites, tutorat, stages) et "
            "nous a donné votre adresse. Avant 15 ans, nous n’écrivons à personne sans l’accord d’un·e responsable "
            "légal·e.\n\n"
            "Ouvrez la page, lisez et signez avec {child}. Si vous n’êtes pas d’accord, ne faites rien : tout est effacé "
            "dans {days} jours.",
            "{child} would like to get our proposals for pupils (visits, tutoring, camps) and gave us your address. Below "
            "15 we write to nobody without the agreement of a guardian.\n\n"
            "Open the page, read and sign together with {child}. If you do not agree, do nothing: everything is deleted "
            "in {days} days.",
        ),
        ("Lire et signer", "Read and sign"),
    ),
]
