"""What people fill in."""

from participants.people.forms.joining import ContactJoinForm, PeopleFilterForm, VolunteerForm, VolunteerJoinForm
from participants.people.forms.promotion import ConfirmClassForm, PromotionForm
from participants.people.forms.pupils import (
    EnrolForm,
    FactsForm,
    NoteForm,
    PupilEntryForm,
    PupilFilterForm,
    PupilForm,
    YearForm,
)
from participants.people.forms.travel import PupilExportForm, PupilFileForm

__all__ = [
    "ConfirmClassForm",
    "ContactJoinForm",
    "EnrolForm",
    "FactsForm",
    "NoteForm",
    "PeopleFilterForm",
    "PromotionForm",
    "PupilEntryForm",
    "PupilExportForm",
    "PupilFileForm",
    "PupilFilterForm",
    "PupilForm",
    "VolunteerForm",
    "VolunteerJoinForm",
    "YearForm",
]
