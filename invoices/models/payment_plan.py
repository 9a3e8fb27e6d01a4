"""Payment plans: open invoices that the customer pays off in agreed parts. Whether one is kept is judged from
payments."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from customers.models import Customer
from invoices.models.invoice import Invoice


class PaymentPlan(models.Model):
    """An agreement of `agreed_on` over what its items name. `ended_on` is the first day on which it counts no more.

    While it is only proposed it counts for nothing: `agreed_on` is empty, and reminders go on."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        ACTIVE = "active", "Active"
        KEPT = "kept", "Paid off"
        DEFAULTED = "defaulted", "Defaulted"
        CANCELLED = "cancelled", "Cancelled"
        REJECTED = "rejected", "Rejected"

    class Via(models.TextChoices):
        ANALYST = "analyst", "Analyst"
        PAYER = "payer", "Payer"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="payment_plans")
    currency = models.CharField(max_length=3)
    proposed_on = models.DateField(null=True, blank=True)  # None: agreed without a proposal
    agreed_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    via = models.CharField(max_length=10, choices=Via.choices, default=Via.ANALYST, db_default="analyst")
    grace_days = models.PositiveSmallIntegerField(default=3, db_default=3)  # after an instalment's last day in time
    reminds = models.BooleanField(default=False, db_default=False)  # its parts are mailed about, before and when late
    note = models.CharField(max_length=250, blank=True, db_default="")
    end_note = models.CharField(max_length=250, blank=True, db_default="")  # why it was rejected, cancelled, defaulted
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(db_default=Now())  # of the agreement, once there is one
    judged_on = models.DateField(null=True, blank=True)  # the last business day on which it was judged, and the moment:
    judged_at = models.DateTimeField(null=True, blank=True)  # what was recorded since makes it due again

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "active"], ended_on__isnull=True)
                | (~Q(state__in=["proposed", "active"]) & Q(ended_on__isnull=False)),
                name="payment_plan_ended_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "rejected"], agreed_on__isnull=True)
                | (~Q(state__in=["proposed", "rejected"]) & Q(agreed_on__isnull=False)),
                name="payment_plan_agreed_has_a_day",
            ),
            models.UniqueConstraint(
                fields=["customer", "currency"], condition=Q(state="proposed"), name="payment_plan_one_proposal"
            ),
        ]
        indexes = [models.Index(fields=["customer"], name="payment_plan_by_customer")]

    def __str__(self) -> str:
        return f"Plan of {self.agreed_on or self.proposed_on}"


class PlanItem(models.Model):
    """One invoice on a plan, for `amount` of it, in the plan's currency."""

    plan = models.ForeignKey(PaymentPlan, on_delete=models.PROTECT, related_name="items")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="plan_items")
    amount = models.DecimalField(max_digits=19, decimal_places=4)
    live = models.BooleanField(default=True)  # while the plan is active, for the one-plan law

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
