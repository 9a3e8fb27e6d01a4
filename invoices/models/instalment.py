"""Instalments of one invoice. Each falls due, ages and is reminded of by itself (A6)."""

import pgtrigger
from django.db import models
from django.db.models import Q

from collections_app.audit.laws import append_only
from invoices.models.invoice import Invoice

# An issued document never changes, so its instalments come with it, in one transaction, or never.
_WITH_THE_INVOICE = """
    PERFORM 1 FROM invoices_invoice i WHERE i.id = NEW.invoice_id AND (i.status = 'draft' OR i.recorded_at >= now());
    IF NOT FOUND THEN
        RAISE EXCEPTION 'instalment of invoice %: instalments are recorded together with their invoice', NEW.invoice_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'instalment_with_its_invoice';
    END IF;
    RETURN NEW;
"""
_SUM_TO_TOTAL = """
    SELECT i.total INTO whole FROM invoices_invoice i WHERE i.id = NEW.invoice_id;
    SELECT SUM(amount) INTO parts FROM invoices_instalment WHERE invoice_id = NEW.invoice_id;
    IF parts IS DISTINCT FROM whole THEN
        RAISE EXCEPTION 'invoice %: instalments add up to %, the total is %', NEW.invoice_id, parts, whole
            USING ERRCODE = 'check_violation', CONSTRAINT = 'instalments_sum_to_total';
    END IF;
    RETURN NULL;
"""


class Instalment(models.Model):
    """One part of an invoice with a due date of its own. `amount` is positive, in the invoice's currency; the parts add
    up to its total. Money put against the invoice fills the earliest part first unless the payer named one."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="instalments")
    position = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    amount = models.DecimalField(max_digits=19, decimal_places=4)

    class Meta:
        ordering = ("invoice", "position")
        constraints = [
            models.UniqueConstraint(fields=["invoice", "position"], name="instalment_position_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="instalment_amount_positive"),
            models.CheckConstraint(condition=Q(position__gte=1), name="instalment_counted_from_one"),
        ]
        triggers = [
            *append_only(),
            pgtrigger.Trigger(
                name="with_its_invoice",
                level=pgtrigger.Row,
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_WITH_THE_INVOICE,
            ),
            pgtrigger.Trigger(
                name="sum_to_total",
                level=pgtrigger.Row,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                declare=[("whole", "numeric"), ("parts", "numeric")],
                func=_SUM_TO_TOTAL,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.amount} due {self.due_on}"
