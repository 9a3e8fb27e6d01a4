"""A dispute takes part of an invoice out of reminding, not out of the receivables (A8)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from customers.models import Customer
from invoices.models.invoice import Invoice


class Dispute(models.Model):
    """The customer says that `amount` of an invoice is not owed."""

    class Reason(models.TextChoices):
        NOT_RECEIVED = "not_received", "Goods or service not received"
        QUALITY = "quality", "Quality or damage"
        PRICE = "price", "Wrong price"
        QUANTITY = "quantity", "Wrong quantity"
        PO_MISSING = "po_missing", "Order number missing"
        ALREADY_PAID = "already_paid", "Already paid"
        DUPLICATE = "duplicate", "Invoiced twice"
        OTHER = "other", "Something else"

    class Via(models.TextChoices):
        ANALYST = "analyst", "Analyst"
        PAYER = "payer", "Payer"
        SHORT_PAYMENT = "short_payment", "Short payment"

    class State(models.TextChoices):
        OPEN = "open", "Open"
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"
        WITHDRAWN = "withdrawn", "Withdrawn"
        SETTLED = "settled", "Settled"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="disputes")
    # The matter this belongs to; empty only on rows that an earlier version of the program wrote.
    case = models.ForeignKey("DisputeCase", null=True, blank=True, on_delete=models.PROTECT, related_name="disputes")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="disputes")
    reference = models.CharField(max_length=20, unique=True)
    reason = models.CharField(max_length=20, choices=Reason.choices)
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=19, decimal_places=4)
    text = models.TextField(blank=True)
    via = models.CharField(max_length=14, choices=Via.choices, default=Via.ANALYST)
    opened_on = models.DateField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="disputes")
    answer_by = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    closed_on = models.DateField(null=True, blank=True)
    resolution = models.TextField(blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="dispute_amount_positive"),
            models.UniqueConstraint(fields=["invoice"], condition=Q(state="open"), name="dispute_one_open_per_invoice"),
            models.CheckConstraint(
                condition=Q(state="open", closed_on__isnull=True) | (~Q(state="open") & Q(closed_on__isnull=False)),
                name="dispute_closed_has_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["customer"], condition=Q(state="open"), name="dispute_open_by_customer"),
        ]

    def __str__(self) -> str:
        return self.reference
