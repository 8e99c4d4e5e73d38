from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _

from eocenter.checks import isolation_is_read_committed


class EocenterConfig(AppConfig):
    name = "eocenter"
    verbose_name = _("the house")

    def ready(self):
        register(isolation_is_read_committed, Tags.database)
