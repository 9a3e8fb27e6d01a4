"""Ends a hold on an invoice before its last day. The row stays as history."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import Conflict
from customers.changes import announce
from invoices.actions import INVOICE_HOLD_RELEASED
from invoices.models import InvoiceHold


@transaction.atomic
def release_invoice_hold(*, hold: InvoiceHold, on: date, actor: AbstractBaseUser | None, by: str = "") -> InvoiceHold:
    """The released hold, as stored; `on` is the first day without it. Raises Conflict when it was released before."""
    won = InvoiceHold.objects.filter(pk=hold.pk, released_on=None).update(released_on=on)
    hold.refresh_from_db()
    if not won:
        raise Conflict("This hold was already released. Nothing was changed.", code="hold_not_running")
    record(INVOICE_HOLD_RELEASED, hold, actor=actor, by=by, released_on=on)
    announce([hold.customer_id])
    return hold
