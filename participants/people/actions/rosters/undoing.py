"""Take a class list back as a whole."""

from django.db import transaction

from participants.people.actions.rosters.sending import lock_roster, settle
from participants.people.actions.undoing import MODELS, take_back
from participants.people.models import Roster


@transaction.atomic
def undo_roster(*, roster, by) -> Roster:
    """Bring everything back to what it was before the list; refused, with the reasons, when it was used since."""
    roster = lock_roster(roster, states=[Roster.State.APPLIED], by=by)
    take_back({kind: roster.effects.filter(kind=kind) for kind in MODELS})
    roster.effects.all().delete()
    settle(roster, Roster.State.UNDONE, by)
    return roster
