from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from participants.accounts import history
from participants.accounts.models import Grant
from participants.accounts.roles import Permission
from participants.accounts.text import Fold
from participants.organisations.models.territory import Territory
from participants.organisations.uai import validate_siret, validate_uai


class OrganisationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Names of organisations are public facts among people who have signed in."""
        return self

    def reaches_center(self, user, permission: Permission) -> bool:
        """Whether a live role gives this permission on the whole center, by itself or by a scope on the center."""
        named = GrantScope.objects.live(user, permission).filter(organisation__kind=Organisation.Kind.CENTER)
        return user.can_everywhere(permission) or (user.can(permission) and named.exists())

    def managed_by(self, user, permission: Permission):
        """The organisations on which a live role gives this permission: all of them for a role on the whole center
        and for a scope on the center itself, else those named in the grants' scopes and what belongs to them."""
        if self.reaches_center(user, permission):
            return self
        ids = GrantScope.objects.live(user, permission).filter(organisation__isnull=False).values("organisation")
        return self.filter(Q(pk__in=ids) | Q(parent__in=ids))


class Organisation(models.Model):
    """Whatever is not a lycée or a collège: the center, member schools, clubs, offices, partners."""

    class Kind(models.TextChoices):
        CENTER = "center", _("equal opportunity center")
        MEMBER_SCHOOL = "member_school", _("member school")
        CLUB = "club", _("student club")
        OFFICE = "office", _("school office")
        ASSOCIATION = "association", _("partner association")
        AUTHORITY = "authority", _("local authority")
        BUSINESS = "business", _("business")
        STATE = "state", _("State body")

    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    sort_name = models.GeneratedField(
        expression=Fold("name"), output_field=models.TextField(), db_persist=True, verbose_name=_("sort name")
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("belongs to")
    )
    uai = models.CharField(_("UAI"), max_length=8, unique=True, null=True, blank=True, validators=[validate_uai])
    # One SIREN can cover several schools: an attribute, never a key.
    siret = models.CharField(_("SIRET"), max_length=14, blank=True, validators=[validate_siret])
    email_domain = models.CharField(
        _("e-mail domain"), max_length=100, blank=True, help_text=_("Students with such an address are ours.")
    )
    website = models.URLField(_("website"), blank=True)
    city = models.CharField(_("town"), max_length=100, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["sort_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(kind="center"),
                name="organisations_organisation_one_center",
                violation_error_message=_("There is already a center."),
            ),
            models.CheckConstraint(
                # IS NOT NULL in words: a comparison with NULL is unknown, and a CHECK lets the unknown pass.
                condition=Q(latitude=None, longitude=None)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="organisations_organisation_position_whole",
                violation_error_message=_("Give both latitude and longitude, in degrees."),
            ),
        ]

    def __str__(self):
        return self.short_name or self.name

    def get_absolute_url(self):
        return reverse("organisations:organisation-detail", args=[self.pk])


class GrantScopeQuerySet(models.QuerySet):
    def live(self, user, permission: Permission):
        return self.filter(grant__in=Grant.objects.live().with_permission(permission).filter(user=user))

    def visible_to(self, user):
        return self.filter(grant__in=Grant.objects.visible_to(user))


@history.track()
class GrantScope(models.Model):
    """On what a grant counts: one organisation (and what belongs to it), one school or one territory."""

    grant = models.ForeignKey(Grant, models.CASCADE, related_name="scopes", verbose_name=_("grant"))
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    school = models.ForeignKey(
        "organisations.School", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("school")
    )
    territory = models.ForeignKey(
        Territory, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("territory")
    )

    objects = GrantScopeQuerySet.as_manager()

    class Meta:
        verbose_name = _("scope of a grant")
        verbose_name_plural = _("scopes of grants")
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(organisation__isnull=False, school=None, territory=None)
                    | Q(organisation=None, school__isnull=False, territory=None)
                    | Q(organisation=None, school=None, territory__isnull=False)
                ),
                name="organisations_grantscope_one_noun",
                violation_error_message=_("Name one thing: an organisation, a school or a territory."),
            ),
            models.UniqueConstraint(
                fields=["grant", "organisation", "school", "territory"],
                nulls_distinct=False,
                name="organisations_grantscope_once",
                violation_error_message=_("The grant already counts there."),
            ),
        ]

    def __str__(self):
        return f"{self.grant} · {self.organisation or self.school or self.territory}"
