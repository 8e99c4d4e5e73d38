"""What measurement holds about a person, why and until when."""

from django.utils.translation import gettext_lazy as _

from participants.accounts.classification import Fate, Personal, Relation

# Facts are recomputed from records: once a pupil's records are erased, so are these.
COUNTING = Personal(_("count each young person once"), _("as long as the records that they come from"), "pupil")

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

# Facts move to the nameless row at once, so that no figure is ever less in between.
_WHERE = ("within", "within_id", "school_year", "level", "school", "organisation", "class_group", "session")
RELATIONS = {
    "ReachUnit.pupil": Relation(Fate.COPY, keeps=(*_WHERE, "count", "girls", "boys")),
    "Participation.pupil": Relation(Fate.COPY, keeps=(*_WHERE, "sex", "attended", "expected", "minutes")),
}
