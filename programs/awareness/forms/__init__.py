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
from programs.awareness.forms.pool import FromEventForm, InviteForm, NominationForm, PoolFilterForm

__all__ = [
    "HALF_DAY_ROWS",
    "BoardForm",
    "ClassFormSet",
    "DatesForm",
    "DeclineForm",
    "FromEventForm",
    "InviteForm",
    "KnownClassesForm",
    "NominationForm",
    "PlanForm",
    "PoolFilterForm",
    "SchoolForm",
    "WishesForm",
    "first_session",
    "session_form_set",
]
