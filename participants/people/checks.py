"""No field about a person without a purpose and a term: `manage.py check --tag privacy`."""

from django.apps import apps
from django.core.checks import Error

from participants.people.models import Category
from participants.people.rights import relations

PRIVACY = "privacy"


def every_field_has_a_term(app_configs=None, **kwargs):
    """Each field of ours is technical, or personal with a category that has a term."""
    privacies = dict(relations.privacies())
    return [
        Error(f"{label} {name} has no purpose and term.", hint=f"Say them in privacy.py of {label}.", id="people.E001")
        for label, privacy in privacies.items()
        for model in apps.get_app_config(label).get_models()
        if not hasattr(model, "pgh_tracked_model") and model.__name__ not in privacy.TECHNICAL
        for field in [*model._meta.concrete_fields, *model._meta.many_to_many]
        if (name := f"{model.__name__}.{field.name}") not in privacy.TECHNICAL
        and field.name != "id"
        and getattr(privacy.PERSONAL.get(name), "category", "") not in Category.values
    ]
