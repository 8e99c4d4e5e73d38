"""Users, the roles they hold, and until when."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Upper
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from participants.accounts import history
from participants.accounts.office import opens
from participants.accounts.roles import ROLES, STAFF_ROLES, Permission, Role, Scope, roles_with


class UserQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Oneself; every user for those who manage users."""
        if user.can(Permission.USER_MANAGE):
            return self
        return self.filter(pk=user.pk)

    def active(self):
        return self.filter(is_active=True)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    use_in_migrations = True

    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        user = self.create_user(email, password, **fields)
        Grant.objects.create(user=user, role=Role.ADMINISTRATOR)
        return user

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


@history.track(exclude=["password", "last_login"])
class User(AbstractBaseUser):
    """A way to sign in, and nothing more: who a person is stands in `people`. What they may do are their grants:
    there are no groups, no superusers and no rights of Django's own beside them."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="fr")
    is_active = models.BooleanField(_("active"), default=True)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    # Changed to take back every personal link (calendar feed, confirmation mail) at once.
    link_key = models.PositiveIntegerField(_("link key"), default=1, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["email"]
        indexes = [
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="accounts_user_name_search"),
            GinIndex(OpClass(F("email"), name="gin_trgm_ops"), name="accounts_user_email_search"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="accounts_user_email_lower_case",
                violation_error_message=_("Write the e-mail address in lower case."),
            )
        ]

    def __str__(self):
        return self.name or self.email

    def clean(self):
        super().clean()
        self.email = self.email.lower()

    def get_full_name(self):
        return self.name or self.email

    def get_short_name(self):
        return self.name or self.email

    @cached_property
    def live_grants(self):
        """The grants that count now; read once a request, never remembered longer, so that an end date acts."""
        return list(self.grants.live()) if self.is_active else []

    @cached_property
    def live_roles(self):
        return frozenset(grant.role for grant in self.live_grants)

    def can(self, permission: Permission) -> bool:
        """Whether one of the live roles has this permission somewhere; `visible_to` says on what."""
        return any(permission in ROLES[role].permissions for role in self.live_roles)

    def can_everywhere(self, permission: Permission) -> bool:
        """Whether a live role has this permission on the whole center."""
        return any(
            permission in ROLES[role].permissions and ROLES[role].scope == Scope.CENTER for role in self.live_roles
        )

    @property
    def needs_second_factor(self) -> bool:
        return bool(self.live_roles & STAFF_ROLES)

    @property
    def is_staff(self) -> bool:
        """Whether the back office opens: asked anew at each request, so that it closes when the grant ends."""
        return self.can(Permission.OFFICE)

    def has_perm(self, perm: str, obj=None) -> bool:
        """Django's question about its `app.action_model`, answered from the roles."""
        return opens(perm, self.can)

    def has_perms(self, perms, obj=None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff


class GrantQuerySet(models.QuerySet):
    def live(self, at=None):
        today = timezone.localdate(at) if at else timezone.localdate()
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=today), starts_on__lte=today)

    def with_permission(self, permission: Permission):
        return self.filter(role__in=roles_with(permission))

    def visible_to(self, user):
        if user.can(Permission.USER_MANAGE):
            return self
        return self.filter(user=user)


@history.track()
class Grant(models.Model):
    """A role given to a user for a time. Its scope (which organisations, which territory) is a row of the app that
    knows the noun; a role that needs a scope and has none sees nothing."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants", verbose_name=_("user"))
    role = models.CharField(_("role"), max_length=30, choices=Role)
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    given_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="grants_given", verbose_name=_("given by")
    )

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        ordering = ["role", "starts_on"]
        constraints = [
            models.CheckConstraint(
                # A grant taken back on its first day ended the day before: it never counted.
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on") - timedelta(days=1)),
                name="accounts_grant_dates_ordered",
                violation_error_message=_("The grant ends before it starts."),
            ),
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=Q(ends_on=None),
                name="accounts_grant_one_open_per_role",
                violation_error_message=_("This user already has this role."),
            ),
        ]

    def __str__(self):
        return f"{self.get_role_display()}: {self.user}"
