"""What is written about terms: to whoever is going, and to those who watch over it."""

from datetime import timedelta
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from participants.accounts.dates import say_day
from participants.correspondence import occasions
from participants.correspondence.actions import RuleDefault, rule_in_pairs
from participants.correspondence.occasions import Occasion, Pointless
from participants.people import family_links
from participants.people import occasions as occasions_of_families
from participants.people.actions.retention import FAREWELL, REPORT
from participants.people.models import Category, Farewell, Guardian, Pupil, RetentionRun
from participants.people.occasions import LEAVING, OF_PUPIL
from participants.people.rights import terms

OF_NIGHT = ("announced", "active_again", "erased", "held_back")
ACTIVE_AGAIN = gettext_noop("The person is active again.")


def describe_farewell(about, recipient):
    """When the data go; whoever signs in before stays."""
    farewell = Farewell.objects.filter(pk=about).first()
    if farewell is None:
        raise Pointless(ACTIVE_AGAIN)
    return {"day": say_day(farewell.due_on), "action_url": reverse("home")}


def describe_leaving(about, recipient, model):
    """Of whom the data go and on which day: all children of a guardian at once, and nobody who is active again."""
    person = model.objects.filter(pk=about).first()
    leaving = terms.announced_to(person) if person else []
    if not leaving:
        raise Pointless(ACTIVE_AGAIN)
    days = [{"child": pupil.first_name, "day": say_day(day)} for pupil, day in leaving]
    return {
        "children": occasions_of_families.in_a_row([pupil.first_name for pupil, _day in leaving]),
        "days": "\n".join("· " + gettext("%(child)s: %(day)s") % child for child in days),
        "action_url": reverse("people:family-page", args=[family_links.sign(person)]),
    }


def describe_night(about, recipient):
    """How many were announced, erased, held back."""
    run = RetentionRun.objects.filter(pk=about).first()
    if run is None:
        raise Pointless(gettext_noop("This night is no longer on record."))
    rehearsed = [f"{Category(category).label} : {number}" for category, number in run.rehearsed.items() if number]
    return {name: getattr(run, name) for name in OF_NIGHT} | {
        "untold": Farewell.objects.filter(told_on=None).count(),
        "rehearsed": "\n".join(rehearsed) or "–",
        "action_url": reverse("people:term-list"),
    }


def register():
    """Make the occasions known."""
    occasions.register(Occasion(FAREWELL, _("data that are no longer used will go"), ("day",), describe_farewell))
    words = (*OF_NIGHT, "untold", "rehearsed")
    occasions.register(Occasion(REPORT, _("a night of the terms"), words, describe_night))
    of_families = {"for_families": True, "has_personal_link": True}
    for model, label, seen in (
        (Guardian, _("guardian: data will go"), occasions_of_families.guardians_of),
        (Pupil, _("pupil: data will go"), occasions_of_families.pupils_of),
    ):
        key = LEAVING if model is Guardian else LEAVING + OF_PUPIL
        describe = partial(describe_leaving, model=model)
        occasions.register(Occasion(key, label, ("children", "days"), describe, None, seen, **of_families))


RULES = [
    RuleDefault(
        code="people.farewell",
        occasion=FAREWELL,
        offset=timedelta(),
        subject_fr="Vos données seront effacées le {day}",
        subject_en="Your data will be erased on {day}",
        body_fr="Bonjour {recipient_name},\n\nNous ne nous sommes pas vus depuis longtemps. Sans nouvelles de votre part, "
        "vos données seront effacées le {day}. Pour rester, il suffit de vous connecter avant cette date.",
        body_en="Hello {recipient_name},\n\nWe have not met for a long time. Unless we hear from you, your data will be "
        "erased on {day}. To stay, just sign in before that day.",
        action_label_fr="Me connecter",
        action_label_en="Sign in",
    ),
    RuleDefault(
        code="people.retention-report",
        occasion=REPORT,
        offset=timedelta(),
        subject_fr="Durées de conservation : le point de la nuit",
        subject_en="Retention terms: the report of the night",
        body_fr="Bonjour {recipient_name},\n\nAnnoncés : {announced}\nDe nouveau actifs : {active_again}\n"
        "Effacés : {erased}\nRetenus : {held_back}\nQue personne n’a pu prévenir par courriel : {untold}\n\n"
        "À blanc, sans rien faire, seraient partis :\n{rehearsed}",
        body_en="Hello {recipient_name},\n\nAnnounced: {announced}\nActive again: {active_again}\n"
        "Erased: {erased}\nHeld back: {held_back}\nWhom no mail could reach: {untold}\n\n"
        "Running dry, without doing anything, these would have gone:\n{rehearsed}",
        action_label_fr="Voir les durées",
        action_label_en="See the terms",
    ),
    rule_in_pairs(
        "people-family-farewell",
        LEAVING,
        ("Les données de {children} seront bientôt effacées", "The data about {children} will soon be erased"),
        (
            "Nous ne nous sommes pas vus depuis longtemps. Ce que nous savons sera effacé, et vous n’avez rien à faire :"
            "\n\n{days}\n\nVotre enfant veut continuer avec nous, ou vous souhaitez garder le lien ? Répondez sur votre "
            "page avant ce jour : rien n’est alors effacé.",
            "We have not met for a long time. What we know will be erased, and you need not do anything:\n\n{days}\n\n"
            "Does your child want to go on with us, or would you like to stay in touch? Answer on your page before that "
            "day: then nothing is erased.",
        ),
        ("Rester en contact", "Stay in touch"),
    ),
    rule_in_pairs(
        "people-family-farewell-pupil",
        LEAVING + OF_PUPIL,
        ("Vos données seront bientôt effacées", "Your data will soon be erased"),
        (
            "Nous ne nous sommes pas vus depuis longtemps. Ce que nous savons de vous sera effacé, et vous n’avez rien à "
            "faire :\n\n{days}\n\nVous voulez continuer avec nous, ou garder le lien ? Répondez sur votre page avant ce "
            "jour : rien n’est alors effacé.",
            "We have not met for a long time. What we know about you will be erased, and you need not do anything:"
            "\n\n{days}\n\nDo you want to go on with us, or to stay in touch? Answer on your page before that day: then "
            "nothing is erased.",
        ),
        ("Rester en contact", "Stay in touch"),
    ),
]
