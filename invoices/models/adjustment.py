"""Adjustments: what lowers an invoice without money and without a credit note. Append-only; undone by reversing its
allocations."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from collections_app.audit.laws import append_only
from customers.models import Customer, LegalEntity
from invoices.models.approval import Approval

# What is posted is what a second person approved, and nothing else.
_AS_APPROVED = """
    PERFORM 1 FROM invoices_approval a WHERE a.id = NEW.approval_id AND a.state = 'posted' AND a.kind = NEW.kind
        AND a.entity_id = NEW.entity_id AND a.customer_id = NEW.customer_id AND a.currency = NEW.currency
        AND a.amount = NEW.amount;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'adjustment over %: approval % is not for this posting', NEW.amount, NEW.approval_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'adjustment_as_approved';
    END IF;
    RETURN NEW;
"""


class Adjustment(models.Model):
    """A write-off, settlement, difference or discount. `amount` is positive, in `currency`. It is put against invoices
    in full when it is posted, so it is never open credit; a recovery reverses it in full."""

    class Kind(models.TextChoices):
        WRITE_OFF = "write_off", "Write-off"
        SETTLEMENT = "settlement", "Settlement"
        SMALL_DIFFERENCE = "small_difference", "Small difference"
        EXCHANGE_DIFFERENCE = "exchange_difference", "Exchange difference"
        EARLY_PAYMENT_DISCOUNT = "early_payment_discount", "Early-payment discount"
        WAIVER = "waiver", "Waiver of a fee or interest"
        OTHER = "other", "Adjustment"

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="adjustments")
    kind = models.CharField(max_length=24, choices=Kind.choices)
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=19, decimal_places=4)
    effective_on = models.DateField()
    reason = models.CharField(max_length=200)
    approval = models.OneToOneField(
        Approval, null=True, blank=True, on_delete=models.PROTECT, related_name="adjustment"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="adjustment_amount_positive"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="adjustment_currency_code"),
            models.CheckConstraint(condition=~Q(reason=""), name="adjustment_has_a_reason"),
        ]
        indexes = [models.Index(fields=["customer", "effective_on"], name="adjustment_by_customer")]
        triggers = [
            *append_only(),
            pgtrigger.Trigger(
                name="as_approved",
                level=pgtrigger.Row,
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__approval__isnull=False),
                func=_AS_APPROVED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.amount} {self.currency}"
