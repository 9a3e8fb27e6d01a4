"""Which documents leave by themselves: invoices, thanks for payments, statements of account. Sending is the document
mails' business."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from customers.models import Customer, LegalEntity


class DocumentRules(models.Model):
    """What one legal entity mails by itself; without a row nothing. A `since` is the moment it was switched on: what
    is older stays as it is, so that switching on never sends the past."""

    entity = models.OneToOneField(
        LegalEntity, primary_key=True, on_delete=models.CASCADE, related_name="document_rules"
    )
    invoices_since = models.DateTimeField(null=True, blank=True)
    thanks_since = models.DateTimeField(null=True, blank=True)
    statement_day = models.PositiveSmallIntegerField(null=True, blank=True)  # of the month; 31 is its last day
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "document rules"
        constraints = [
            models.CheckConstraint(
                condition=Q(statement_day__isnull=True) | Q(statement_day__gte=1, statement_day__lte=31),
                name="document_rules_day_of_month",
            )
        ]

    def __str__(self) -> str:
        return f"documents of {self.entity_id}"


class StatementDay(models.Model):
    """A customer's own day of the month for its statement instead of the entity's; 0 is never."""

    customer = models.OneToOneField(Customer, primary_key=True, on_delete=models.CASCADE, related_name="statement_day")
    day = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(day__lte=31), name="statement_day_of_month")]

    def __str__(self) -> str:
        return f"{self.customer_id} on day {self.day}"
