"""The demo clock. An ordinary installation has no row here and lives today."""

from django.db import models


class BusinessClock(models.Model):
    """A single row that moves the business day: pinned to one day (a data set of the past) or shifted by whole days."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    pinned_on = models.DateField(null=True, blank=True)
    shift_days = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="clock_is_single"),
            models.CheckConstraint(
                condition=models.Q(pinned_on__isnull=True) | models.Q(shift_days=0), name="clock_pinned_or_shifted"
            ),
        ]

    def __str__(self) -> str:
        return f"pinned to {self.pinned_on}" if self.pinned_on else f"shifted by {self.shift_days} days"
