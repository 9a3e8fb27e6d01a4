"""What a refund, chargeback or returned payment did to the allocations of its payment. Without it nobody could tell a
bounced cheque from a slip that was corrected, nor put the money back where it was when it comes back."""

import pgtrigger
from django.db import models
from django.db.models.functions import Now

from collections_app.audit.laws import append_only
from invoices.models.allocation import Allocation
from invoices.models.refund import Refund

_SAME_TARGET = """
    PERFORM 1 FROM invoices_allocation o JOIN invoices_allocation a ON a.id = NEW.allocation_id
    WHERE o.id = NEW.original_id AND a.id <> o.id AND o.reverses_id IS NULL AND a.payment_id = o.payment_id
      AND (a.invoice_id, a.instalment_id) IS NOT DISTINCT FROM (o.invoice_id, o.instalment_id)
      AND EXISTS (SELECT 1 FROM invoices_allocation u
                  WHERE u.refund_id = NEW.refund_id AND u.payment_id = o.payment_id);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'displacement of allocation %: it names the same payment and target, and what used it up',
            NEW.original_id USING ERRCODE = 'check_violation', CONSTRAINT = 'displacement_same_target';
    END IF;
    RETURN NEW;
"""


class Displacement(models.Model):
    """`refund` brought `allocation` about, in place of `original`: a reversal (negative) when money went out, what
    survives of it, or what was put back when the money came back (both positive). All three have one target."""

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="displacements")
    original = models.ForeignKey(Allocation, on_delete=models.PROTECT, related_name="displacements")
    allocation = models.OneToOneField(Allocation, on_delete=models.PROTECT, related_name="displaced_by")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        triggers = [
            *append_only(),
            pgtrigger.Trigger(
                name="same_target",
                level=pgtrigger.Row,
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_SAME_TARGET,
            ),
        ]

    def __str__(self) -> str:
        return f"allocation {self.original_id} by refund {self.refund_id}"
