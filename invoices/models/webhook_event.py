"""The inbox of provider events: stored first, answered 2xx, processed later, each once (W4)."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class WebhookEvent(models.Model):
    """One event of one provider. The raw body is kept as received; its signature was checked before storing."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DONE = "done", "Done"
        IGNORED = "ignored", "Ignored"
        REVIEW = "review", "Needs a person"
        DEAD = "dead", "Gave up"

    provider = models.CharField(max_length=30)
    event_id = models.CharField(max_length=120)
    kind = models.CharField(max_length=60, blank=True)
    body = models.TextField()
    received_at = models.DateTimeField(db_default=Now())
    deliveries = models.PositiveIntegerField(default=1)  # how often the provider sent it
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=250, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)  # how often the program failed on it
    processed_at = models.DateTimeField(null=True, blank=True)  # when it was last looked at

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "event_id"], name="webhook_event_once")]
        indexes = [models.Index(fields=["received_at"], condition=Q(state="waiting"), name="webhook_waiting")]

    def __str__(self) -> str:
        return f"{self.provider} {self.event_id}"
