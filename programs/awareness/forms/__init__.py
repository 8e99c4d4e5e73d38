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

__all__ = [
    "HALF_DAY_ROWS",
    "BoardForm",
    "ClassFormSet",
    "DatesForm",
    "DeclineForm",
    "KnownClassesForm",
    "PlanForm",
    "SchoolForm",
    "WishesForm",
    "first_session",
    "session_form_set",
]
