"""What people type about themselves and about those they answer for, a noun a file."""

from participants.people.forms.consents import ConsentTextForm, FamilyForm, NewLinkForm, PaperForm
from participants.people.forms.duplicates import DuplicateFilterForm, MergeForm
from participants.people.forms.guardians import GuardianForm
from participants.people.forms.joining import ContactJoinForm, PeopleFilterForm, VolunteerForm, VolunteerJoinForm
from participants.people.forms.promotion import ConfirmAloneForm, ConfirmClassForm, PromotionForm
from participants.people.forms.pupils import (
    EnrolForm,
    FactsForm,
    NoteForm,
    PupilEntryForm,
    PupilFilterForm,
    PupilForm,
    YearForm,
)
from participants.people.forms.studies import OwnStudyForm, StudyForm
from participants.people.forms.travel import PupilExportForm, PupilFileForm

__all__ = [
    "ConfirmAloneForm",
    "ConfirmClassForm",
    "ConsentTextForm",
    "ContactJoinForm",
    "DuplicateFilterForm",
    "EnrolForm",
    "FactsForm",
    "FamilyForm",
    "GuardianForm",
    "MergeForm",
    "NewLinkForm",
    "NoteForm",
    "OwnStudyForm",
    "PaperForm",
    "PeopleFilterForm",
    "PromotionForm",
    "PupilEntryForm",
    "PupilExportForm",
    "PupilFileForm",
    "PupilFilterForm",
    "PupilForm",
    "StudyForm",
    "VolunteerForm",
    "VolunteerJoinForm",
    "YearForm",
]
