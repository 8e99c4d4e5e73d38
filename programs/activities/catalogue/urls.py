"""Addresses of the public catalogue; each stands once for each language."""

from django.urls import include, path

from programs.activities.views import catalogue, subscribing

in_a_language = [
    path("", catalogue.catalogue, name="catalogue"),
    path("subscribe/", subscribing.subscribe, name="catalogue-subscribe"),
    path("feed.atom", catalogue.atom, name="catalogue-feed"),
    path("calendar.ics", catalogue.calendar, name="catalogue-calendar"),
    path("sessions/<int:pk>/", catalogue.session, name="catalogue-session"),
    path("sessions/<int:pk>/card.png", catalogue.session_card, name="catalogue-card"),
    path("sessions/<int:pk>/session.ics", catalogue.session_calendar, name="catalogue-session-calendar"),
    path("programmes/<slug:code>/", catalogue.programme, name="catalogue-programme"),
    path("schools/<int:pk>/", catalogue.organisation, name="catalogue-organisation"),
]
urlpatterns = [
    path("catalogue/", catalogue.enter, name="catalogue-door"),
    path("catalogue/fr/", include(in_a_language), {"language": "fr"}),
    path("catalogue/en/", include(in_a_language), {"language": "en"}),
    path("catalogue/following/<str:token>/", subscribing.subscription, name="subscription"),
    path("catalogue/following/<str:token>/stop/", subscribing.subscription_stop, name="subscription-stop"),
    path("sitemap.xml", catalogue.sitemap, name="sitemap"),
    path("robots.txt", catalogue.robots, name="robots"),
]
