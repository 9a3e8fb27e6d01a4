"""What is owed and paid: documents, payments, allocations, disputes, promises, aging, pay pages."""

from django.apps import AppConfig


class InvoicesConfig(AppConfig):
    name = "invoices"

    def ready(self) -> None:
        """Nothing; afterwards the frame around every page tells when the books do not agree."""
        from collections_app.web.frame_facts import provide_frame_facts
        from invoices.frame import books_facts

        provide_frame_facts(books_facts)
