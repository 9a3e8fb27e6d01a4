"""The right to take back one action for a short while (U8)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from customers.models import Customer


class Undo(models.Model):
    """A token for one action of one person. Using it twice, late, or after someone else changed the row is refused."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    batch = models.UUIDField(null=True, blank=True, db_index=True)  # actions done together are taken back together
    action = models.CharField(max_length=20)
    target_id = models.BigIntegerField()
    before = models.JSONField(default=dict)
    made_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"undo {self.action} {self.target_id}"
