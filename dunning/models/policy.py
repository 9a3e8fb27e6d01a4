"""A dunning policy, its ordered steps and its versions. Deciding is `dunning.rules`; these rows only hold what
was configured."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from customers.models import Contact, Customer, LegalEntity, Segment


class Policy(models.Model):
    """How customers of one legal entity are reminded: all of them, or those of a segment or strategy. Amounts in the
    entity's currency.

    A customer belongs to one policy: of those that are on and that fit (its segment has the customer, its strategy is
    the customer's; empty fits everybody), the one with the lowest rank (`dunning.queries.policies`)."""

    class Mode(models.TextChoices):
        REVIEW = "review", "A person approves"
        AUTOMATIC = "automatic", "Sent by itself"

    class Credits(models.TextChoices):
        LIST = "list", "List them and take them off"
        HOLD = "hold", "Wait until they are allocated"

    class End(models.TextChoices):
        DECIDE = "decide", "A person decides"
        AGENCY = "agency", "Propose a collection agency"
        LEGAL = "legal", "Propose legal action"
        WRITE_OFF = "write_off", "Propose a write-off"
        HOLD = "hold", "Stop writing"

    class Entry(models.TextChoices):
        FIRST = "first", "At the first reminder, however late"
        MATCHING = "matching", "At the step that fits the days late"

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="policies")
    segment = models.ForeignKey(Segment, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    strategy = models.CharField(max_length=40, blank=True, default="", db_default="")
    rank = models.PositiveSmallIntegerField(default=100, db_default=100)
    version = models.PositiveIntegerField(default=1, db_default=1)  # the number of the PolicyVersion in force
    is_active = models.BooleanField(default=False)
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.REVIEW)
    entry = models.CharField(max_length=10, choices=Entry.choices, default=Entry.FIRST)
    min_amount = models.DecimalField(max_digits=19, decimal_places=4, default=0)
    min_share = models.DecimalField(  # per cent of all that is open in the currency (R2)
        max_digits=5, decimal_places=2, default=0, db_default=0
    )
    min_days_between = models.PositiveSmallIntegerField(default=6)
    send_hour = models.PositiveSmallIntegerField(default=8)  # of the customer's day
    send_until_hour = models.PositiveSmallIntegerField(default=20, db_default=20)  # from then on it waits for morning
    days_after_delivery = models.PositiveSmallIntegerField(default=3, db_default=3)  # R15
    credits = models.CharField(max_length=5, choices=Credits.choices, default=Credits.LIST, db_default="list")
    lists_held_items = models.BooleanField(default=False, db_default=False)  # show what is held, asking nothing (R10)
    hold_minutes = models.PositiveSmallIntegerField(default=10, db_default=10)  # after approval, time to undo
    end_action = models.CharField(max_length=10, choices=End.choices, default=End.DECIDE, db_default="decide")
    # The first dry run that a person approved; before it nothing leaves by itself (F29, U71).
    rehearsed_at = models.DateTimeField(null=True, blank=True)
    rehearsed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "policies"
        constraints = [
            models.CheckConstraint(condition=Q(min_amount__gte=0), name="policy_min_amount_not_negative"),
            models.CheckConstraint(condition=Q(send_hour__lte=23), name="policy_send_hour_is_an_hour"),
            models.CheckConstraint(condition=Q(min_days_between__gte=1), name="policy_some_days_between"),
            models.CheckConstraint(condition=Q(min_share__gte=0, min_share__lte=100), name="policy_share_is_per_cent"),
            models.CheckConstraint(
                condition=Q(send_until_hour__gt=models.F("send_hour"), send_until_hour__lte=24),
                name="policy_window_is_open",
            ),
            models.UniqueConstraint(
                fields=["entity", "segment", "strategy"], nulls_distinct=False, name="policy_once_per_place"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PolicyMinimum(models.Model):
    """The smallest amount worth a notice in a currency of its own; without one the policy's is converted."""

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="minimums")
    currency = models.CharField(max_length=3)
    min_amount = models.DecimalField(max_digits=19, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "currency"], name="policy_minimum_once_per_currency"),
            models.CheckConstraint(condition=Q(min_amount__gte=0), name="policy_minimum_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.min_amount} {self.currency}"


class PolicyVersion(models.Model):
    """What a policy said from a version on, complete: `content` has its own fields and its steps."""

    class Running(models.TextChoices):
        MOVE = "move", "Running conversations follow the new version"
        FINISH = "finish", "Running conversations end as they began"

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField(default=dict)
    running = models.CharField(max_length=6, choices=Running.choices, default=Running.MOVE)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy", "number"], name="policy_version_once")]

    def __str__(self) -> str:
        return f"{self.policy_id} version {self.number}"


class PolicyStay(models.Model):
    """A customer whose conversation in a currency ends as it began, with an older version of its policy. Deleted when
    the conversation is over."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    currency = models.CharField(max_length=3)
    version = models.ForeignKey(PolicyVersion, on_delete=models.CASCADE, related_name="stays")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "currency"], name="policy_stay_once")]

    def __str__(self) -> str:
        return f"{self.customer_id} stays with {self.version_id}"


class Step(models.Model):
    """One step: when (days from the due date, negative before it), by which channel, in which tone."""

    class Anchor(models.TextChoices):
        DUE_DATE = "due_date", "Due date"
        END_OF_MONTH = "end_of_month", "End of the due date's month"
        PREVIOUS_NOTICE = "previous_notice", "Previous notice, when really sent"
        BROKEN_PROMISE = "broken_promise", "Broken promise"

    class Fee(models.TextChoices):
        NONE = "none", "No fee"
        LAW = "law", "What the country's rules allow"
        FIXED = "fixed", "A fixed fee"

    class Stage(models.TextChoices):
        PREVENTIVE = "preventive", "Preventive"
        EARLY = "early", "Early"
        LATE = "late", "Late"
        FINAL = "final", "Final"

    # None: taken out of its policy. The row stays, because sent notices name it and are never changed (R8).
    policy = models.ForeignKey(Policy, null=True, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    anchor = models.CharField(max_length=16, choices=Anchor.choices, default=Anchor.DUE_DATE, db_default="due_date")
    offset_days = models.SmallIntegerField()  # days from the anchor; negative only before a due date
    business_days = models.BooleanField(default=False, db_default=False)  # whether the offset counts working days only
    channel = models.CharField(max_length=20)  # an adapter's code; the registry knows which exist
    stage = models.CharField(max_length=10, choices=Stage.choices)
    days_to_pay = models.PositiveSmallIntegerField(default=7)  # the new date shown in the notice (R12)
    # Who at the customer: the first of these roles with somebody reachable; empty: the primary contact, else payables.
    recipients = ArrayField(
        models.CharField(max_length=12, choices=Contact.Part.choices), default=list, db_default=[], blank=True
    )
    copies = ArrayField(
        models.CharField(max_length=12, choices=Contact.Part.choices), default=list, db_default=[], blank=True
    )
    # A template's key; empty: the stage's.
    words = models.CharField(max_length=40, blank=True, default="", db_default="")
    fee = models.CharField(max_length=5, choices=Fee.choices, default=Fee.NONE, db_default="none")
    fee_amount = models.DecimalField(  # of a fixed fee, in the entity's currency
        max_digits=19, decimal_places=4, null=True, blank=True
    )
    with_interest = models.BooleanField(default=False, db_default=False)  # names the interest accrued so far
    needs_approval = models.BooleanField(default=False, db_default=False)  # a person approves even in automatic mode

    class Meta:
        ordering = ["policy", "position"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "position"], name="step_position_once"),
            models.UniqueConstraint(fields=["policy", "anchor", "offset_days"], name="step_day_once"),
            models.CheckConstraint(
                condition=Q(fee="fixed", fee_amount__gt=0) | (~Q(fee="fixed") & Q(fee_amount__isnull=True)),
                name="step_fixed_fee_has_an_amount",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.name}"
