from django.contrib.auth.models import User
from django.db import models


class Event(models.Model):
    title = models.CharField(max_length=100)
    places = models.PositiveIntegerField()

    def __str__(self):
        return self.title


class Entry(models.Model):
    event = models.ForeignKey(Event, models.CASCADE)
    user = models.ForeignKey(User, models.CASCADE)
    has_place = models.BooleanField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return f"{self.user} → {self.event}"
