"""A dunning run: one policy, one business day, prepared once."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from dunning.models.policy import Policy


class Run(models.Model):
    """What was looked at on a day and what came of it. `skipped` counts reason codes."""

    class State(models.TextChoices):
        PREPARING = "preparing", "Preparing"
        PREPARED = "prepared", "Prepared"
        FAILED = "failed", "Failed"

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="runs")
    as_of = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREPARING)
    after_customer_id = models.BigIntegerField(default=0)  # how far preparing got: chunks resume here
    proposed = models.IntegerField(default=0)
    skipped = models.JSONField(default=dict)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-as_of", "-id"]
        constraints = [models.UniqueConstraint(fields=["policy", "as_of"], name="run_once_per_day")]

    def __str__(self) -> str:
        return f"{self.policy_id} on {self.as_of}"
