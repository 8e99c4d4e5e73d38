"""What measurement holds about a person, why and until when."""

from django.utils.translation import gettext_lazy as _

from participants.accounts.classification import Personal

# Facts are recomputed from records: once a pupil's records are erased, so are these.
COUNTING = Personal(_("count each young person once"), _("as long as the records that they come from"))

PERSONAL = {
    "ReachUnit.pupil": COUNTING,
    "ReachUnit.school": COUNTING,
    "ReachUnit.class_group": COUNTING,
    "ReachUnit.level": COUNTING,
    "ReachUnit.girls": COUNTING,
    "ReachUnit.boys": COUNTING,
    "ReachUnit.session": COUNTING,
    "Participation.pupil": COUNTING,
    "Participation.sex": COUNTING,
    "Participation.school": COUNTING,
    "Participation.class_group": COUNTING,
    "Participation.level": COUNTING,
    "Participation.session": COUNTING,
    "Participation.attended": COUNTING,
    "Participation.expected": COUNTING,
    "Participation.minutes": COUNTING,
}
TECHNICAL = {
    "Target",
    *(f"ReachUnit.{name}" for name in ("within", "within_id", "school_year", "organisation", "count")),
    *(f"Participation.{name}" for name in ("within", "within_id", "school_year", "organisation")),
}
