from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from eocenter.checks import isolation_is_read_committed


class EocenterConfig(AppConfig):
    name = "eocenter"
    verbose_name = _("the house")

    def ready(self):
        import_string("eocenter.to_do.register")()
        register(isolation_is_read_committed, Tags.database)
