"""Figures that laws and banks publish after a country pack was written: added here as data, with their source."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from collections_app.audit.laws import append_only


class StatutoryRate(models.Model):
    """`value` of the series `series` of the country packs from `starts_on` on, for the time the series says: per cent a
    year, or an amount. A correction is a later row; the latest recorded one of a day counts."""

    series = models.CharField(max_length=30)
    starts_on = models.DateField()
    value = models.DecimalField(max_digits=19, decimal_places=4)
    source = models.CharField(max_length=200)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(source="") & ~Q(series=""), name="statutory_rate_has_a_source"),
        ]
        indexes = [models.Index(fields=["series", "starts_on"], name="statutory_rate_by_series")]
        triggers: list[pgtrigger.Trigger] = append_only()

    def __str__(self) -> str:
        return f"{self.series} from {self.starts_on}: {self.value}"
