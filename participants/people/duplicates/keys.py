"""The keys under which two records of one pupil meet, computed and indexed by the database."""

from django.contrib.postgres.fields import ArrayField
from django.db.models import Func, TextField


class MeetingKeys(Func):
    """Each word of the name as it sounds, with two of the three parts of the birth date (and with its day and month in
    any order): two records that share one key share a word and were born on the same day but for one slip. Equal keys
    are found by an index, however many pupils there are."""

    function = "eoc_meeting_keys"
    output_field = ArrayField(TextField())
