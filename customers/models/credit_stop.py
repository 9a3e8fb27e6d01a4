"""A credit stop: nothing is delivered on account any more. The shop or the order desk acts on it; here it is decided,
shown and told. It hides nothing and holds no reminder."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from collections_app.audit.laws import append_only
from customers.models.customer import Customer


class CreditStop(models.Model):
    """No further credit from `since` on; `until` is the first day on which credit is given again, None while it is not.

    A customer has one at a time. What was stopped stays as it was; only the lifting is added."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="credit_stops")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=200)
    stopped_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())
    lifted_why = models.CharField(max_length=200, blank=True, default="", db_default="")
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(until__isnull=True), name="credit_stop_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True, lifted_at__isnull=True)
                | Q(until__gte=F("since"), lifted_at__isnull=False),
                name="credit_stop_lifted_has_a_day",
            ),
        ]
        triggers = append_only(
            update_when=pgtrigger.AnyChange(exclude=["until", "lifted_why", "lifted_by", "lifted_at"])
        )

    def __str__(self) -> str:
        return f"no credit since {self.since}" + (f" until {self.until}" if self.until else "")
