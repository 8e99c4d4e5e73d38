from django.db import models
from django.utils.translation import gettext_lazy as _


class GuestQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the bookings that one may see."""
        bookings = self.model._meta.get_field("booking").related_model
        return self.filter(booking__in=bookings.objects.visible_to(user))


class Guest(models.Model):
    """Somebody of the open public who holds seats: an address to write to and nothing else. It is emptied when the
    term is over; the seats stay in the figures."""

    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(
        _("language"), max_length=2, default="fr", choices=[("fr", _("French")), ("en", _("English"))]
    )
    # Whether somebody answered from this address: until then anybody may have typed it.
    is_proven = models.BooleanField(_("address proven"), default=False, db_default=False, editable=False)
    # Changed to take back every personal link at once.
    link_key = models.PositiveIntegerField(_("link key"), default=1, editable=False)

    objects = GuestQuerySet.as_manager()

    class Meta:
        verbose_name = _("guest")
        verbose_name_plural = _("guests")
        ordering = ["pk"]

    def __str__(self):
        return str(_("open public"))
