"""A rehearsal that somebody asked for: which policies over which days, how far it is, and what came of it. It changes
nothing else; the row is the queue."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from dunning.models.policy import Policy


class Rehearsal(models.Model):
    """One policy, or two side by side, replayed over `first_on` to `last_on`, both inclusive.

    `partial` is what is counted so far, up to customer `after_customer_id`; `result` the finished report."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DONE = "done", "Done"
        FAILED = "failed", "Not finished"

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="+")
    against = models.ForeignKey(Policy, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    first_on = models.DateField()
    last_on = models.DateField()
    within_days = models.PositiveSmallIntegerField(default=3)  # a payment so soon after made the letter needless
    as_known = models.BooleanField(default=False)  # only what had been recorded by the evening of each day
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    customers = models.PositiveIntegerField(default=0)  # to be replayed
    customers_done = models.PositiveIntegerField(default=0)
    after_customer_id = models.BigIntegerField(default=0)
    partial = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    problem = models.CharField(max_length=250, blank=True, default="")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    claimed_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="rehearsal_days_in_order"),
            models.CheckConstraint(condition=Q(state__in=["waiting", "done", "failed"]), name="rehearsal_state_known"),
        ]
        indexes = [models.Index(fields=["asked_at"], condition=Q(state="waiting"), name="rehearsal_waiting")]

    def __str__(self) -> str:
        return f"{self.policy_id} from {self.first_on} to {self.last_on}"
