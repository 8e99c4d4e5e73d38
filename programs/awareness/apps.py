from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class AwarenessConfig(AppConfig):
    name = "programs.awareness"
    label = "awareness"
    verbose_name = _("awareness")

    def ready(self):
        for room in ("occasions", "occasions_of_campaigns", "invitations", "background"):
            import_string(f"programs.awareness.{room}.register")()
        import_string("participants.organisations.panels.register")(
            import_string("programs.awareness.panels.of_school")
        )
        import_string("programs.awareness.pool_letters.register")()
        import_string("programs.awareness.newcomers.register")()
        import_string("programs.awareness.inbox.register")()
        import_string("participants.people.pupil_panels.register")(
            import_string("programs.awareness.panels.pool_of_pupil")
        )
        import_string("participants.people.family_offers.register")(
            import_string("programs.awareness.panels.pool_for_family")
        )
        import_string("programs.awareness.merging.register_all")()
        post_migrate.connect(propose_rules, sender=self)


def propose_rules(**kwargs):
    """Write the rules that do not exist yet; what staff made of them stays."""
    ensure = import_string("participants.correspondence.actions.ensure_rules")
    ensure(import_string("programs.awareness.letters.RULES"))
    ensure(import_string("programs.awareness.occasions_of_campaigns.RULES"))
    ensure(import_string("programs.awareness.pool_letters.RULES"))
    ensure(import_string("programs.awareness.newcomers.RULES"))
