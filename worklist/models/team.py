"""Who works whose accounts: portfolios by rule, minutes of a day, absences with substitutes, and calls for help (F22).

`Customer.collector` says whose account it is. These tables say how that is chosen and who stands in today."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from customers.models import Customer, LegalEntity, Segment


class Portfolio(models.Model):
    """A share of the accounts and the people who work it. The first by rank that fits a customer holds it."""

    name = models.CharField(max_length=100, unique=True)
    entity = models.ForeignKey(LegalEntity, null=True, blank=True, on_delete=models.PROTECT, related_name="portfolios")
    segment = models.ForeignKey(Segment, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    least_overdue = models.DecimalField(max_digits=19, decimal_places=4, null=True, blank=True)  # in entity currency
    most_overdue = models.DecimalField(max_digits=19, decimal_places=4, null=True, blank=True)
    rank = models.PositiveSmallIntegerField(default=100)
    is_active = models.BooleanField(default=True)
    analysts = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="portfolios", blank=True)

    class Meta:
        ordering = ["rank", "name"]

    def __str__(self) -> str:
        return self.name


class Capacity(models.Model):
    """How many minutes a person works accounts on each weekday, Monday first."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="capacity"
    )
    monday = models.PositiveSmallIntegerField(default=360)
    tuesday = models.PositiveSmallIntegerField(default=360)
    wednesday = models.PositiveSmallIntegerField(default=360)
    thursday = models.PositiveSmallIntegerField(default=360)
    friday = models.PositiveSmallIntegerField(default=360)
    saturday = models.PositiveSmallIntegerField(default=0)
    sunday = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = "capacities"

    def __str__(self) -> str:
        return f"minutes of {self.user_id}"


class Absence(models.Model):
    """A person is away from `starts_on` to `ends_on`, both inclusive; the substitute works their list meanwhile."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="absences")
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    starts_on = models.DateField()
    ends_on = models.DateField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="absence_days_in_order"),
            models.CheckConstraint(
                condition=Q(substitute__isnull=True) | ~Q(substitute=F("user")), name="absence_no_own_substitute"
            ),
        ]
        indexes = [models.Index(fields=["user", "starts_on"], name="absence_by_user")]

    def __str__(self) -> str:
        return f"{self.user_id} away {self.starts_on} to {self.ends_on}"


class Escalation(models.Model):
    """An account that an analyst, or a rule, asked a manager to look at. Ends with the manager's answer."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="escalations")
    reason = models.CharField(max_length=250)
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="escalations"
    )
    raised_on = models.DateField()
    raised_at = models.DateTimeField(db_default=Now())
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(answered_on__isnull=True), name="escalation_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.reason}"
