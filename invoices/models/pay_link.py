"""Links that let a payer in without a login. Only a hash of the token is kept (W5)."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from customers.models import Customer
from invoices.models.invoice import Invoice


class PayLink(models.Model):
    """A typed, expiring, revocable right to see (and pay) one invoice or one customer's open items."""

    class Purpose(models.TextChoices):
        INVOICE = "invoice", "One invoice"
        ACCOUNT = "account", "All open items"
        RECEIPT = "receipt", "Receipt"

    token_hash = models.CharField(max_length=64, unique=True)  # SHA-256 of a random 256-bit token
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="pay_links")
    invoice = models.ForeignKey(Invoice, null=True, blank=True, on_delete=models.PROTECT, related_name="pay_links")
    pay_session = models.ForeignKey(
        "invoices.PaySession", null=True, blank=True, on_delete=models.PROTECT, related_name="receipt_links"
    )
    language = models.CharField(max_length=10, default="en")
    sent_to = models.CharField(max_length=254, blank=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(purpose="invoice") | Q(invoice__isnull=False), name="pay_link_invoice_has_invoice"
            ),
            models.CheckConstraint(
                condition=~Q(purpose="receipt") | Q(pay_session__isnull=False), name="pay_link_receipt_has_session"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} link {self.pk}"
