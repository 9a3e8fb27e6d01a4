"""Addresses of the page furniture."""

from django.urls import path

from collections_app.web import health, key_views, session_views, views

app_name = "web"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("preferences/", views.preferences, name="preferences"),
    path("session/", session_views.session, name="session"),
    path("settings/keys/", key_views.keys, name="keys"),
    path("styleguide/", views.styleguide, name="styleguide"),
]
