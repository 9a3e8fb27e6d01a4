"""A hold on one invoice, or on a part of it: it is not asked for, for a stated time and reason (R9)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from customers.models import Customer
from invoices.models.invoice import Invoice


class InvoiceHold(models.Model):
    """Not asked for from `starts_on` to `ends_on`, both inclusive, unless released before. `amount` None: all of it."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="holds")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(max_digits=19, decimal_places=4, null=True, blank=True)  # in the invoice's currency
    reason = models.CharField(max_length=200)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    released_on = models.DateField(null=True, blank=True)  # the first day without the hold
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__isnull=True) | Q(amount__gt=0), name="invoice_hold_amount"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="invoice_hold_ends_after_start"),
        ]
        indexes = [models.Index(fields=["customer", "ends_on"], name="invoice_hold_by_customer")]

    def __str__(self) -> str:
        return f"{self.reason} until {self.ends_on}"
