"""What a person is told about: mentions, disputes handed over, escalations, promises broken on their accounts (F57)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from customers.models import Customer


class Notification(models.Model):
    """One thing for one person. Those of one `kind` and customer that are unread are shown as one."""

    class Kind(models.TextChoices):
        MENTION = "mention", "Somebody mentioned you"
        DISPUTE = "dispute", "A dispute of yours moved"
        ESCALATION = "escalation", "An account needs a manager"
        ANSWER = "answer", "An escalation was answered"
        PROMISE = "promise", "A promise on your accounts broke"
        REPLY = "reply", "A customer of yours wrote"
        MAIL = "mail", "A mail of yours did not arrive"
        APPROVAL = "approval", "Something waits for your approval"
        ASSIGNED = "assigned", "Accounts were given to you"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    text = models.CharField(max_length=250)
    url = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=80, blank=True, default="")  # what it came from; told once
    at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "source"], condition=~Q(source=""), name="notification_told_once")
        ]
        indexes = [
            models.Index(fields=["user", "-at"], condition=Q(read_at__isnull=True), name="notification_unread"),
            models.Index(fields=["user", "-at"], name="notification_by_user"),
        ]

    def __str__(self) -> str:
        return self.text
