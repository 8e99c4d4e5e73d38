from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class ActivitiesConfig(AppConfig):
    name = "programs.activities"
    label = "activities"
    verbose_name = _("activities")

    def ready(self):
        import_string("programs.activities.occasions.register")()
        import_string("programs.activities.place_occasions.register")()
        import_string("programs.activities.answerers.register")()
        import_string("programs.activities.exports.register")()
        import_string("programs.activities.subscribers.register")()
        import_string("programs.activities.to_do.register")()
        circles = import_string("participants.people.circles.register")
        circles(import_string("programs.activities.circles.of_volunteers"))
        circles(import_string("programs.activities.circles.of_programmes"), reads_record=True)
        import_string("participants.people.ties.register")(import_string("programs.activities.circles.year_is_used"))
        import_string("participants.people.pupil_panels.register")(import_string("programs.activities.panels.of_pupil"))
        import_string("participants.people.family_offers.register")(
            import_string("programs.activities.registration.open_to_family")
        )
        import_string("programs.activities.merging.register_all")()
        import_string("participants.people.consents.lost").connect(import_string("programs.activities.health.forget"))
        post_migrate.connect(propose_rules, sender=self)


def propose_rules(**kwargs):
    """Write the rules and the questions that do not exist yet; what staff made of them stays."""
    import_string("participants.correspondence.actions.ensure_rules")(
        import_string("programs.activities.letters.RULES")
    )
    import_string("programs.activities.feedback.propose")()
