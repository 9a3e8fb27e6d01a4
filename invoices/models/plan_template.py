"""Offers of payment plans: what an analyst may agree to without asking, and what a payer may propose (F39)."""

from django.db import models
from django.db.models import Q

from customers.models import LegalEntity, Segment


class PlanTemplate(models.Model):
    """Limits and habits of plans in one currency. The first by rank that fits is offered."""

    name = models.CharField(max_length=100)
    entity = models.ForeignKey(LegalEntity, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    segment = models.ForeignKey(Segment, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    rank = models.PositiveSmallIntegerField(default=100)
    is_active = models.BooleanField(default=True)
    least_amount = models.DecimalField(max_digits=19, decimal_places=4, default=0)  # below it no plan is offered
    most_amount = models.DecimalField(max_digits=19, decimal_places=4, null=True, blank=True)
    most_instalments = models.PositiveSmallIntegerField(default=6)
    least_instalment = models.DecimalField(max_digits=19, decimal_places=4, default=0)
    longest_days = models.PositiveSmallIntegerField(default=190)  # from the agreement to the last part
    first_within_days = models.PositiveSmallIntegerField(default=14)
    grace_days = models.PositiveSmallIntegerField(default=3)
    reminds = models.BooleanField(default=True)
    payer_may_propose = models.BooleanField(default=True)
    approve_over = models.DecimalField(
        max_digits=19, decimal_places=4, null=True, blank=True
    )  # a second person from here

    class Meta:
        ordering = ["rank", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(most_instalments__range=(2, 60)), name="plan_template_instalments"),
            models.CheckConstraint(condition=Q(least_amount__gte=0), name="plan_template_least_amount"),
            models.UniqueConstraint(fields=["name", "currency"], name="plan_template_named_once"),
        ]

    def __str__(self) -> str:
        return self.name
