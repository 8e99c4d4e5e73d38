"""Every address of the platform, an app a line."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from eocenter import health, mailbox, views
from participants.accounts import oidc, saml

# One door: the back office has no password form of its own.
admin.site.login = secure_admin_login(admin.site.login)

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", views.home, name="home"),
    path("account/", include("participants.accounts.urls")),
    path("accounts/oidc/<str:provider_id>/login/callback/", oidc.callback),
    path("accounts/saml/<str:organization_slug>/acs/finish/", saml.finish_acs),
    path("accounts/", include("allauth.urls")),
    path("", include("participants.organisations.urls")),
    path("", include("participants.people.urls")),
    path("talks/", include("programs.awareness.urls")),
    path("", include("participants.correspondence.urls")),
    path("", include("programs.activities.urls")),
    path("figures/", include("impact.measurement.urls")),
    path("office/", admin.site.urls),
    path("language/", views.language, name="set_language"),
    path("theme/", views.theme, name="theme"),
    path("role/", views.role, name="role"),
    path("gallery/", views.gallery, name="gallery"),
]

if settings.IS_LOCAL:
    urlpatterns += [
        path("local/mailbox/", mailbox.mail_list, name="mailbox"),
        path("local/mailbox/<str:mail_id>/", mailbox.mail_detail, name="mailbox-mail"),
        path("local/mailbox/<str:mail_id>/<int:number>/", mailbox.mail_attachment, name="mailbox-attachment"),
    ]
