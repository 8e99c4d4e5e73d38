"""What teachers and coordinators fill in."""

from programs.awareness.forms.answering import DeclineForm, PlanForm, first_session, session_form_set
from programs.awareness.forms.asking import (
    HALF_DAY_ROWS,
    ClassFormSet,
    DatesForm,
    KnownClassesForm,
    SchoolForm,
    WishesForm,
)
from programs.awareness.forms.board import BoardForm
from programs.awareness.forms.coming_in import GuardianSignForm, OneselfForm, SignForm
from programs.awareness.forms.pool import FromEventForm, InviteForm, NominationForm, PoolFilterForm

__all__ = [
    "HALF_DAY_ROWS",
    "BoardForm",
    "ClassFormSet",
    "DatesForm",
    "DeclineForm",
    "FromEventForm",
    "GuardianSignForm",
    "InviteForm",
    "KnownClassesForm",
    "NominationForm",
    "OneselfForm",
    "PlanForm",
    "PoolFilterForm",
    "SchoolForm",
    "SignForm",
    "WishesForm",
    "first_session",
    "session_form_set",
]
