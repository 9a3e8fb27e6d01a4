"""What was claimed for lateness, and on what grounds: one row beside each fee or interest document."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from collections_app.audit.laws import append_only
from customers.models import Customer
from invoices.models.invoice import Invoice


class LateClaim(models.Model):
    """`document` claims for the lateness of `invoice`. `basis` is the computation as it was made: pack, rates, slices.

    `source` names what asked for it where that happens once, such as "notice:17" (L10)."""

    class Kind(models.TextChoices):
        INTEREST = "interest", "Interest"
        LUMP_SUM = "lump_sum", "Lump sum"
        FEE = "fee", "Reminder fee"

    document = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="late_claim")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="late_claims")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    pack = models.CharField(max_length=4)
    basis = models.JSONField(default=dict)
    source = models.CharField(max_length=40, blank=True, default="", db_default="")
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invoice"], condition=Q(kind="lump_sum"), name="late_claim_one_lump_sum_per_invoice"
            ),
            models.UniqueConstraint(fields=["source"], condition=~Q(source=""), name="late_claim_once_per_source"),
            models.CheckConstraint(condition=Q(kind__in=["interest", "lump_sum", "fee"]), name="late_claim_kind_known"),
        ]
        indexes = [models.Index(fields=["customer", "-recorded_at"], name="late_claim_by_customer")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.get_kind_display()} for {self.invoice_id}"
