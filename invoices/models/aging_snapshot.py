"""The aging of a day as it was known that day. The recomputation for the same day must agree (F15)."""

from django.db import models
from django.db.models.functions import Now

from collections_app.audit.laws import append_only
from customers.models import Customer, LegalEntity


class AgingSnapshot(models.Model):
    """One customer's open amounts per bucket on `as_of`, in `currency`. Credits and unapplied cash count negative in
    the bucket of their own date; `total` is the sum of the buckets."""

    as_of = models.DateField()
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    not_due = models.DecimalField(max_digits=19, decimal_places=4)
    days_1_30 = models.DecimalField(max_digits=19, decimal_places=4)
    days_31_60 = models.DecimalField(max_digits=19, decimal_places=4)
    days_61_90 = models.DecimalField(max_digits=19, decimal_places=4)
    days_91_120 = models.DecimalField(max_digits=19, decimal_places=4)
    days_over_120 = models.DecimalField(max_digits=19, decimal_places=4)
    total = models.DecimalField(max_digits=19, decimal_places=4)
    disputed = models.DecimalField(max_digits=19, decimal_places=4)  # of the total, shown apart (A8)
    documents = models.IntegerField()
    taken_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["as_of", "entity", "customer", "currency"], name="aging_snapshot_once_per_day"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    total=models.F("not_due")
                    + models.F("days_1_30")
                    + models.F("days_31_60")
                    + models.F("days_61_90")
                    + models.F("days_91_120")
                    + models.F("days_over_120")
                ),
                name="aging_snapshot_buckets_sum",
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.customer_id} on {self.as_of}: {self.total} {self.currency}"
