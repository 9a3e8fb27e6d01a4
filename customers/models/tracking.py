"""What a provider told about a message after it was handed over: delivered, bounced, complained about, opened."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class TrackingEvent(models.Model):
    """One event of one provider, kept as told and acted on once. `opened` may be a machine's doing and decides nothing.

    `message_id` is ours where the provider returns it, else empty; `provider_id` is the provider's own."""

    class Kind(models.TextChoices):
        SENT = "sent", "Sent on"
        DEFERRED = "deferred", "Delayed"
        DELIVERED = "delivered", "Delivered"
        BOUNCED = "bounced", "Bounced"
        REJECTED = "rejected", "Refused by the provider"
        COMPLAINED = "complained", "Complained about"
        OPENED = "opened", "Opened (may be automatic)"
        CLICKED = "clicked", "Link followed (may be automatic)"
        OTHER = "other", "Other"

    provider = models.CharField(max_length=40)
    event_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    is_final = models.BooleanField(default=False, db_default=False)  # a bounce for good: the mailbox is gone
    message_id = models.CharField(max_length=200, blank=True, default="", db_default="")
    provider_id = models.CharField(max_length=200, blank=True, default="", db_default="")
    recipient = models.CharField(max_length=254, blank=True, default="", db_default="")
    text = models.CharField(max_length=500, blank=True, default="", db_default="")
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField(db_default=Now())
    processed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "event_id"], name="tracking_event_once")]
        indexes = [
            models.Index(fields=["received_at"], condition=Q(processed_at__isnull=True), name="tracking_waiting"),
            models.Index(fields=["message_id"], condition=~Q(message_id=""), name="tracking_by_message"),
            models.Index(fields=["provider_id"], condition=~Q(provider_id=""), name="tracking_by_provider_id"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.message_id or self.provider_id}"
