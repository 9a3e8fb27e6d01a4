"""The furniture of the API as a Django app, for its two tables."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "collections_app.api"
    label = "api"

    def ready(self) -> None:
        """Nothing; tells drf-spectacular how tokens are described."""
        from collections_app.api import schema  # noqa: F401 (registers itself; needs the loaded apps)
