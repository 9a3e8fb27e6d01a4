"""What a collector does next: items, scores, activities, notes, the account page."""

from django.apps import AppConfig


class WorklistConfig(AppConfig):
    name = "worklist"
