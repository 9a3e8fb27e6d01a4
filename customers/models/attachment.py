"""Files that people keep with a customer: photos of damage, signed delivery notes, mails saved from elsewhere.

What a file belongs to (a note, a dispute) points here. A file is kept as it came and never opened by us; who may see it
is whoever may see the customer."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from collections_app.audit.laws import append_only
from customers.models.customer import Customer

MOST_BYTES = 10_000_000


class Attachment(models.Model):
    """One file of a customer. `name` is shown, never used as a path; `digest` is the SHA-256 of `content`."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    content = models.BinaryField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    added_by_name = models.CharField(max_length=120, blank=True)  # somebody without an account here
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0, size__lte=MOST_BYTES), name="attachment_size_in_bounds")
        ]
        indexes = [models.Index(fields=["customer", "-added_at"], name="attachment_by_customer")]
        triggers = append_only()

    def __str__(self) -> str:
        return self.name
