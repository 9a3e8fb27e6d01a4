"""Invoices and debit notes: positive documents, immutable once issued. What is open is computed from allocations."""

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now

from collections_app.audit.laws import append_only
from customers.models import Customer, ImportBatch, LegalEntity

# A draft may change, its instalments may not: so its total stays what they add up to.
_TOTAL_OF_INSTALMENTS = """
    IF EXISTS (SELECT 1 FROM invoices_instalment t WHERE t.invoice_id = NEW.id HAVING SUM(t.amount) <> NEW.total) THEN
        RAISE EXCEPTION 'invoice %: its instalments do not add up to %', NEW.id, NEW.total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'instalments_sum_to_total';
    END IF;
    RETURN NEW;
"""


class Invoice(models.Model):
    """A claim on a customer. `total` is positive, in `currency`, tax included."""

    class Kind(models.TextChoices):
        INVOICE = "invoice", "Invoice"
        DEBIT_NOTE = "debit_note", "Debit note"
        DOWN_PAYMENT = "down_payment", "Down payment request"
        FEE = "fee", "Fee"
        INTEREST = "interest", "Interest on late payment"

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        ISSUED = "issued", "Issued"
        VOIDED = "voided", "Voided"

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="invoices")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="invoices")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.INVOICE)
    number = models.CharField(max_length=60)
    po_number = models.CharField(max_length=60, blank=True, db_default="")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.DRAFT)
    issued_on = models.DateField()
    due_on = models.DateField()
    due_on_assumed = models.BooleanField(db_default=False)  # the source had no due date (A5)
    currency = models.CharField(max_length=3)
    total = models.DecimalField(max_digits=19, decimal_places=4)
    tax_total = models.DecimalField(max_digits=19, decimal_places=4, db_default=0)
    # Early payment: this percentage of the total may be kept back by a payer who pays by that day, inclusive.
    discount_percent = models.DecimalField(max_digits=7, decimal_places=4, default=0, db_default=0)
    discount_until = models.DateField(null=True, blank=True)
    # A fee or interest claims for this document; interest names the days it was counted for, both inclusive.
    claims_for = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="claims")
    accrued_from = models.DateField(null=True, blank=True)
    accrued_until = models.DateField(null=True, blank=True)
    lines = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))  # text, quantity, amount
    text = models.CharField(max_length=200, blank=True, db_default="")
    import_batch = models.ForeignKey(ImportBatch, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entity", "customer", "number"], name="invoice_number_unique"),
            models.CheckConstraint(condition=Q(total__gt=0), name="invoice_total_positive"),
            models.CheckConstraint(
                condition=Q(tax_total__gte=0) & Q(tax_total__lte=F("total")), name="invoice_tax_within_total"
            ),
            models.CheckConstraint(condition=Q(due_on__gte=F("issued_on")), name="invoice_due_not_before_issue"),
            models.CheckConstraint(condition=Q(status__in=["draft", "issued", "voided"]), name="invoice_status_known"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="invoice_currency_code"),
            models.CheckConstraint(
                condition=Q(discount_percent=0, discount_until__isnull=True)
                | Q(discount_percent__gt=0, discount_percent__lt=100, discount_until__gte=F("issued_on")),
                name="invoice_discount_has_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["fee", "interest"]) | Q(claims_for__isnull=False),
                name="invoice_claim_names_its_document",
            ),
            models.CheckConstraint(
                condition=Q(accrued_from__isnull=True, accrued_until__isnull=True)
                | Q(kind="interest", accrued_until__gte=F("accrued_from")),
                name="invoice_interest_period",
            ),
            # No day of one invoice bears interest twice (L9).
            ExclusionConstraint(
                name="invoice_interest_once_per_day",
                expressions=[
                    ("claims_for", RangeOperators.EQUAL),
                    (
                        Func(F("accrued_from"), F("accrued_until"), Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(kind="interest", status="issued", accrued_from__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "due_on"], name="invoice_by_customer_due"),
            models.Index(fields=["number"], name="invoice_by_number"),
            # For the search: any part of a number, and the exact amount.
            GinIndex(fields=["number"], name="invoice_number_search", opclasses=["gin_trgm_ops"]),
            GinIndex(
                fields=["po_number"], name="invoice_po_search", opclasses=["gin_trgm_ops"], condition=~Q(po_number="")
            ),
            models.Index(fields=["total"], name="invoice_by_total"),
        ]
        triggers = [
            *append_only(update_when=pgtrigger.Q(old__status="issued"), delete_when=pgtrigger.Q(old__status="issued")),
            pgtrigger.Trigger(
                name="total_of_instalments",
                level=pgtrigger.Row,
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=_TOTAL_OF_INSTALMENTS,
            ),
        ]

    def __str__(self) -> str:
        return self.number
