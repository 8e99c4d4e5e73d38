"""Addresses of schools, organisations and classes."""

from django.urls import path

from participants.organisations import views

app_name = "organisations"
urlpatterns = [
    path("schools/", views.school_list, name="school-list"),
    path("schools/search/", views.school_search, name="school-search"),
    path("schools/<int:pk>/", views.school_detail, name="school-detail"),
    path("organisations/", views.organisation_list, name="organisation-list"),
    path("organisations/<int:pk>/", views.organisation_detail, name="organisation-detail"),
    path("classes/", views.class_list, name="class-list"),
    path("classes/new/<int:school_pk>/", views.class_new, name="class-new"),
    path("classes/<int:pk>/", views.class_edit, name="class-edit"),
    path("classes/<int:pk>/remove/", views.class_remove, name="class-remove"),
]
