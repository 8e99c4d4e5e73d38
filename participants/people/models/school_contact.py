from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from participants.accounts import history
from participants.accounts.paging import InTurn
from participants.accounts.roles import Permission
from participants.organisations.models import School
from participants.people.models.person import Person


class SchoolContactQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Oneself; every contact for those whose role shows contacts."""
        if user.can(Permission.CONTACT_VIEW):
            return self
        return self.filter(user=user)


@history.track()
class SchoolContact(Person):
    """A teacher, a head or a referent: whoever speaks for a school."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="school_contact", verbose_name=_("user")
    )
    phone = models.CharField(_("telephone"), max_length=30, blank=True)

    objects = SchoolContactQuerySet.as_manager()

    class Meta(Person.Meta):
        verbose_name = _("school contact")
        verbose_name_plural = _("school contacts")


class SchoolPostQuerySet(models.QuerySet):
    def visible_to(self, user):
        if user.can(Permission.CONTACT_VIEW):
            return self
        return self.filter(contact__in=SchoolContact.objects.visible_to(user))

    def pending(self):
        return self.filter(state=SchoolPost.State.PENDING)

    def verified(self):
        return self.filter(state=SchoolPost.State.VERIFIED)

    def waiting_first(self):
        """In the order in which a coordinator acts: undecided by age, then the others by name."""
        others = self.exclude(state=SchoolPost.State.PENDING)
        return InTurn(self, self.pending().order_by("claimed_at", "pk"), others.order_by("contact__sort_name", "pk"))


@history.track()
class SchoolPost(models.Model):
    """That a contact works in a school: claimed, then proven by an address of the school or by a coordinator.
    The grant's scope that opens the school's pages exists only while the post is verified."""

    class Function(models.TextChoices):
        TEACHER = "teacher", _("teacher")
        HEAD = "head", _("head teacher")
        REFERENT = "referent", _("lead contact")
        OTHER = "other", _("other")

    class State(models.TextChoices):
        PENDING = "pending", _("waiting for approval")
        VERIFIED = "verified", _("verified")
        REFUSED = "refused", _("refused")
        ENDED = "ended", _("ended")

    class Proof(models.TextChoices):
        SCHOOL_ADDRESS = "school_address", _("address of the school (ce.…)")
        ACADEMIC_DOMAIN = "academic_domain", _("address of the académie")
        SCHOOL_DOMAIN = "school_domain", _("address of the school’s domain")
        COORDINATOR = "coordinator", _("approved by a coordinator")

    LIVE = [State.PENDING, State.VERIFIED]

    contact = models.ForeignKey(SchoolContact, models.CASCADE, related_name="posts", verbose_name=_("contact"))
    school = models.ForeignKey(School, models.PROTECT, related_name="posts", verbose_name=_("school"))
    function = models.CharField(_("function"), max_length=10, choices=Function, default=Function.TEACHER)
    subject = models.CharField(_("subject taught"), max_length=80, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PENDING)
    proof = models.CharField(_("proof"), max_length=20, choices=Proof, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    claimed_at = models.DateTimeField(_("claimed"), auto_now_add=True)

    objects = SchoolPostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post in a school")
        verbose_name_plural = _("posts in schools")
        ordering = ["school", "contact"]
        indexes = [
            models.Index(fields=["claimed_at", "id"], condition=Q(state="pending"), name="people_schoolpost_waiting")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "school"],
                condition=Q(state__in=["pending", "verified"]),
                name="people_schoolpost_one_live_per_school",
                violation_error_message=_("This contact is already attached to this school."),
            ),
            models.CheckConstraint(
                condition=~Q(state="verified") | (~Q(proof="") & Q(decided_at__isnull=False)),
                name="people_schoolpost_verified_has_proof",
                violation_error_message=_("A verified post says how and when it was proven."),
            ),
        ]

    def __str__(self):
        return f"{self.contact} · {self.school}"
