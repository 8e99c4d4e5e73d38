from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EocenterConfig(AppConfig):
    name = "eocenter"
    verbose_name = _("the house")
