"""Promises to pay. Whether one was kept is judged from payments (P2), never typed in."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from customers.models import Contact, Customer
from invoices.models.invoice import Invoice


class Promise(models.Model):
    """The customer says that `amount` will arrive by `promised_on`, inclusive."""

    class Via(models.TextChoices):
        ANALYST = "analyst", "Analyst"
        PAYER = "payer", "Payer"

    class State(models.TextChoices):
        OPEN = "open", "Open"
        KEPT = "kept", "Kept"
        PARTLY_KEPT = "partly_kept", "Partly kept"
        BROKEN = "broken", "Broken"
        WITHDRAWN = "withdrawn", "Withdrawn"
        REPLACED = "replaced", "Replaced"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="promises")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=19, decimal_places=4)
    made_on = models.DateField()
    promised_on = models.DateField()
    via = models.CharField(max_length=10, choices=Via.choices, default=Via.ANALYST)
    grace_days = models.PositiveSmallIntegerField(default=0, db_default=0)  # after its last day in time (P2, D51)
    level = models.PositiveSmallIntegerField(default=1)  # repeats of a promise not fully kept raise it (P1)
    note = models.CharField(max_length=250, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    closed_on = models.DateField(null=True, blank=True)
    kept_amount = models.DecimalField(max_digits=19, decimal_places=4, null=True, blank=True)  # as judged
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="promise_amount_positive"),
            models.CheckConstraint(condition=Q(promised_on__gte=models.F("made_on")), name="promise_not_in_the_past"),
            models.CheckConstraint(
                condition=Q(state="open", closed_on__isnull=True) | (~Q(state="open") & Q(closed_on__isnull=False)),
                name="promise_closed_has_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["promised_on"], condition=Q(state="open"), name="promise_open_by_day"),
            models.Index(fields=["customer", "-made_on"], name="promise_by_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} by {self.promised_on}"


class PromiseItem(models.Model):
    """One invoice within a promise. `live` follows the promise's open state, for the one-open-promise law (P1)."""

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="items")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="promise_items")
    amount = models.DecimalField(max_digits=19, decimal_places=4)
    live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="promise_item_amount_positive"),
            models.UniqueConstraint(fields=["promise", "invoice"], name="promise_item_once"),
            models.UniqueConstraint(fields=["invoice"], condition=Q(live=True), name="promise_one_open_per_invoice"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} on invoice {self.invoice_id}"
