"""One view."""

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.shortcuts import render
from django.urls import path

from benchmarks.bare.models import Entry, Event


@login_required
def join(request, pk):
    with transaction.atomic():
        event = Event.objects.select_for_update().get(pk=pk)
        taken = Entry.objects.filter(event=event, has_place=True).count()
        entry = Entry.objects.create(event=event, user=request.user, has_place=taken < event.places)
    return render(request, "bare/joined.html", {"event": event, "entry": entry})


urlpatterns = [path("join/<int:pk>/", join)]
