"""One attempt of a payer to pay. It becomes a payment only when the gateway's signed webhook says so (D12)."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from customers.models import Customer, LegalEntity
from invoices.models.invoice import Invoice
from invoices.models.payment import Payment


class PaySession(models.Model):
    """What the payer chose to pay, and how far the gateway got with it. Amounts in `currency`."""

    class State(models.TextChoices):
        CREATED = "created", "Started"
        PROCESSING = "processing", "Processing"
        SUCCEEDED = "succeeded", "Paid"
        FAILED = "failed", "Failed"
        EXPIRED = "expired", "Expired"

    reference = models.CharField(max_length=40, unique=True)  # what the payer and the gateway call it
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="pay_sessions")
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="+")
    pay_link = models.ForeignKey("invoices.PayLink", null=True, on_delete=models.PROTECT, related_name="pay_sessions")
    gateway = models.CharField(max_length=30)
    gateway_intent_id = models.CharField(max_length=120, blank=True)
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=19, decimal_places=4)
    method = models.CharField(max_length=12, choices=Payment.Method.choices, default=Payment.Method.CARD)
    state = models.CharField(max_length=10, choices=State.choices, default=State.CREATED)
    failure = models.CharField(max_length=200, blank=True)
    payment = models.OneToOneField(Payment, null=True, blank=True, on_delete=models.PROTECT, related_name="pay_session")
    created_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="pay_session_amount_positive"),
            models.UniqueConstraint(
                fields=["gateway", "gateway_intent_id"],
                condition=~Q(gateway_intent_id=""),
                name="pay_session_one_per_intent",
            ),
        ]
        indexes = [models.Index(fields=["customer", "-created_at"], name="pay_session_by_customer")]

    def __str__(self) -> str:
        return self.reference


class PaySessionItem(models.Model):
    """One invoice that a pay session means to pay, and how much of it."""

    pay_session = models.ForeignKey(PaySession, on_delete=models.PROTECT, related_name="items")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="pay_session_items")
    amount = models.DecimalField(max_digits=19, decimal_places=4)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="pay_session_item_amount_positive"),
            models.UniqueConstraint(fields=["pay_session", "invoice"], name="pay_session_item_once"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} on invoice {self.invoice_id}"
