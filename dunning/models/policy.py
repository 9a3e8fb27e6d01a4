"""A dunning policy and its ordered steps. Deciding is `dunning.rules`; these rows only hold what was configured."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from customers.models import LegalEntity


class Policy(models.Model):
    """How one legal entity's customers are reminded. Amounts in the entity's currency."""

    class Mode(models.TextChoices):
        REVIEW = "review", "A person approves"
        AUTOMATIC = "automatic", "Sent by itself"

    class Entry(models.TextChoices):
        FIRST = "first", "At the first reminder, however late"
        MATCHING = "matching", "At the step that fits the days late"

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    entity = models.OneToOneField(LegalEntity, on_delete=models.PROTECT, related_name="policy")
    is_active = models.BooleanField(default=False)
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.REVIEW)
    entry = models.CharField(max_length=10, choices=Entry.choices, default=Entry.FIRST)
    min_amount = models.DecimalField(max_digits=19, decimal_places=4, default=0)
    min_days_between = models.PositiveSmallIntegerField(default=6)
    send_hour = models.PositiveSmallIntegerField(default=8)  # of the customer's day
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "policies"
        constraints = [
            models.CheckConstraint(condition=Q(min_amount__gte=0), name="policy_min_amount_not_negative"),
            models.CheckConstraint(condition=Q(send_hour__lte=23), name="policy_send_hour_is_an_hour"),
            models.CheckConstraint(condition=Q(min_days_between__gte=1), name="policy_some_days_between"),
        ]

    def __str__(self) -> str:
        return self.name


class Step(models.Model):
    """One step: when (days from the due date, negative before it), by which channel, in which tone."""

    class Stage(models.TextChoices):
        PREVENTIVE = "preventive", "Preventive"
        EARLY = "early", "Early"
        LATE = "late", "Late"
        FINAL = "final", "Final"

    # None: taken out of its policy. The row stays, because sent notices name it and are never changed (R8).
    policy = models.ForeignKey(Policy, null=True, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    offset_days = models.SmallIntegerField()
    channel = models.CharField(max_length=20)  # an adapter's code; the registry knows which exist
    stage = models.CharField(max_length=10, choices=Stage.choices)
    days_to_pay = models.PositiveSmallIntegerField(default=7)  # the new date shown in the notice (R12)

    class Meta:
        ordering = ["policy", "position"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "position"], name="step_position_once"),
            models.UniqueConstraint(fields=["policy", "offset_days"], name="step_offset_once"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.name}"
