"""What a message says: a rule's text filled in for one person, in their language, plain and in our look."""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_noop

from participants.accounts import sabotage
from participants.accounts.models import User
from participants.correspondence import occasions
from participants.correspondence.addressees import Addressee
from participants.correspondence.models import Message, Rule
from participants.correspondence.occasions import Occasion, Pointless
from participants.correspondence.placeholders import fill

LANGUAGES = [("fr", "Français"), ("en", "English")]
TEXT = "participants/correspondence/mail/letter.txt"
HTML = "participants/correspondence/mail/letter.html"


@dataclass(frozen=True)
class Letter:
    """A mail ready to leave, in the words of its recipient."""

    subject: str
    text: str
    html: str
    body: str = ""
    action_label: str = ""
    action_url: str = ""
    # Where whoever asked for such mails ends them, in one click: a personal link.
    unsubscribe_url: str = ""
    attachments: list = field(default_factory=list)


def compose(message: Message) -> Letter:
    """The letter as it reads now; raises Pointless when it no longer makes sense."""
    if message.is_private:
        return Letter(message.subject, message.text, message.html)
    occasion = occasions.find(message.occasion)
    if occasion is None:
        raise Pointless(gettext_noop("The part of the platform that wrote this message is gone."))
    if not message.rule.is_active:
        raise Pointless(gettext_noop("The rule is switched off."))
    person = message.person
    if message.recipient_id and not person.is_active:
        raise Pointless(gettext_noop("The account is closed."))
    if not message.recipient_id and not (person and person.is_active and person.email):
        raise Pointless(gettext_noop("This person is gone, or has no address any more."))
    return write(message.rule, occasion, message.about, person)


def without_key(occasion: str, letter: Letter) -> Letter:
    """The letter as staff may read it: personal links in it are replaced by the address of the site."""
    known = occasions.find(occasion)
    keys = [letter.action_url] if known and known.has_personal_link else []
    for key in filter(None, [*keys, letter.unsubscribe_url]):
        hidden = {
            name: getattr(letter, name).replace(key, settings.SITE_URL)
            for name in ("text", "html", "action_url", "unsubscribe_url")
        }
        letter = replace(letter, **hidden)
    return letter


def write(rule: Rule, occasion: Occasion, about: int, recipient: User | Addressee) -> Letter:
    """The rule's letter about this to this person."""
    with translation.override(recipient.language):
        letter = lay_out(rule, recipient, values_for(occasion, about, recipient))
        if occasion.attachments:
            letter.attachments.extend(occasion.attachments(about, recipient))
        return letter


def values_for(occasion: Occasion, about: int, recipient: User | Addressee) -> dict:
    """What the placeholders stand for; raises Pointless."""
    try:
        return occasion.context(about, recipient)
    except Pointless:
        if sabotage.is_on("pointless_check"):
            return {}
        raise


def lay_out(rule: Rule, recipient: User | Addressee, values: dict) -> Letter:
    """The rule's texts in the active language with these values, as plain text and as HTML."""
    values = {
        "recipient_name": recipient.get_full_name(),
        "center_name": settings.CENTER_NAME,
        "action_url": "",
        "unsubscribe_url": "",
        **values,
    }
    values["action_url"] = _absolute(values["action_url"])
    values["unsubscribe_url"] = values["unsubscribe_url"] and _absolute(values["unsubscribe_url"])
    parts = {
        # One line, whatever a value holds: a line break would start another header.
        "subject": " ".join(fill(rule.text("subject"), values).split()),
        "body": fill(rule.text("body"), values),
        "action_label": fill(rule.text("action_label"), values),
        "action_url": values["action_url"],
        "unsubscribe_url": values["unsubscribe_url"],
    }
    is_addressee = isinstance(recipient, Addressee)
    frame = {
        **parts,
        "center_name": settings.CENTER_NAME,
        "site_url": settings.SITE_URL,
        "has_account": not is_addressee,
        "is_of_family": is_addressee and recipient.is_of_family,
    }
    return Letter(
        **parts,
        text=render_to_string(TEXT, frame),
        html=render_to_string(HTML, frame),
    )


def _absolute(path) -> str:
    return urljoin(settings.SITE_URL + "/", str(path))


def specimen(rule: Rule, language: str, example: Message | None) -> Letter:
    """How a rule reads in a language: on a real message if there is one, else with the placeholders' own names."""
    occasion = occasions.find(rule.occasion)
    recipient = (example and example.person) or User(name="«recipient_name»")
    with translation.override(language):
        values = {name: f"«{name}»" for name in (occasion.placeholders if occasion else ())}
        if occasion and example:
            with suppress(Pointless):
                values |= occasion.context(example.about, recipient)
        return without_key(rule.occasion, lay_out(rule, recipient, values))


def to_email(message: Message, letter: Letter) -> EmailMultiAlternatives:
    """The mail itself, to one address, under the message's lasting Message-ID."""
    headers = {"Message-ID": f"<{message.token}@{settings.MAIL_DOMAIN}>", "Auto-Submitted": "auto-generated"}
    if letter.unsubscribe_url:  # RFC 8058: the mail program itself ends it
        headers |= {
            "List-Unsubscribe": f"<{letter.unsubscribe_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    email = EmailMultiAlternatives(
        letter.subject,
        letter.text,
        settings.DEFAULT_FROM_EMAIL,
        [message.address],
        headers=headers,
        attachments=letter.attachments,
    )
    if letter.html:
        email.attach_alternative(letter.html, "text/html")
    return email
