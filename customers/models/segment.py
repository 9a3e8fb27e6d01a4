"""Segments: groups of customers made by a rule over facts, and who belonged to them since when (F3)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from customers.models.customer import Customer


class Segment(models.Model):
    """A rule that gathers customers. `rule` is data checked by `customers.rules.segments`; it is code of nobody's.

    A customer may be in several segments; where one is needed (policies, strategies), the lowest `rank` counts."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    rank = models.PositiveSmallIntegerField(default=100)
    rule = models.JSONField(default=dict)
    is_active = models.BooleanField(default=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    judged_on = models.DateField(null=True, blank=True)  # the last day its members were found
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["rank", "code"]

    def __str__(self) -> str:
        return self.name


class SegmentMember(models.Model):
    """A customer was in a segment from `since` on; `until` is the first day it was not, None while it is."""

    segment = models.ForeignKey(Segment, on_delete=models.PROTECT, related_name="members")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="segments")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["segment", "customer"], condition=Q(until__isnull=True), name="segment_member_once"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="segment_member_days"
            ),
        ]
        indexes = [models.Index(fields=["customer"], name="segment_by_customer")]

    def __str__(self) -> str:
        return f"{self.customer_id} in {self.segment_id} since {self.since}"
