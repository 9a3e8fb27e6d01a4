"""The API under one prefix: each app brings its routes; the description and its page stand beside them."""

from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularJSONAPIView

from collections_app.api.docs import docs
from collections_app.api.nowhere import nowhere

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularJSONAPIView.as_view(), name="api_schema"),
    path("docs/", docs, name="api_docs"),
    path("v1/", include("customers.api.urls")),
    path("v1/", include("invoices.api.urls")),
    re_path(r"^[\s\S]*$", nowhere, name="api_nowhere"),  # `.` would let an address with a line break through
]
