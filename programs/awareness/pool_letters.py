"""What we write to young people of the talent pool: an invitation, asked again for its agreement when it leaves."""

from django.urls import reverse
from django.utils.translation import gettext_lazy, gettext_noop

from participants.accounts.dates import say_span
from participants.correspondence import occasions
from participants.correspondence.actions import rule_in_pairs
from participants.correspondence.occasions import Occasion, Pointless
from participants.people import family_links
from programs.activities.answerers import person_behind
from programs.awareness import pool
from programs.awareness.models import PoolEntry, PoolInvitation

INVITED = "awareness.pool_invitation"
WORDS = ("child", "title", "dates", "reason")


def register() -> None:
    """Make the occasion known: it writes to families, and its button is a personal link."""
    occasions.register(
        Occasion(
            INVITED,
            gettext_lazy("talent pool: invitation"),
            WORDS,
            describe,
            abouts_visible_to=PoolInvitation.objects.visible_to,
            for_families=True,
            has_personal_link=True,
        )
    )


def describe(about, recipient):
    invitation = PoolInvitation.objects.select_related("activity", "round", "pupil").filter(pk=about).first()
    if invitation is None:
        raise Pointless(gettext_noop("The invitation no longer exists."))
    # The one door: taken back a second ago, it is not sent.
    if not PoolEntry.objects.contactable().filter(pupil=invitation.pupil).exists():
        raise Pointless(gettext_noop("This family no longer wishes to be written to."))
    if recipient.reference not in {person.reference for person in pool.people_of(invitation.pupil)}:
        raise Pointless(gettext_noop("This person no longer answers for the young person."))
    sessions = pool.open_sessions().filter(activity=invitation.activity).order_by("starts_at", "pk")[:5]
    if not sessions:
        raise Pointless(gettext_noop("Nobody can register for this activity any more."))
    link = family_links.sign(person_behind(recipient))
    return {
        "child": invitation.pupil.first_name,
        "title": invitation.activity.title,
        "dates": "\n".join(f"· {say_span(one.starts_at, one.ends_at, one.zone)}" for one in sessions),
        "reason": invitation.round.reason,
        "action_url": reverse("awareness:family-pool", args=[link]),
    }


RULES = [
    rule_in_pairs(
        "awareness-pool-invitation",
        INVITED,
        ("Pour {child} : {title}", "For {child}: {title}"),
        (
            "Vous avez demandé à entendre parler de la suite. Voici une proposition pour {child} :\n\n{title}\n{dates}\n\n"
            "Pourquoi cette invitation : {reason}\n\n"
            "Le bouton ouvre votre page, sans compte ni mot de passe : vous pouvez vous y inscrire, ou ne plus recevoir "
            "d’invitations, d’un geste. Nous n’écrivons jamais plus d’une fois par quinzaine.",
            "You asked to hear about what comes next. Here is a proposal for {child}:\n\n{title}\n{dates}\n\n"
            "Why this invitation: {reason}\n\n"
            "The button opens your page, without account or password: register there, or stop these invitations with one "
            "tap. We never write more than once a fortnight.",
        ),
        ("Voir la proposition", "See the proposal"),
    )
]
