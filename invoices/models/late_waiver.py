"""What is given up of a claim for lateness before it was claimed. Nothing of it was in the books, so this is no
posting; a document that was issued is waived by an adjustment instead."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now

from collections_app.audit.laws import append_only
from customers.models import Customer
from invoices.models.invoice import Invoice


class LateWaiver(models.Model):
    """The interest on `invoice` for the days `first_on` to `last_on`, both inclusive, or its lump sum. `amount` is what
    it came to when it was waived, in the invoice's currency.

    Over the limit of the person's role it waits for a second one; until then it waives nothing."""

    class Kind(models.TextChoices):
        INTEREST = "interest", "Interest"
        LUMP_SUM = "lump_sum", "Lump sum"

    class State(models.TextChoices):
        REQUESTED = "requested", "Waits for a second person"
        IN_FORCE = "in_force", "Waived"
        REJECTED = "rejected", "Rejected"
        REINSTATED = "reinstated", "Can be claimed again"

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="late_waivers")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    first_on = models.DateField(null=True, blank=True)
    last_on = models.DateField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=19, decimal_places=4)
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State.choices)
    over_limit = models.BooleanField(db_default=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True, default="", db_default="")  # why rejected or reinstated

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="late_waiver_amount_positive"),
            models.CheckConstraint(condition=~Q(reason=""), name="late_waiver_has_a_reason"),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "in_force", "rejected", "reinstated"]),
                name="late_waiver_state_known",
            ),
            models.CheckConstraint(
                condition=Q(kind="interest", last_on__gte=F("first_on"))
                | Q(kind="lump_sum", first_on__isnull=True, last_on__isnull=True),
                name="late_waiver_period",
            ),
            models.CheckConstraint(
                condition=Q(over_limit=False)
                | Q(state__in=["requested", "rejected"])
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by"))),
                name="late_waiver_by_a_second_person",
            ),
            models.UniqueConstraint(
                fields=["invoice"],
                condition=Q(kind="lump_sum", state__in=["requested", "in_force"]),
                name="late_waiver_one_lump_sum",
            ),
            ExclusionConstraint(
                name="late_waiver_once_per_day",
                expressions=[
                    ("invoice", RangeOperators.EQUAL),
                    (
                        Func(F("first_on"), F("last_on"), Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(kind="interest", state__in=["requested", "in_force"]),
            ),
        ]
        indexes = [models.Index(fields=["customer", "state"], name="late_waiver_by_customer")]
        triggers: list[pgtrigger.Trigger] = append_only(
            but=["state", "decided_by", "decided_at", "ended_by", "ended_at", "note"]
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.amount} {self.currency}: {self.state}"
