"""What we write to families: asking for their word, thanking for it, confirming that it was taken back.

Everything is about one guardian or one pupil, who is also who is written to. A letter is composed when it leaves, so it
says what holds then, and does not leave when there is nothing left to say.
"""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from participants.correspondence import occasions
from participants.correspondence.occasions import Occasion, Pointless
from participants.organisations.school_years import school_year_label, school_year_of
from participants.people import family_links, questions, studies
from participants.people.ages import DECIDES_ALONE
from participants.people.models import Guardian, Pupil

ASKED = "people.consent_asked"
RENEWED = "people.consent_renewed"
SIGNED = "people.consent_signed"
WITHDRAWN = "people.consent_withdrawn"
LINK = "people.family_link"
STUDIES = "people.studies"  # of a pupil only
LEAVING = "people.family_farewell"  # described in `farewells.py`
OF_PUPIL = "_of_pupil"
OF_GUARDIANS = (ASKED, RENEWED, SIGNED, WITHDRAWN, LINK, LEAVING)
OF_PUPILS = (*(key + OF_PUPIL for key in OF_GUARDIANS), STUDIES + OF_PUPIL)

ASKED_ANEW = gettext_noop("A newer mail asks the same.")
NOTHING_LEFT = gettext_noop("Nothing is left to answer.")
TOLD = gettext_noop("The answer is on record.")
NOBODY = gettext_noop("This person is no longer asked anything.")


def register() -> None:
    """Make the occasions known: each once for guardians, once for pupils who decide alone."""
    for key, guardian_label, pupil_label, describe in (
        (ASKED, gettext_lazy("guardian: agreement asked"), gettext_lazy("pupil: agreement asked"), describe_open),
        (RENEWED, gettext_lazy("guardian: agreement ended"), gettext_lazy("pupil: agreement ended"), describe_open),
        (SIGNED, gettext_lazy("guardian: receipt"), gettext_lazy("pupil: receipt"), describe_state),
        (
            WITHDRAWN,
            gettext_lazy("guardian: agreement taken back"),
            gettext_lazy("pupil: agreement taken back"),
            describe_state,
        ),
        (LINK, gettext_lazy("guardian: new link"), gettext_lazy("pupil: new link"), describe_link),
    ):
        common = {"for_families": True, "is_urgent": key == LINK, "has_personal_link": True}
        occasions.register(
            Occasion(key, guardian_label, WORDS, _about(Guardian, describe), None, guardians_of, **common)
        )
        occasions.register(
            Occasion(key + OF_PUPIL, pupil_label, WORDS, _about(Pupil, describe), None, pupils_of, **common)
        )
    occasions.register(
        Occasion(
            STUDIES + OF_PUPIL,
            gettext_lazy("pupil: studies after the bac"),
            ("year", "days"),
            describe_studies,
            None,
            pupils_of,
            for_families=True,
            has_personal_link=True,
        )
    )


WORDS = ("children", "purposes", "state", "days")


def key_for(occasion: str, person: Guardian | Pupil) -> str:
    """The occasion as it is written to this kind of person."""
    return occasion if isinstance(person, Guardian) else occasion + OF_PUPIL


def guardians_of(user):
    return Guardian.objects.visible_to(user)


def pupils_of(user):
    return Pupil.objects.visible_to(user)


def _about(model, describe):
    """The context of an occasion about a row of this model; pointless when nobody is there to be asked."""

    def context(about, recipient):
        person = model.objects.filter(pk=about).first()
        if person is None or (model is Pupil and (person.is_statistic or person.age < DECIDES_ALONE)):
            raise Pointless(NOBODY)
        children = questions.children_of(person) if model is Guardian else questions.of_pupil(person)
        if not children:
            raise Pointless(NOBODY)
        url = reverse("people:family-page", args=[family_links.sign(person)])
        return {"action_url": url, "days": family_links.LASTS.days} | describe(children)

    return context


def describe_open(children) -> dict:
    """The children by first name, and what is still to be answered; pointless when nothing is."""
    waiting = questions.open_questions(children)
    if not waiting:
        raise Pointless(NOTHING_LEFT)
    named = list(dict.fromkeys(question.pupil.first_name for question in waiting))
    titles = dict.fromkeys(question.text.title for question in waiting)
    return {
        "children": in_a_row(named),
        "purposes": "\n".join(f"· {title}" for title in titles),
        "state": "",
    }


def describe_state(children) -> dict:
    """What has been said for each child, and until when it counts."""
    lines = [line for child in children for line in _lines(child)]
    if not lines:
        raise Pointless(NOBODY)
    named = [child.pupil.first_name for child in children]
    return {"children": in_a_row(named), "purposes": "", "state": "\n".join(lines)}


def describe_link(children) -> dict:
    """Only for whom the link opens."""
    return {"children": in_a_row([child.pupil.first_name for child in children]), "purposes": "", "state": ""}


def describe_studies(about, recipient) -> dict:
    """The page on which to say it; pointless once somebody has said it, or may not be asked any more."""
    today = timezone.localdate()
    pupil = studies.to_ask(today).filter(pk=about).first()
    if pupil is None:
        raise Pointless(TOLD)
    return {
        "year": school_year_label(school_year_of(today)),
        "days": family_links.LASTS.days,
        "action_url": reverse("people:family-studies", args=[family_links.sign(pupil)]),
    }


def _lines(child):
    for question in child.everything:
        if question.word is not None:
            yield _("%(child)s, %(purpose)s: %(word)s") % {
                "child": child.pupil.first_name,
                "purpose": question.text.title,
                "word": question.said,
            }


def in_a_row(names) -> str:
    """Lou, Max and Zoé."""
    *first, last = names
    return _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last} if first else last
