"""Payment plans: open invoices that the customer pays off in agreed parts. Whether one is kept is judged from
payments."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from customers.models import Customer
from invoices.models.invoice import Invoice


class PaymentPlan(models.Model):
    """An agreement of `agreed_on` over what its items name. `ended_on` is the first day on which it counts no more."""

    class State(models.TextChoices):
        ACTIVE = "active", "Active"
        KEPT = "kept", "Paid off"
        DEFAULTED = "defaulted", "Defaulted"
        CANCELLED = "cancelled", "Cancelled"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="payment_plans")
    currency = models.CharField(max_length=3)
    agreed_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    note = models.CharField(max_length=250, blank=True, db_default="")
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="active", ended_on__isnull=True) | (~Q(state="active") & Q(ended_on__isnull=False)),
                name="payment_plan_ended_has_a_day",
            )
        ]
        indexes = [models.Index(fields=["customer"], name="payment_plan_by_customer")]

    def __str__(self) -> str:
        return f"Plan of {self.agreed_on}"


class PlanItem(models.Model):
    """One invoice on a plan, for `amount` of it, in the plan's currency."""

    plan = models.ForeignKey(PaymentPlan, on_delete=models.PROTECT, related_name="items")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="plan_items")
    amount = models.DecimalField(max_digits=19, decimal_places=4)
    live = models.BooleanField(default=True)  # follows the plan's state, for the one-plan law

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="plan_item_amount_positive"),
            models.UniqueConstraint(fields=["plan", "invoice"], name="plan_item_once"),
            models.UniqueConstraint(fields=["invoice"], condition=Q(live=True), name="plan_one_active_per_invoice"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} of invoice {self.invoice_id}"


class PlanInstalment(models.Model):
    """One agreed part of a plan: `amount` is to arrive by `due_on`, inclusive."""

    plan = models.ForeignKey(PaymentPlan, on_delete=models.PROTECT, related_name="instalments")
    due_on = models.DateField()
    amount = models.DecimalField(max_digits=19, decimal_places=4)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="plan_instalment_amount_positive"),
            models.UniqueConstraint(fields=["plan", "due_on"], name="plan_instalment_once_per_day"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} by {self.due_on}"
