"""What is owed and paid: documents, payments, allocations, disputes, promises, aging, pay pages."""

from django.apps import AppConfig


class InvoicesConfig(AppConfig):
    name = "invoices"
