"""A talk soon that misses its speaker, and the search that asks the next few."""

import datetime as dt

from django.utils import timezone

from programs.activities import fitting
from programs.activities.models import Asking, Assignment, Kit, KitOpening, Session, SpeakerSearch, WhatIf

ROUNDS = [("declined", "invited", "declined"), ("invited", "invited", "invited")]
HOUR = dt.timedelta(hours=1)


WHAT_IFS = [
    (
        "La classe ne pose pas de questions ?",
        "The class asks nothing?",
        "Demandez à chacun d’écrire une question sur un papier, puis tirez-en trois.",
        "Ask everybody to write a question on a slip of paper, then draw three.",
    ),
    (
        "Un élève vous confie quelque chose de grave ?",
        "A pupil tells you something serious?",
        "Écoutez, ne promettez pas le secret, et prévenez aussitôt le contact sur place.",
        "Listen, do not promise to keep it secret, and tell the contact on site at once.",
    ),
]


def build_kit():
    """The talk that most volunteers give next: half of them have opened its kit."""
    session = Session.objects.upcoming().filter(volunteers_confirmed__gte=2, activity__kind="talk").first()
    if session is None:
        return
    kit = Kit.objects.create(
        activity=session.activity,
        briefing_fr="Racontez votre parcours en dix minutes, avec un échec et ce qu’il vous a appris.\n\n"
        "Laissez la moitié du temps aux questions.",
        briefing_en="Tell your story in ten minutes, with one failure and what you learned from it.\n\n"
        "Leave half of the time for questions.",
        transport_fr="Regardez l’itinéraire la veille ; comptez vingt minutes de marge et dix pour l’accueil.",
        transport_en="Look up the way the day before; allow twenty minutes to spare and ten for the reception.",
    )
    for question_fr, question_en, answer_fr, answer_en in WHAT_IFS:
        WhatIf.objects.create(
            kit=kit, question_fr=question_fr, question_en=question_en, answer_fr=answer_fr, answer_en=answer_en
        )
    KitOpening.objects.create(assignment=session.assignments.confirmed().first())


def build_search(coordinator):
    """The second round is open, nobody has said yes."""
    sessions = Session.objects.upcoming().with_free_places().filter(school__isnull=False, activity__kind="talk")
    session = sessions.select_related("activity", "school").order_by("starts_at", "pk").first()
    if session is None:
        return
    now = timezone.now()
    search = SpeakerSearch.objects.create(
        session=session,
        size=3,
        minutes=120,
        seed=2026,
        started_by=coordinator,
        started_at=now - 3 * HOUR,
        round=len(ROUNDS),
        round_ends_at=now + HOUR,
    )
    fits, _left_out = fitting.look(session, by=coordinator, seed=search.seed)
    people = iter(fits)
    for number, states in enumerate(ROUNDS, start=1):
        for state, fit in zip(states, people, strict=False):
            asked_at = now - (5 - 2 * number) * HOUR
            assignment = Assignment.objects.create(
                session=session, volunteer=fit.volunteer, state=state, applied_at=asked_at
            )
            Asking.objects.create(
                search=search, assignment=assignment, round=number, asked_at=asked_at, reasons=fit.reasons
            )
