"""The words in braces that staff may write in a text, and nothing else.

User text is never a template and never a format string: one pattern finds `{word}`, an allow-list says which words
count, and everything else stays the text that it is.
"""

import re
from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

PLACEHOLDER = re.compile(r"\{([a-z_]{1,40})\}")
ANYTHING_IN_BRACES = re.compile(r"\{[^{}\n]{0,80}\}")


def fill(text: str, values: Mapping[str, object]) -> str:
    """The text with the known words replaced; a value is never searched for words again."""
    return PLACEHOLDER.sub(lambda found: str(values[found[1]]) if found[1] in values else found[0], text)


def unknown_in(text: str, allowed: Iterable[str]) -> list[str]:
    """What stands in braces and will not be replaced, in order."""
    known = {f"{{{name}}}" for name in allowed}
    return [found for found in dict.fromkeys(ANYTHING_IN_BRACES.findall(text)) if found not in known]


def validate(text: str, allowed: Iterable[str]) -> None:
    """Refuse a text with words in braces that the occasion does not know, and say which it does."""
    unknown = unknown_in(text, allowed)
    if unknown:
        raise ValidationError(
            _("%(unknown)s cannot be filled in here. Use one of: %(allowed)s."),
            params={"unknown": ", ".join(unknown), "allowed": ", ".join(f"{{{name}}}" for name in sorted(allowed))},
        )
