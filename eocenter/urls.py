"""Every address of the platform, an app a line."""

from django.contrib import admin
from django.urls import include, path

from eocenter import views
from participants.accounts import oidc

urlpatterns = [
    path("", views.home, name="home"),
    path("account/", include("participants.accounts.urls")),
    path("accounts/oidc/<str:provider_id>/login/callback/", oidc.callback),
    path("accounts/", include("allauth.urls")),
    path("", include("participants.people.urls")),
    path("office/", admin.site.urls),
    path("language/", views.language, name="set_language"),
    path("theme/", views.theme, name="theme"),
    path("role/", views.role, name="role"),
    path("gallery/", views.gallery, name="gallery"),
]
