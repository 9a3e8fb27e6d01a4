"""What is owed and paid: documents, payments, allocations, disputes, promises, aging, pay pages."""

from django.apps import AppConfig


class InvoicesConfig(AppConfig):
    name = "invoices"

    def ready(self) -> None:
        """Nothing; afterwards the frame around every page tells when the books do not agree, and segments know of plan
        templates."""
        from collections_app.web.frame_facts import provide_frame_facts
        from customers.queries.segment_uses import provide_segment_uses
        from invoices.frame import books_facts
        from invoices.queries.segment_uses import plan_templates_of

        provide_frame_facts(books_facts)
        provide_segment_uses(plan_templates_of)
