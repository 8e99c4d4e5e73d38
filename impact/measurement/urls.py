"""Addresses of figures."""

from django.urls import path

from impact.measurement import views

app_name = "measurement"

target_urls = [
    path("targets/", views.target_list, name="target-list"),
    path("targets/<int:pk>/", views.target_edit, name="target-edit"),
    path("targets/<int:pk>/delete/", views.target_delete, name="target-delete"),
]
urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("rows/", views.row_list, name="rows"),
    path("export/", views.export, name="export"),
    path("pillars/", views.pillar_list, name="pillar-list"),
    path("funnel/", views.funnel_page, name="funnel"),
    *target_urls,
]
