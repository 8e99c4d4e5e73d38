"""What the records of people ask of those who keep them, for the inbox, which people itself does not know: one line a
kind."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from participants.accounts.paging import bounded_count, said
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
    n = bounded_count(SchoolPost.objects.visible_to(user).pending())
    text = ngettext("%(n)s school contact to approve", "%(n)s school contacts to approve", n) % {"n": said(n)}
    url = f"{reverse('people:contact-list')}?state=pending"
    return [Item("posts", text, "", url, _("Approve"), tone="info")] if n else []


def duplicates(user, most) -> list[Item]:
    """Pairs of records that may be one pupil."""
    n = bounded_count(DuplicatePair.objects.visible_to(user).open())
    text = ngettext("%(n)s possible duplicate to look at", "%(n)s possible duplicates to look at", n) % {"n": said(n)}
    return [Item("duplicates", text, "", reverse("people:duplicate-list"), _("Compare"), tone="info")] if n else []
