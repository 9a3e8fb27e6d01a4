"""Invoices and debit notes: positive documents, immutable once issued. What is open is computed from allocations."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from collections_app.audit.laws import append_only
from customers.models import Customer, ImportBatch, LegalEntity


class Invoice(models.Model):
    """A claim on a customer. `total` is positive, in `currency`, tax included."""

    class Kind(models.TextChoices):
        INVOICE = "invoice", "Invoice"
        DEBIT_NOTE = "debit_note", "Debit note"
        DOWN_PAYMENT = "down_payment", "Down payment request"

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
        ]
        indexes = [
            models.Index(fields=["customer", "due_on"], name="invoice_by_customer_due"),
            models.Index(fields=["number"], name="invoice_by_number"),
        ]
        triggers = append_only(
            update_when=pgtrigger.Q(old__status="issued"), delete_when=pgtrigger.Q(old__status="issued")
        )

    def __str__(self) -> str:
        return self.number
