"""What every page knows."""

from django.conf import settings


def house(request):
    """The center's name, the address of the site and whether this is the demonstration."""
    return {
        "center_name": settings.CENTER_NAME,
        "site_url": settings.SITE_URL,
        "is_demonstration": settings.IS_DEMONSTRATION,
    }
