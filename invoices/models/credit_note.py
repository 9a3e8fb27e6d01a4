"""Credit notes: positive documents that lower what a customer owes once they are allocated; until then, open credit."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from collections_app.audit.laws import append_only
from customers.models import Customer, ImportBatch, LegalEntity
from invoices.models.invoice import Invoice


class CreditNote(models.Model):
    """A credit to a customer. `total` is positive; what is left of it is open credit, aged by `due_on`."""

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="credit_notes")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="credit_notes")
    number = models.CharField(max_length=60)
    status = models.CharField(max_length=8, choices=Invoice.Status.choices, default=Invoice.Status.DRAFT)
    corrects = models.ForeignKey(Invoice, null=True, blank=True, on_delete=models.PROTECT, related_name="corrections")
    issued_on = models.DateField()
    due_on = models.DateField()  # the day it is aged by; the issue date unless the source says otherwise
    currency = models.CharField(max_length=3)
    total = models.DecimalField(max_digits=19, decimal_places=4)
    tax_total = models.DecimalField(max_digits=19, decimal_places=4, default=0, db_default=0)
    text = models.CharField(max_length=200, blank=True, db_default="")
    import_batch = models.ForeignKey(ImportBatch, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entity", "customer", "number"], name="credit_note_number_unique"),
            models.CheckConstraint(condition=Q(total__gt=0), name="credit_note_total_positive"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "issued", "voided"]), name="credit_note_status_known"
            ),
            models.CheckConstraint(
                condition=Q(tax_total__gte=0) & Q(tax_total__lte=F("total")), name="credit_note_tax_within_total"
            ),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="credit_note_currency_code"),
        ]
        indexes = [models.Index(fields=["customer"], name="credit_note_by_customer")]
        triggers = append_only(
            update_when=pgtrigger.Q(old__status="issued"), delete_when=pgtrigger.Q(old__status="issued")
        )

    def __str__(self) -> str:
        return self.number
