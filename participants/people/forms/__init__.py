"""What people fill in."""

from participants.people.forms.joining import ContactJoinForm, PeopleFilterForm, VolunteerForm, VolunteerJoinForm
from participants.people.forms.travel import PupilExportForm, PupilFileForm

__all__ = [
    "ContactJoinForm",
    "PeopleFilterForm",
    "PupilExportForm",
    "PupilFileForm",
    "VolunteerForm",
    "VolunteerJoinForm",
]
