"""Every address of the platform, an app a line."""

from django.contrib import admin
from django.urls import include, path

from eocenter import views

urlpatterns = [
    path("", views.home, name="home"),
    path("accounts/", include("allauth.urls")),
    path("office/", admin.site.urls),
    path("language/", include("django.conf.urls.i18n")),
]
