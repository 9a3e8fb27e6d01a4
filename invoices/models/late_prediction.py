"""How probable it is that an invoice is paid late without anybody's doing, as a model said on a day. Read by scores and
forecasts; written by whatever predicts. There may be none, and everything must work without."""

from django.db import models
from django.db.models import Q

from invoices.models.invoice import Invoice


class LatePrediction(models.Model):
    """One invoice as predicted on `made_on`: the probability, 0 to 1, of being paid after its due date."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="predictions")
    made_on = models.DateField()
    model = models.CharField(max_length=40)
    probability = models.DecimalField(max_digits=5, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invoice", "made_on"], name="late_prediction_once_a_day"),
            models.CheckConstraint(condition=Q(probability__range=(0, 1)), name="late_prediction_is_a_probability"),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id}: {self.probability} on {self.made_on}"
