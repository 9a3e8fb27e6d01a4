"""What a payer asked for from a link and a person must answer. Promises and disputes are rows of their own."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from customers.models import Customer
from invoices.models.invoice import Invoice
from invoices.models.pay_link import PayLink


class PayerRequest(models.Model):
    """A typed message from a payer. It stops no reminder by itself (P5); an analyst answers it."""

    class Kind(models.TextChoices):
        PLAN = "plan", "Asks for a payment plan"
        WRONG_CONTACT = "wrong_contact", "Says they are the wrong contact"
        ALREADY_PAID = "already_paid", "Says it is paid already"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="payer_requests")
    pay_link = models.ForeignKey(PayLink, null=True, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(Invoice, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=14, choices=Kind.choices)
    text = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["plan", "wrong_contact", "already_paid"]), name="payer_request_kind_known"
            )
        ]
        indexes = [
            models.Index(fields=["customer"], condition=Q(answered_at__isnull=True), name="payer_request_unanswered"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.customer_id})"
