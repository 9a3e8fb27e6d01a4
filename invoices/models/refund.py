"""Money or credit given back. It uses up a payment or credit note without touching an invoice."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from collections_app.audit.laws import append_only
from customers.models import Customer, ImportBatch, LegalEntity


class Refund(models.Model):
    """A pay-out to a customer, or the clearing of a credit outside this ledger. Allocations name what it used up."""

    class Kind(models.TextChoices):
        REFUND = "refund", "Refund"
        CHARGEBACK = "chargeback", "Chargeback"
        RETURNED = "returned", "Returned payment"
        SMALL_DIFFERENCE = "small_difference", "Small difference"
        EXCHANGE = "exchange", "Exchanged"
        CLEARING = "clearing", "Cleared elsewhere"

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="refunds")
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.REFUND, db_default="refund")
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=19, decimal_places=4)
    paid_on = models.DateField()
    reference = models.CharField(max_length=140, blank=True, db_default="")
    import_batch = models.ForeignKey(ImportBatch, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # The provider's own id of a refund or chargeback, so that the same event twice makes one row (W4).
    provider = models.CharField(max_length=30, blank=True, db_default="")
    provider_refund_id = models.CharField(max_length=120, blank=True, db_default="")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_amount_positive"),
            models.UniqueConstraint(
                fields=["provider", "provider_refund_id"],
                condition=~Q(provider_refund_id=""),
                name="refund_once_per_provider_id",
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} on {self.paid_on}"
