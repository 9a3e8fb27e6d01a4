"""A dunning run: one policy, one business day, prepared once; its chunks, and what it decided about every account."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from customers.models import Customer
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
    after_customer_id = models.BigIntegerField(default=0)  # how far preparing got where one process does it all
    is_dry = models.BooleanField(default=False, db_default=False)  # looked at and kept, but nothing can be sent from it
    proposed = models.IntegerField(default=0)
    skipped = models.JSONField(default=dict)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-as_of", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "as_of"], condition=models.Q(is_dry=False), name="run_once_per_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.policy_id} on {self.as_of}"


class RunChunk(models.Model):
    """Customers `first_id` to `last_id` of a run, inclusive: what one worker prepares in one short transaction."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="chunks")
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    done_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    proposed = models.IntegerField(default=0)
    skipped = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "first_id"], name="run_chunk_once")]
        indexes = [models.Index(fields=["run"], condition=models.Q(done_at__isnull=True), name="run_chunk_to_do")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.first_id} to {self.last_id}"


class DecisionRecord(models.Model):
    """What a run decided about one account, and the facts it rested on; written by the code that decides (F23)."""

    # No index of their own: both begin one of those below, and a hundred thousand rows are written at once.
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="decisions", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    currency = models.CharField(max_length=3)
    as_of = models.DateField()
    code = models.CharField(max_length=30)
    facts = models.JSONField(default=dict)
    step_position = models.PositiveSmallIntegerField(null=True, blank=True)
    amount = models.DecimalField(max_digits=19, decimal_places=4, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "customer", "currency"], name="decision_once_per_account")
        ]
        indexes = [
            models.Index(fields=["customer", "-as_of"], name="decision_by_customer"),
            models.Index(fields=["as_of", "code"], name="decision_by_code"),
        ]

    def __str__(self) -> str:
        return f"{self.code} on {self.as_of}"
