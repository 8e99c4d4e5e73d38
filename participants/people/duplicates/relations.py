"""Everything that points to a record, found in the models themselves and never in a list by hand."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import UniqueConstraint


def pointing_at(model: type[models.Model]) -> list[models.Field]:
    """The fields of all models that point at this one, hidden ones included. Histories are left out: what was said of
    a record that is gone stays said of it."""
    fields = [
        relation.field
        for relation in model._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)
    ]
    pointing = {(field.model._meta.label, field.name): field for field in fields if not is_history(field.model)}
    return [pointing[key] for key in sorted(pointing)]


def is_history(model: type[models.Model]) -> bool:
    return hasattr(model, "pgh_tracked_model")


def may_clash(field: models.Field) -> bool:
    """Whether the rows of two records can stand in each other's way once they point at one."""
    options = field.model._meta
    named = [set(names) for names in options.unique_together]
    for constraint in options.constraints:
        if isinstance(constraint, UniqueConstraint) and constraint.fields:
            named.append(set(constraint.fields))
        elif isinstance(constraint, UniqueConstraint | ExclusionConstraint):
            return True  # of expressions: nobody can tell from the names
    return field.unique or any(field.name in names for names in named)
