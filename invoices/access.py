"""Which documents a person may see: those of the customers they may see."""

from django.db.models import QuerySet

from collections_app.accounts.models import User
from customers.access import visible_customers
from invoices.models import CreditNote, Dispute, Invoice, Payment, Promise


def visible_invoices(user: User) -> QuerySet[Invoice]:
    """Invoices and debit notes of visible customers."""
    return Invoice.objects.filter(customer__in=visible_customers(user))


def visible_credit_notes(user: User) -> QuerySet[CreditNote]:
    """Credit notes of visible customers."""
    return CreditNote.objects.filter(customer__in=visible_customers(user))


def visible_payments(user: User) -> QuerySet[Payment]:
    """Payments of visible customers."""
    return Payment.objects.filter(customer__in=visible_customers(user))


def visible_disputes(user: User) -> QuerySet[Dispute]:
    """Disputes of visible customers."""
    return Dispute.objects.filter(customer__in=visible_customers(user))


def visible_promises(user: User) -> QuerySet[Promise]:
    """Promises of visible customers."""
    return Promise.objects.filter(customer__in=visible_customers(user))
