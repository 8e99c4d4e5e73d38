"""The rules that come with the house, and what staff make of them."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from participants.accounts.models import User
from participants.correspondence import occasions, placeholders
from participants.correspondence.letters import Letter
from participants.correspondence.models import Message, Rule


@dataclass(frozen=True)
class RuleDefault:
    """A rule as an app proposes it; `code` never changes, so that the same rule is found again."""

    code: str
    occasion: str
    subject_fr: str
    subject_en: str
    body_fr: str
    body_en: str
    action_label_fr: str = ""
    action_label_en: str = ""
    offset: timedelta = timedelta()


def rule_in_pairs(code, occasion, subject, body, action, offset=timedelta()) -> RuleDefault:
    """A rule from pairs of French and English, with a greeting before the body and the center's name below."""
    return RuleDefault(
        code=code,
        occasion=occasion,
        offset=offset,
        subject_fr=subject[0],
        subject_en=subject[1],
        body_fr=f"Bonjour {{recipient_name}},\n\n{body[0]}\n\n{{center_name}}",
        body_en=f"Hello {{recipient_name}},\n\n{body[1]}\n\n{{center_name}}",
        action_label_fr=action[0],
        action_label_en=action[1],
    )


@transaction.atomic
def ensure_rules(defaults: Iterable[RuleDefault]) -> int:
    """Write the proposed rules that do not exist yet, and leave every existing one as staff made it."""
    missing = [Rule(**asdict(default)) for default in defaults]
    known = set(Rule.objects.filter(code__in=[rule.code for rule in missing]).values_list("code", flat=True))
    missing = [rule for rule in missing if rule.code not in known]
    for rule in missing:
        check_texts(rule)
    Rule.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)


@transaction.atomic
def change_rule(*, rule: Rule) -> Rule:
    """Keep what staff made of a rule. Texts count for every message not yet sent; the moment and the switch for those
    planned from now on, but a rule that is switched off also stops what it has planned."""
    rule.full_clean()
    check_texts(rule)
    rule.save()
    return rule


@transaction.atomic
def send_test(*, letter: Letter, to: User) -> Message:
    """Send a letter of a rule, as it reads now, to the person who is editing it."""
    mark = _("Test")
    return Message.objects.create(
        recipient=to,
        address=to.email,
        language=to.language,
        is_urgent=True,
        subject=f"[{mark}] {letter.subject}"[:300],
        text=letter.text,
        html=letter.html,
    )


TEXT_FIELDS = ("subject_fr", "subject_en", "body_fr", "body_en", "action_label_fr", "action_label_en")


def check_texts(rule: Rule) -> None:
    """Refuse words in braces that the rule's occasion does not know."""
    occasion = occasions.find(rule.occasion)
    if occasion is None:
        raise ValueError(f"No app has registered the occasion {rule.occasion}.")
    allowed = occasion.allowed_placeholders
    for field in TEXT_FIELDS:
        placeholders.validate(getattr(rule, field), allowed)
