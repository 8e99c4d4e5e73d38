from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class CorrespondenceConfig(AppConfig):
    name = "participants.correspondence"
    label = "correspondence"
    verbose_name = _("correspondence")

    def ready(self):
        import_string("participants.correspondence.notices.register")()
        post_migrate.connect(write_rules, sender=self)


def write_rules(**_kwargs):
    """The rules the app comes with, once its tables are there; what staff made of them stays."""
    import_string("participants.correspondence.actions.ensure_rules")(
        import_string("participants.correspondence.notices.RULES")
    )
