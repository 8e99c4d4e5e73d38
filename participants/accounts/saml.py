"""SAML as django-allauth does it, with an answer for what is no XML at all."""

import logging

from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.saml.utils import get_app_or_404
from allauth.socialaccount.providers.saml.views import finish_acs as finish
from django.contrib.auth.decorators import login_not_required
from lxml import etree

logger = logging.getLogger(__name__)


@login_not_required
def finish_acs(request, organization_slug):
    """What the house answered, read in the browser that asked."""
    try:
        return finish(request, organization_slug)
    except (etree.LxmlError, ValueError) as error:
        logger.warning("Unreadable SAML answer: %s", type(error).__name__)
        provider = get_app_or_404(request, organization_slug).get_provider(request)
        return render_authentication_error(request, provider, exception=error)
