"""Playbooks: what to do at which stage, what to say, in which tone; and which of it was done for a customer (F21)."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from customers.models import Customer, Segment


class Playbook(models.Model):
    """The documented way for one stage. Of the active ones that fit stage and segment, the lowest `rank` counts."""

    class Stage(models.TextChoices):
        ANY = "", "Any stage"
        PREVENTIVE = "preventive", "Preventive"
        EARLY = "early", "Early"
        LATE = "late", "Late"
        FINAL = "final", "Final"

    class Occasion(models.TextChoices):
        ANY = "", "Whenever"
        BROKEN = "broken", "A promise was broken"
        DISPUTE = "dispute", "A dispute is open"
        PROMISE = "promise", "A promise is open"
        UNREACHABLE = "unreachable", "Nobody can be reached"
        FIRST = "first", "The first contact"

    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=120)
    stage = models.CharField(max_length=10, choices=Stage.choices, blank=True, default="")
    occasion = models.CharField(max_length=12, choices=Occasion.choices, blank=True, default="")
    segment = models.ForeignKey(Segment, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField(default=100)
    is_active = models.BooleanField(default=True)
    goal = models.CharField(max_length=250)
    tone = models.CharField(max_length=250, blank=True)
    script = models.TextField(blank=True)  # {{name}} placeholders from a short list
    do = models.TextField(blank=True)  # one per line
    dont = models.TextField(blank=True)  # one per line
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["rank", "title"]

    def __str__(self) -> str:
        return self.title


class PlaybookStep(models.Model):
    """One thing to do. `action` is the code of the key that does it and marks it as done; empty: by hand."""

    playbook = models.ForeignKey(Playbook, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=250)
    action = models.CharField(max_length=20, blank=True)
    minutes = models.PositiveSmallIntegerField(default=2)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["playbook", "position"], name="playbook_step_placed")]

    def __str__(self) -> str:
        return self.text


class PlaybookCheck(models.Model):
    """A step was done for a customer. Completion is measured from these rows."""

    step = models.ForeignKey(PlaybookStep, on_delete=models.CASCADE, related_name="checks")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    undone_at = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "customer", "on"], name="playbook_check_once_a_day")]
        indexes = [models.Index(fields=["customer", "-on"], name="playbook_check_by_customer")]

    def __str__(self) -> str:
        return f"{self.step_id} for {self.customer_id} on {self.on}"
