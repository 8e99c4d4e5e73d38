"""What every page knows."""

from django.conf import settings

from eocenter.navigation import active_role, is_staff_role, navigation, roles_in_order
from participants.accounts.roles import Role

THEMES = ("light", "dark")


def house(request):
    """The center's name, the address of the site, the reader's role, entries and theme."""
    signed_in = getattr(request, "user", None) is not None and request.user.is_authenticated
    role = active_role(request) if signed_in else None
    theme = request.COOKIES.get("theme")
    return {
        "center_name": settings.CENTER_NAME,
        "site_url": settings.SITE_URL,
        "is_demonstration": settings.IS_DEMONSTRATION,
        "is_second_factor_forced": settings.MFA_FORCED,
        "theme": theme if theme in THEMES else "",
        "active_role": Role(role) if role else None,
        "own_roles": [Role(own) for own in roles_in_order(request.user)] if signed_in else [],
        "navigation": navigation(role, request.path) if role else [],
        "is_staff_layout": is_staff_role(role),
    }
