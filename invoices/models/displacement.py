"""What a refund, chargeback or returned payment did to the allocations of its payment. Without it nobody could tell a
bounced cheque from a slip that was corrected, nor put the money back where it was when it comes back."""

from django.db import models
from django.db.models.functions import Now

from collections_app.audit.laws import append_only
from invoices.models.allocation import Allocation
from invoices.models.refund import Refund


class Displacement(models.Model):
    """`refund` brought `allocation` about, in place of `original`: a reversal (negative) when money went out, what
    survives of it, or what was put back when the money came back (both positive). All three have one target."""

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="displacements")
    original = models.ForeignKey(Allocation, on_delete=models.PROTECT, related_name="displacements")
    allocation = models.OneToOneField(Allocation, on_delete=models.PROTECT, related_name="displaced_by")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        triggers = append_only()

    def __str__(self) -> str:
        return f"allocation {self.original_id} by refund {self.refund_id}"
