"""What the records of people ask of those who keep them, for the inbox, which people itself does not know: one line a
kind."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from participants.accounts.roles import Permission
from participants.people.models import ByHand, DuplicatePair, SchoolPost
from programs.activities import inbox
from programs.activities.inbox import Item, Kind


def register() -> None:
    """Make the kinds known."""
    inbox.register(Kind("by_hand", gettext_lazy("things to do by hand"), by_hand))
    inbox.register(Kind("posts", gettext_lazy("school contacts to approve"), posts))
    inbox.register(Kind("duplicates", gettext_lazy("possible duplicates"), duplicates))


def by_hand(user, most) -> list[Item]:
    """What only a person can do after agreements were taken back."""
    n = ByHand.objects.visible_to(user).open().count()
    text = ngettext("%(n)d thing to do by hand", "%(n)d things to do by hand", n) % {"n": n}
    detail = _("an agreement was taken back")
    return [Item("by_hand", text, detail, reverse("people:by-hand-list"), _("Do"), tone="danger")] if n else []


def posts(user, most) -> list[Item]:
    """Contacts whose school nobody has confirmed."""
    if not user.can(Permission.CONTACT_APPROVE):
        return []
    n = SchoolPost.objects.visible_to(user).pending().count()
    text = ngettext("%(n)d school contact to approve", "%(n)d school contacts to approve", n) % {"n": n}
    url = f"{reverse('people:contact-list')}?state=pending"
    return [Item("posts", text, "", url, _("Approve"), tone="info")] if n else []


def duplicates(user, most) -> list[Item]:
    """Pairs of records that may be one pupil."""
    n = DuplicatePair.objects.visible_to(user).open().count()
    text = ngettext("%(n)d possible duplicate to look at", "%(n)d possible duplicates to look at", n) % {"n": n}
    return [Item("duplicates", text, "", reverse("people:duplicate-list"), _("Compare"), tone="info")] if n else []
