"""What a collector does next: items, scores, activities, notes, the account page."""

from django.apps import AppConfig


class WorklistConfig(AppConfig):
    name = "worklist"

    def ready(self) -> None:
        """Nothing; afterwards this app hears of changed facts, and its audit actions are known."""
        from customers.changes import facts_changed
        from worklist.listening import rescore_soon

        facts_changed.connect(rescore_soon, dispatch_uid="worklist.rescore_soon")
