from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class MeasurementConfig(AppConfig):
    name = "impact.measurement"
    label = "measurement"
    verbose_name = _("measurement")

    def ready(self):
        import_string("impact.measurement.exports.register")()
        # Facts are computed again from the presences that a merge moves.
        for fact in ("ReachUnit", "Participation"):
            import_string("participants.people.duplicates.clashes.register")(self.get_model(fact), None)
