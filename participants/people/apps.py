from allauth.account.signals import user_logged_in
from django.apps import AppConfig
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
        import_string("participants.people.jobs.register")()
        user_logged_in.connect(import_string("participants.people.doors.walk_in"), dispatch_uid="people.walk_in")
        import_string("participants.people.imports.register")()
        import_string("participants.people.exports.register")()
