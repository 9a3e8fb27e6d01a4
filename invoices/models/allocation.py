"""Allocations: the only thing that lowers an open amount. Append-only; a mistake is undone by a reversing row."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from collections_app.audit.laws import append_only
from customers.models import Customer
from invoices.models.credit_note import CreditNote
from invoices.models.invoice import Invoice
from invoices.models.payment import Payment
from invoices.models.refund import Refund

# The law of allocations, checked per statement so that it holds for one row and for COPY alike. It locks the documents
# on both ends first: two connections that race for one payment wait for each other here, and the second one's sum sees
# the first one's rows. NO KEY UPDATE does not collide with the key share locks that foreign keys take.
_ALLOCATION_LAW = """
    PERFORM 1 FROM invoices_payment WHERE id IN (SELECT payment_id FROM added) ORDER BY id FOR NO KEY UPDATE;
    PERFORM 1 FROM invoices_creditnote WHERE id IN (SELECT credit_note_id FROM added) ORDER BY id FOR NO KEY UPDATE;
    PERFORM 1 FROM invoices_invoice WHERE id IN (SELECT invoice_id FROM added) ORDER BY id FOR NO KEY UPDATE;
    PERFORM 1 FROM invoices_refund WHERE id IN (SELECT refund_id FROM added) ORDER BY id FOR NO KEY UPDATE;

    SELECT a.id INTO offender FROM added a
        LEFT JOIN invoices_payment p ON p.id = a.payment_id
        LEFT JOIN invoices_creditnote c ON c.id = a.credit_note_id
        LEFT JOIN invoices_invoice i ON i.id = a.invoice_id
        LEFT JOIN invoices_refund r ON r.id = a.refund_id
        WHERE a.customer_id IS DISTINCT FROM COALESCE(p.customer_id, c.customer_id)
           OR a.customer_id IS DISTINCT FROM COALESCE(i.customer_id, r.customer_id)
           OR a.currency IS DISTINCT FROM COALESCE(p.currency, c.currency)
           OR a.currency IS DISTINCT FROM COALESCE(i.currency, r.currency)
        LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'allocation %: customer and currency must be the same on both ends', offender
            USING ERRCODE = 'check_violation', CONSTRAINT = 'allocation_same_customer_and_currency';
    END IF;

    SELECT a.id INTO offender FROM added a
        LEFT JOIN invoices_payment p ON p.id = a.payment_id
        LEFT JOIN invoices_creditnote c ON c.id = a.credit_note_id
        LEFT JOIN invoices_invoice i ON i.id = a.invoice_id
        LEFT JOIN invoices_refund r ON r.id = a.refund_id
        WHERE COALESCE(p.entity_id, c.entity_id) IS DISTINCT FROM COALESCE(i.entity_id, r.entity_id) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'allocation %: the legal entity must be the same on both ends', offender
            USING ERRCODE = 'check_violation', CONSTRAINT = 'allocation_same_entity';
    END IF;

    SELECT a.id INTO offender FROM added a
        LEFT JOIN invoices_creditnote c ON c.id = a.credit_note_id
        LEFT JOIN invoices_invoice i ON i.id = a.invoice_id
        WHERE COALESCE(c.status, 'issued') <> 'issued' OR COALESCE(i.status, 'issued') <> 'issued' LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'allocation %: drafts and voided documents cannot be allocated', offender
            USING ERRCODE = 'check_violation', CONSTRAINT = 'allocation_to_issued_documents';
    END IF;

    SELECT a.id INTO offender FROM added a JOIN invoices_allocation o ON o.id = a.reverses_id
        WHERE o.reverses_id IS NOT NULL OR a.amount <> -o.amount
           OR (a.payment_id, a.credit_note_id, a.invoice_id, a.refund_id)
              IS DISTINCT FROM (o.payment_id, o.credit_note_id, o.invoice_id, o.refund_id) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'allocation %: a reversal mirrors the allocation it reverses, once', offender
            USING ERRCODE = 'check_violation', CONSTRAINT = 'allocation_reversal_mirrors';
    END IF;

    SELECT p.id INTO offender FROM invoices_payment p JOIN invoices_allocation a ON a.payment_id = p.id
        WHERE p.id IN (SELECT payment_id FROM added)
        GROUP BY p.id, p.amount HAVING SUM(a.amount) > p.amount OR SUM(a.amount) < 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'payment %: allocations would exceed the payment', offender
            USING ERRCODE = 'check_violation', CONSTRAINT = 'allocation_within_payment';
    END IF;

    SELECT c.id INTO offender FROM invoices_creditnote c JOIN invoices_allocation a ON a.credit_note_id = c.id
        WHERE c.id IN (SELECT credit_note_id FROM added)
        GROUP BY c.id, c.total HAVING SUM(a.amount) > c.total OR SUM(a.amount) < 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'credit note %: allocations would exceed the credit note', offender
            USING ERRCODE = 'check_violation', CONSTRAINT = 'allocation_within_credit_note';
    END IF;

    SELECT i.id INTO offender FROM invoices_invoice i JOIN invoices_allocation a ON a.invoice_id = i.id
        WHERE i.id IN (SELECT invoice_id FROM added)
        GROUP BY i.id, i.total HAVING SUM(a.amount) > i.total OR SUM(a.amount) < 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'invoice %: allocations would exceed the invoice', offender
            USING ERRCODE = 'check_violation', CONSTRAINT = 'allocation_within_invoice';
    END IF;

    SELECT r.id INTO offender FROM invoices_refund r JOIN invoices_allocation a ON a.refund_id = r.id
        WHERE r.id IN (SELECT refund_id FROM added)
        GROUP BY r.id, r.amount HAVING SUM(a.amount) > r.amount OR SUM(a.amount) < 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'refund %: allocations would exceed the refund', offender
            USING ERRCODE = 'check_violation', CONSTRAINT = 'allocation_within_refund';
    END IF;
    RETURN NULL;
"""


class Allocation(models.Model):
    """Part of a payment or credit note put against one invoice (or refund), effective from a day, inclusive.

    `amount` is positive; a reversal repeats the row with the negative amount and names it in `reverses`, effective on
    its own day, so that the state of any past day stays what it was."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    payment = models.ForeignKey(Payment, null=True, blank=True, on_delete=models.PROTECT, related_name="allocations")
    credit_note = models.ForeignKey(
        CreditNote, null=True, blank=True, on_delete=models.PROTECT, related_name="allocations"
    )
    invoice = models.ForeignKey(Invoice, null=True, blank=True, on_delete=models.PROTECT, related_name="allocations")
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
                condition=Q(payment__isnull=False, credit_note__isnull=True)
                | Q(payment__isnull=True, credit_note__isnull=False),
                name="allocation_one_source",
            ),
            models.CheckConstraint(
                condition=Q(invoice__isnull=False, refund__isnull=True) | Q(invoice__isnull=True, refund__isnull=False),
                name="allocation_one_target",
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
                func=_ALLOCATION_LAW,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} to {self.invoice_id or self.refund_id}"
