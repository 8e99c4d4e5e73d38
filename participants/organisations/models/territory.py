from django.db import models
from django.utils.translation import gettext_lazy as _


class TerritoryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Territories are public facts: everyone who has signed in."""
        return self


class Territory(models.Model):
    """A région, an académie or a département, by its official code. A département lies in one of each of the others."""

    class Kind(models.TextChoices):
        REGION = "region", _("région")
        ACADEMIE = "academie", _("académie")
        DEPARTEMENT = "departement", _("département")

    class Zone(models.TextChoices):
        A = "A", _("zone A")
        B = "B", _("zone B")
        C = "C", _("zone C")
        OWN = "own", _("own calendar")

    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    # Two or three characters, never a number: 2A, 2B, 974. Written as INSEE does, without the leading zero of 093.
    code = models.CharField(_("code"), max_length=3)
    name = models.CharField(_("name"), max_length=80)
    sort_key = models.CharField(_("sort key"), max_length=4, editable=False)
    region = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("région"),
        limit_choices_to={"kind": "region"},
    )
    academie = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("académie"),
        limit_choices_to={"kind": "academie"},
    )
    zone = models.CharField(_("holiday zone"), max_length=3, choices=Zone, blank=True)

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("territory")
        verbose_name_plural = _("territories")
        ordering = ["kind", "sort_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "code"],
                name="organisations_territory_code_once_per_kind",
                violation_error_message=_("This territory already exists."),
            )
        ]

    def __str__(self):
        return f"{self.name} ({self.code})" if self.kind == self.Kind.DEPARTEMENT else self.name

    def save(self, *args, **kwargs):
        # 2A and 2B stand where 20 would: 19 < 20A < 20B < 21.
        self.sort_key = self.code.replace("2A", "20A").replace("2B", "20B")
        super().save(*args, **kwargs)
