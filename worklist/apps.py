"""What a collector does next: items, scores, activities, notes, the account page."""

from django.apps import AppConfig


class WorklistConfig(AppConfig):
    name = "worklist"

    def ready(self) -> None:
        """Nothing; afterwards this app hears of changed facts, and dunning hears of contacts made by hand."""
        from customers.changes import facts_changed
        from dunning.queries.contacts import provide_manual_contacts
        from worklist.listening import rescore_soon
        from worklist.queries.contacts import last_contacts_by_hand

        provide_manual_contacts(last_contacts_by_hand)
        facts_changed.connect(rescore_soon, dispatch_uid="worklist.rescore_soon")
