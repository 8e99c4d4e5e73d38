"""What every template may say without loading it: icons and dates as people say them."""

from functools import lru_cache

from django import template
from heroicons.templatetags.heroicons import heroicon_outline

from participants.accounts import dates

register = template.Library()

# Looked for in this order: most browsers also name those that they want to be taken for.
BROWSERS = {"Edg": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "Linux": "Linux",
}

register.filter("local_day", dates.say_day)
register.filter("local_time", dates.say_time)
register.filter("local_when", dates.say_moment)


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name, css_class="icon"):
    """A heroicon beside words. It is never read aloud: the words say it."""
    return heroicon_outline(
        name, size=20, **{"class": css_class, "aria-hidden": "true", "focusable": "false", "stroke-width": "1.75"}
    )


@register.simple_tag
def local_span(start, end, zone=None):
    """`{% local_span session.starts_at session.ends_at %}`: Thursday 3 December, 2 pm to 4 pm."""
    return dates.say_span(start, end, zone)


@register.filter
def device(user_agent):
    """`Firefox, Android`: enough to know one's own telephone."""
    names = (next((name for sign, name in signs.items() if sign in user_agent), None) for signs in (BROWSERS, SYSTEMS))
    return ", ".join(name for name in names if name) or user_agent[:60]
