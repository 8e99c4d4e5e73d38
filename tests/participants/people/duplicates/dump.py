"""Every row of ours, as the database writes it: what must be the same before a merge and after its undoing."""

from django.db import connection

from participants.people.duplicates.relations import pointing_at
from participants.people.models import Merge, Pupil
from programs.activities.models import Change
from tests.world import own_models

# Facts are computed again: the same facts under other numbers. Notes come and go; the merge itself stays as undone.
WITHOUT = {"measurement.ReachUnit": {"id"}, "measurement.Participation": {"id"}}
NOT_COMPARED = {Change, Merge}


def dump():
    return {model._meta.label: _rows(model) for model in own_models() if model not in NOT_COMPARED}


def _rows(model):
    left_out = "".join(f" - '{column}'" for column in WITHOUT.get(model._meta.label, ()))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT (to_jsonb(t){left_out})::text FROM {model._meta.db_table} t ORDER BY 1")
        return [row for (row,) in cursor.fetchall()]


def pointers_to(pupil_id):
    """model.field -> how many rows point at this number."""
    counts = {
        f"{field.model._meta.label}.{field.name}": field.model._base_manager.filter(**{field.attname: pupil_id}).count()
        for field in pointing_at(Pupil)
    }
    return {name: count for name, count in counts.items() if count}
