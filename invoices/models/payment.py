"""Payments received. A payment is never edited; what is not allocated of it is unapplied cash."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from collections_app.audit.laws import append_only
from customers.models import Customer, ImportBatch, LegalEntity


class Payment(models.Model):
    """Money that arrived. `received_on` is the value date, `recorded_at` when we learned of it."""

    class Method(models.TextChoices):
        TRANSFER = "transfer", "Bank transfer"
        CARD = "card", "Card"
        DIRECT_DEBIT = "direct_debit", "Direct debit"
        CHEQUE = "cheque", "Cheque"
        EXCHANGE = "exchange", "Exchanged"
        OTHER = "other", "Other"

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="payments")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="payments")
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=19, decimal_places=4)
    received_on = models.DateField()
    method = models.CharField(max_length=12, choices=Method.choices, default=Method.TRANSFER)
    reference = models.CharField(max_length=140, blank=True, db_default="")
    provider = models.CharField(max_length=30, blank=True, db_default="")
    provider_account = models.CharField(max_length=60, blank=True, db_default="")
    provider_payment_id = models.CharField(max_length=120, blank=True, db_default="")
    import_batch = models.ForeignKey(ImportBatch, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_amount_positive"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="payment_currency_code"),
            models.UniqueConstraint(
                fields=["provider", "provider_account", "provider_payment_id"],
                condition=~Q(provider_payment_id=""),
                name="payment_once_per_provider_id",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "received_on"], name="payment_by_customer"),
            # For the search: any part of a reference, and the exact amount.
            GinIndex(
                fields=["reference"], name="payment_reference_search", opclasses=["gin_trgm_ops"],
                condition=~Q(reference=""),
            ),
            models.Index(fields=["amount"], name="payment_by_amount"),
        ]  # fmt: skip
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} on {self.received_on}"
