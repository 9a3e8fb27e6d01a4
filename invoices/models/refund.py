"""Money or credit given back. It uses up a payment or credit note without touching an invoice."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from collections_app.audit.laws import append_only
from customers.models import Customer, ImportBatch, LegalEntity


class Refund(models.Model):
    """A pay-out to a customer, or the clearing of a credit outside this ledger. Allocations name what it used up."""

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="refunds")
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=19, decimal_places=4)
    paid_on = models.DateField()
    reference = models.CharField(max_length=140, blank=True, db_default="")
    import_batch = models.ForeignKey(ImportBatch, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="refund_amount_positive")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} on {self.paid_on}"
