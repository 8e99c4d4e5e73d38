from django.urls import path

from participants.accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.profile, name="profile"),
    path("links/revoke/", views.links_revoke, name="links-revoke"),
]
