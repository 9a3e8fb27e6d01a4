"""The roof as a Django app: it carries management commands and system checks, and makes Celery's tasks findable."""

from django.apps import AppConfig


class CollectionsConfig(AppConfig):
    name = "collections_app"
    label = "collections_app"

    def ready(self) -> None:
        from collections_app import celery, checks  # noqa: F401  (registering is the point; settings must be ready)
