from allauth.account.signals import user_logged_in
from django.apps import AppConfig
from django.core.checks import register
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "participants.people"
    label = "people"
    verbose_name = _("people")

    def ready(self):
        import_string("participants.organisations.panels.register")(
            import_string("participants.people.panels.of_school")
        )
        import_string("participants.organisations.panels.register")(
            import_string("participants.people.panels.rosters_of_school")
        )
        import_string("participants.people.family_offers.register")(
            import_string("participants.people.panels.studies_for_family")
        )
        import_string("participants.people.jobs.register")()

        import_string("participants.people.farewells.register")()
        import_string("participants.people.rights.archive.register")()
        post_migrate.connect(propose, sender=self, dispatch_uid="people.propose")
        register(import_string("participants.people.checks.every_field_has_a_term"), "privacy")
        import_string("participants.people.duplicates.rules.register_all")()
        user_logged_in.connect(import_string("participants.people.doors.walk_in"), dispatch_uid="people.walk_in")
        import_string("participants.people.imports.register")()
        import_string("participants.people.exports.register")()
        for room in ("addressees", "occasions", "photo_lists"):
            import_string(f"participants.people.{room}.register")()
        post_migrate.connect(write_what_families_read, sender=self)


def write_what_families_read(**_kwargs):
    """The texts and letters that the app comes with, once its tables are there; what staff made of them stays."""
    import_string("participants.people.consent_texts.publish_first_versions")()
    import_string("participants.correspondence.actions.ensure_rules")(
        import_string("participants.people.letters.RULES")
    )


def propose(**kwargs):
    """Write the terms and the rules that do not exist yet; what the officer and staff made of them stays."""
    import_string("participants.people.rights.terms.propose")()
    import_string("participants.correspondence.actions.ensure_rules")(
        import_string("participants.people.farewells.RULES")
    )
