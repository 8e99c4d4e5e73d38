"""How every form of the site is written out."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Forms and fields in our look; widgets stay Django's, so the back office keeps its own."""

    form_template_name = "components/form/form.html"
    field_template_name = "components/form/field.html"
