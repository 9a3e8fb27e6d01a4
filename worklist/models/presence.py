"""Who is looking at which account right now, and what they were typing. Neither ever decides anything about money."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from customers.models import Customer


class Presence(models.Model):
    """Somebody has this account open on the worklist. It is theirs until ten minutes after `seen_at` (D88)."""

    customer = models.OneToOneField(Customer, primary_key=True, on_delete=models.CASCADE, related_name="presence")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.user_id} on {self.customer_id}"


class Draft(models.Model):
    """What a person typed into a form and has not saved: survives a reload, a crash and the end of a session (U27)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    key = models.CharField(max_length=120)  # the address of the form
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="draft_one_per_form")]

    def __str__(self) -> str:
        return self.key
