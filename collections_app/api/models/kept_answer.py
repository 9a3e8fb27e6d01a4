"""What was answered to a request with an Idempotency-Key, so that its repetition is answered alike and does nothing."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class KeptAnswer(models.Model):
    """One successful answer per user, route and key. Written in the transaction of the work it answers for."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    route = models.CharField(max_length=200)  # method and path
    key = models.CharField(max_length=128)
    body_digest = models.CharField(max_length=64)  # SHA-256 of the canonical JSON
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    kept_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "route", "key"], name="kept_answer_once_per_key")]
        indexes = [models.Index(fields=["kept_at"], name="kept_answer_by_age")]

    def __str__(self) -> str:
        return f"{self.route} {self.key}"
