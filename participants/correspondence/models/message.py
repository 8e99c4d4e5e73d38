from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now, Upper
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from participants.accounts.models import User
from participants.accounts.roles import Permission
from participants.correspondence import addressees, occasions
from participants.correspondence.models.rule import Rule


class MessageQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those who may see messages see the ones about what they may see; roles on the whole center see all."""
        if user.can_everywhere(Permission.MESSAGE_VIEW):
            return self
        if not user.can(Permission.MESSAGE_VIEW):
            return self.none()
        seen = Q(pk__in=[])
        for abouts_visible_to, keys in occasions.keys_by_door().items():
            seen |= Q(occasion__in=keys, about__in=abouts_visible_to(user).order_by().values("pk"))
        return self.filter(seen)

    def matching(self, words):
        """Messages to whoever has these words in the address or the name."""
        named = User.objects.filter(name__icontains=words).order_by("pk").values_list("pk", flat=True)[:500]
        return self.filter(Q(address__contains=words.lower()) | Q(recipient__in=list(named)) | Q(name__icontains=words))

    def unsent(self):
        return self.filter(state__in=(Message.State.PLANNED, Message.State.HELD))

    def uncertain(self):
        return self.filter(state=Message.State.UNKNOWN)


class Message(models.Model):
    """One mail to one person: a row before it is a mail, so that it is neither lost nor sent twice by our doing."""

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("message", "planned")
        HELD = "held", pgettext_lazy("message", "held")
        SENDING = "sending", pgettext_lazy("message", "being sent")
        SENT = "sent", pgettext_lazy("message", "sent")
        UNKNOWN = "unknown", pgettext_lazy("message", "perhaps sent")
        FAILED = "failed", pgettext_lazy("message", "failed")
        CANCELLED = "cancelled", pgettext_lazy("message", "cancelled")

    # Without a rule it is a mail of the house itself (sign-in code, test): its text is shown to nobody and is erased
    # once it is sent. A rule's text is written at the moment of sending, and kept as it left.
    rule = models.ForeignKey(
        Rule, models.PROTECT, null=True, blank=True, related_name="messages", verbose_name=_("rule")
    )
    recipient = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="messages", verbose_name=_("recipient")
    )
    # Who is meant when there is no account (addressees.py): a reference, and the name at the time of writing it down.
    addressee = models.CharField(_("addressee without an account"), max_length=60, blank=True, db_default="")
    name = models.CharField(_("name"), max_length=170, blank=True, db_default="")
    address = models.EmailField(_("address"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, db_default="fr")
    occasion = models.CharField(_("occasion"), max_length=60, blank=True, db_default="")
    about = models.BigIntegerField(_("about"), null=True, blank=True)
    key = models.CharField(_("key"), max_length=120, blank=True, db_default="")
    is_urgent = models.BooleanField(_("urgent"), db_default=False)
    due_at = models.DateTimeField(_("due"), db_default=Now())
    state = models.CharField(_("state"), max_length=10, choices=State, db_default=State.PLANNED)
    reason = models.CharField(_("reason"), max_length=200, blank=True, db_default="")
    attempts = models.PositiveSmallIntegerField(_("attempts"), db_default=0)
    # Who works on the row and until when; a worker that dies gives it back by letting this moment pass.
    claim = models.UUIDField(_("claim"), null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(_("leased until"), null=True, blank=True, editable=False)
    # The left part of the Message-ID: the same however often we try, so that a mailbox can tell a repetition.
    token = models.UUIDField(_("token"), unique=True, db_default=RandomUUID(), editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    created_at = models.DateTimeField(_("written"), db_default=Now(), editable=False)
    subject = models.CharField(_("subject"), max_length=300, blank=True, db_default="")
    text = models.TextField(_("text"), blank=True, db_default="")
    html = models.TextField(_("HTML text"), blank=True, db_default="")

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-due_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "recipient", "key"],
                name="correspondence_message_once",
                violation_error_message=_("This person already has this message."),
            ),
            models.UniqueConstraint(
                fields=["rule", "address", "key"],
                condition=Q(recipient=None, rule__isnull=False),
                name="correspondence_message_once_to_address",
                violation_error_message=_("This person already has this message."),
            ),
            models.CheckConstraint(
                condition=Q(address__regex=r"^[^@\s,;<>]+@[^@\s,;<>]+$"),
                name="correspondence_message_one_address",
                violation_error_message=_("A message goes to one address."),
            ),
            models.CheckConstraint(
                condition=Q(rule=None)
                | (Q(recipient__isnull=False) | ~Q(addressee="")) & Q(about__isnull=False) & ~Q(key="", occasion=""),
                name="correspondence_message_rule_has_recipient",
                violation_error_message=_("A message of a rule says to whom and about what."),
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent") & Q(sent_at=None),
                name="correspondence_message_sent_has_moment",
                violation_error_message=_("A message is sent at a moment."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("cancelled", "failed", "unknown"), reason=""),
                name="correspondence_message_end_has_reason",
                violation_error_message=_("Say why this message was not sent."),
            ),
            models.CheckConstraint(
                condition=Q(claim=None, lease_until=None) & ~Q(state="sending")
                | Q(claim__isnull=False, lease_until__isnull=False, state__in=("planned", "sending")),
                name="correspondence_message_lease_whole",
                violation_error_message=_("Only a message on its way is leased."),
            ),
        ]
        indexes = [
            models.Index(
                F("is_urgent").desc(), "due_at", condition=Q(state="planned"), name="correspondence_message_due"
            ),
            models.Index(fields=["lease_until"], condition=Q(state="sending"), name="correspondence_message_flight"),
            models.Index(fields=["occasion", "about"], name="correspondence_message_about"),
            models.Index(fields=["address", "sent_at"], name="correspondence_message_daily"),
            models.Index(F("due_at").desc(), F("id").desc(), name="correspondence_message_log"),
            models.Index("state", F("due_at").desc(), name="correspondence_message_state"),
            GinIndex(OpClass(F("address"), name="gin_trgm_ops"), name="correspondence_message_search"),
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="correspondence_message_named"),
        ]

    def __str__(self):
        return f"{self.title} → {self.address}"

    def get_absolute_url(self):
        return reverse("correspondence:message-detail", args=[self.pk])

    @property
    def title(self):
        return self.subject or (str(self.rule) if self.rule_id else gettext("Mail of the platform"))

    @property
    def reason_text(self):
        """The reason in the reader's language: it is kept in English."""
        return gettext(self.reason) if self.reason else ""

    @cached_property
    def person(self):
        """Who is written to, as they are now: a user, somebody without an account, or nobody any more."""
        return self.recipient if self.recipient_id else addressees.find(self.addressee)

    @property
    def is_private(self):
        """A mail of the house itself: staff see that it left, never what it says."""
        return self.rule_id is None

    @property
    def can_hold(self):
        return not self.is_private and self.state == self.State.PLANNED

    @property
    def can_release(self):
        return not self.is_private and self.state in {self.State.HELD, self.State.CANCELLED}

    @property
    def can_resend(self):
        return not self.is_private and self.state in {self.State.SENT, self.State.UNKNOWN, self.State.FAILED}

    @property
    def can_cancel(self):
        return not self.is_private and self.state in {self.State.PLANNED, self.State.HELD, self.State.UNKNOWN}
