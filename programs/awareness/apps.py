from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class AwarenessConfig(AppConfig):
    name = "programs.awareness"
    label = "awareness"
    verbose_name = _("awareness")

    def ready(self):
        import_string("programs.awareness.occasions.register")()
        import_string("participants.organisations.panels.register")(
            import_string("programs.awareness.panels.of_school")
        )
        post_migrate.connect(propose_rules, sender=self)


def propose_rules(**kwargs):
    """Write the rules that do not exist yet; what staff made of them stays."""
    import_string("participants.correspondence.actions.ensure_rules")(import_string("programs.awareness.letters.RULES"))
