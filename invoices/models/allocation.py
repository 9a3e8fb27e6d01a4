"""Allocations: the only thing that lowers an open amount. Append-only; a mistake is undone by a reversing row."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from collections_app.audit.laws import append_only
from customers.models import Customer
from invoices.models.adjustment import Adjustment
from invoices.models.allocation_law import ALLOCATION_LAW
from invoices.models.credit_note import CreditNote
from invoices.models.instalment import Instalment
from invoices.models.invoice import Invoice
from invoices.models.payment import Payment
from invoices.models.refund import Refund


class Allocation(models.Model):
    """Part of a payment, credit note or adjustment put against one invoice or refund, effective from a day, inclusive.
    With an instalment it is put against that part of the invoice; without, the earliest open part takes it (A6).

    `amount` is positive; a reversal repeats the row with the negative amount and names it in `reverses`, effective on
    its own day, so that the state of any past day stays what it was."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    payment = models.ForeignKey(Payment, null=True, blank=True, on_delete=models.PROTECT, related_name="allocations")
    credit_note = models.ForeignKey(
        CreditNote, null=True, blank=True, on_delete=models.PROTECT, related_name="allocations"
    )
    adjustment = models.ForeignKey(
        Adjustment, null=True, blank=True, on_delete=models.PROTECT, related_name="allocations"
    )
    invoice = models.ForeignKey(Invoice, null=True, blank=True, on_delete=models.PROTECT, related_name="allocations")
    instalment = models.ForeignKey(
        Instalment, null=True, blank=True, on_delete=models.PROTECT, related_name="allocations"
    )
    refund = models.ForeignKey(Refund, null=True, blank=True, on_delete=models.PROTECT, related_name="allocations")
    reverses = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by")
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=19, decimal_places=4)
    effective_on = models.DateField()
    reason = models.CharField(max_length=140, blank=True, db_default="")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(payment__isnull=False, credit_note__isnull=True, adjustment__isnull=True)
                | Q(payment__isnull=True, credit_note__isnull=False, adjustment__isnull=True)
                | Q(payment__isnull=True, credit_note__isnull=True, adjustment__isnull=False),
                name="allocation_one_source",
            ),
            models.CheckConstraint(
                condition=Q(invoice__isnull=False, refund__isnull=True) | Q(invoice__isnull=True, refund__isnull=False),
                name="allocation_one_target",
            ),
            models.CheckConstraint(
                condition=Q(instalment__isnull=True) | Q(invoice__isnull=False),
                name="allocation_instalment_of_an_invoice",
            ),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True, amount__gt=0) | Q(reverses__isnull=False, amount__lt=0),
                name="allocation_sign",
            ),
        ]
        indexes = [
            models.Index(fields=["invoice", "effective_on"], name="allocation_by_invoice", include=["amount"]),
            models.Index(fields=["customer"], name="allocation_by_customer"),
        ]
        triggers = [
            *append_only(),
            pgtrigger.Trigger(
                name="allocation_law",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="added"),  # type: ignore[no-untyped-call]
                declare=[("offender", "bigint")],
                func=ALLOCATION_LAW,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} to {self.invoice_id or self.refund_id}"
