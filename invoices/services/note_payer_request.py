"""Keeps what a payer wrote and a person read in a mail, such as "it is paid". It pauses nothing (P5)."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput
from customers.changes import announce
from customers.models import Customer
from invoices.actions import PAYER_REQUEST_MADE
from invoices.models import Invoice, PayerRequest


@transaction.atomic
def note_payer_request(
    *, customer: Customer, kind: str, text: str, invoice: Invoice | None = None, actor: AbstractBaseUser
) -> PayerRequest:
    """The stored request, to be answered by a person. Raises BadInput for a kind that does not exist."""
    if kind not in PayerRequest.Kind.values:
        raise BadInput("Choose what the payer says.", code="unknown_kind", fields={"kind": "Choose what it says."})
    made = PayerRequest.objects.create(customer=customer, invoice=invoice, kind=kind, text=text.strip())
    record(PAYER_REQUEST_MADE, made, actor=actor, kind=kind, text=made.text)
    announce([customer.pk])
    return made
