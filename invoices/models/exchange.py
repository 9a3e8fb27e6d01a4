"""Money exchanged into the currency of an invoice, and the dated rates it is done by. Rates are never guessed (D22)."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from collections_app.audit.laws import append_only
from invoices.models.payment import Payment
from invoices.models.refund import Refund

# Rounding to the smallest unit moves the result by half of it at most; the largest of these units is 1.
_TWO_ENDS = """
    PERFORM 1 FROM invoices_refund r JOIN invoices_payment p ON p.id = NEW.payment_id
    WHERE r.id = NEW.refund_id AND r.kind = 'exchange' AND p.method = 'exchange' AND r.customer_id = p.customer_id
      AND r.entity_id = p.entity_id AND r.currency <> p.currency AND ABS(r.amount * NEW.rate - p.amount) <= 0.5;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'exchange of refund %: both ends must be of one customer and come to each other at the rate',
            NEW.refund_id USING ERRCODE = 'check_violation', CONSTRAINT = 'exchange_ties_two_ends';
    END IF;
    RETURN NEW;
"""


class ExchangeRate(models.Model):
    """One unit of `base` costs `rate` units of `quote` on `on`, as `source` published it. A correction is a later row;
    the latest recorded one of a day counts."""

    base = models.CharField(max_length=3)
    quote = models.CharField(max_length=3)
    on = models.DateField()
    rate = models.DecimalField(max_digits=20, decimal_places=10)
    source = models.CharField(max_length=40)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(rate__gt=0), name="exchange_rate_positive"),
            models.CheckConstraint(condition=~Q(base=F("quote")), name="exchange_rate_of_two_currencies"),
        ]
        indexes = [models.Index(fields=["base", "quote", "-on"], name="exchange_rate_by_day")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"1 {self.base} = {self.rate} {self.quote} on {self.on} ({self.source})"


class Exchange(models.Model):
    """`refund` used up money in one currency, `payment` is the same money in another, at `rate` units of the second for
    one of the first. Both amounts stay."""

    refund = models.OneToOneField(Refund, on_delete=models.PROTECT, related_name="exchange")
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="exchanged_from")
    rate = models.DecimalField(max_digits=20, decimal_places=10)
    rate_on = models.DateField()
    rate_source = models.CharField(max_length=40)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(rate__gt=0), name="exchange_at_a_positive_rate")]
        triggers = [
            *append_only(),
            pgtrigger.Trigger(
                name="two_ends",
                level=pgtrigger.Row,
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_TWO_ENDS,
            ),
        ]

    def __str__(self) -> str:
        return f"at {self.rate} of {self.rate_on}"
