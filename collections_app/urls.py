"""The roof's URL table: each app brings its own."""

from django.urls import include, path

from collections_app.api_urls import urlpatterns as api_patterns

urlpatterns = [
    path("auth/", include("allauth.urls")),
    path("api/", include(api_patterns)),
    path("", include("collections_app.web.urls")),
]
