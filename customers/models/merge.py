"""Merges of two customers. Documents keep the customer they were made out to; a merge says whose account they belong to
from a day on, so that every earlier day still shows two customers."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from collections_app.audit.laws import append_only
from customers.models.customer import Customer


class CustomerMerge(models.Model):
    """From `merged_on`, inclusive, what `absorbed` owes belongs to the account of `survivor`. When a survivor is itself
    absorbed later, each customer it had absorbed gets a row of its own: the latest row alone answers."""

    absorbed = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="merges")
    survivor = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    merged_on = models.DateField()
    reason = models.CharField(max_length=200, blank=True, db_default="")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["absorbed", "survivor"], name="customer_merge_once"),
            models.CheckConstraint(condition=~Q(absorbed=F("survivor")), name="customer_merge_of_two"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.absorbed_id} into {self.survivor_id} on {self.merged_on}"
