"""A hold keeps reminders from a customer for a stated time and reason. It never hides what is owed."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Func
from django.db.models.functions import Coalesce, Now

from customers.models.contact import Contact
from customers.models.customer import Customer
from customers.models.entity import LegalEntity


class _DateRange(Func):
    function = "daterange"
    output_field = DateRangeField()


class Hold(models.Model):
    """No automatic contact from `starts_on` to `ends_on`, both inclusive, unless released earlier."""

    class Reason(models.TextChoices):
        DO_NOT_CONTACT = "do_not_contact", "Do not contact"
        BANKRUPT = "bankrupt", "Insolvency"
        LEGAL = "legal", "With lawyers"
        RELATIONSHIP = "relationship", "Relationship"
        AWAY = "away", "Out of office"

    class Then(models.TextChoices):
        CONTINUE = "continue", "Continue with the next step"
        RESTART = "restart", "Start again with the first reminder"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="holds")
    # None: nobody at the customer is contacted. Else only this person is not, and others may be (R9).
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=20, choices=Reason.choices)
    note = models.TextField(blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    released_on = models.DateField(null=True, blank=True)  # the first day without the hold
    then = models.CharField(max_length=10, choices=Then.choices, default=Then.CONTINUE, db_default="continue")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="hold_ends_after_start"
            ),
            ExclusionConstraint(
                name="hold_no_overlap",
                expressions=[
                    ("customer", RangeOperators.EQUAL),
                    ("reason", RangeOperators.EQUAL),
                    (Coalesce("contact", 0), RangeOperators.EQUAL),
                    (
                        _DateRange("starts_on", "ends_on", RangeBoundary(inclusive_lower=True, inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=models.Q(released_on__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["customer", "ends_on"], name="hold_by_customer")]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} until {self.ends_on}"


class EntityPause(models.Model):
    """Nothing is sent for one legal entity from `starts_on` to `ends_on`, both inclusive: a company holiday, a move."""

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="pauses")
    reason = models.CharField(max_length=200)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    released_on = models.DateField(null=True, blank=True)  # the first day without the pause
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="entity_pause_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return f"{self.reason} until {self.ends_on}"
