"""When and how we remind: policies, steps, notices, runs, channels."""

from django.apps import AppConfig


class DunningConfig(AppConfig):
    name = "dunning"

    def ready(self) -> None:
        """Nothing; afterwards the history of an invoice tells of the notices that named it."""
        from dunning.queries.document_events import notices_of
        from invoices.queries.history import provide_events

        provide_events(notices_of)
