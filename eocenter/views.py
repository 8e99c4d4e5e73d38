from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render


@login_not_required
def home(request):
    """The first page: the public one before sign-in, one's own after."""
    return render(request, "eocenter/home.html")
