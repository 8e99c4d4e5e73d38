"""What people fill in."""

from participants.people.forms.joining import ContactJoinForm, PeopleFilterForm, VolunteerForm, VolunteerJoinForm

__all__ = ["ContactJoinForm", "PeopleFilterForm", "VolunteerForm", "VolunteerJoinForm"]
