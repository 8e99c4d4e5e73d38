from django.http import Http404


def need(request, permission):
    """A page that is not for you does not exist."""
    if not request.user.can(permission):
        raise Http404
