"""The addresses of the back office, to whom the decisions open each, and whose rows are whose."""

from django.contrib.admin import site

from participants.accounts.roles import Permission
from programs.activities.admin import ManagedAdmin
from tests.harness.matrix import decisions, roles_of

# What an address of a table does, by the end of its name.
OF_A_ROW = ("change", "history", "delete")
OF_FILES = ("import", "process_import", "export")
READS = ("changelist", "change", "history", "export")


def table_of(model):
    return f"{model._meta.app_label}.{model._meta.model_name}"


def routes_of(model):
    """What it does -> name of the route, of all that the back office has for a table."""
    prefix = f"{model._meta.app_label}_{model._meta.model_name}_"
    names = [url.name for url in site._registry[model].get_urls() if getattr(url, "name", None)]
    return {name.removeprefix(prefix): f"admin:{name}" for name in names}


def may(model, kind):
    """The roles to whom an address of a table opens: those who look or change, unless the decisions name others."""
    rule = decisions()["office"][table_of(model)]
    named = {} if kind == "change" else rule
    return roles_of(named.get(kind.removeprefix("process_"), rule["look" if kind in READS else "change"]))


def first_of(model, user, *, seen):
    """The key of a row that is this person's to see, or of one that is not."""
    rows = model._base_manager.all()
    if hasattr(model._default_manager, "visible_to"):
        own = _own(model, user).values("pk")
        rows = rows.filter(pk__in=own) if seen else rows.exclude(pk__in=own)
    elif not seen:
        return None
    return rows.order_by("pk").values_list("pk", flat=True).first()


def _own(model, user):
    if isinstance(site._registry[model], ManagedAdmin):
        return model.objects.managed_by(user, Permission.SESSION_MANAGE)
    return model._default_manager.visible_to(user)
