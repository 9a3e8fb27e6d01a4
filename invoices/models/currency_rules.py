"""What counts as small, and from where on two people decide: settings per currency, edited by an administrator."""

from django.db import models
from django.db.models import Q


class CurrencyRules(models.Model):
    """Amounts in `currency`, none negative. A payment short by up to `under_tolerance`, or over by up to
    `over_tolerance`, both inclusive, settles its invoice; the rest is posted as a small difference (A10). A write-off,
    settlement or adjustment over `approval_over` waits for a second person."""

    currency = models.CharField(max_length=3, unique=True)
    under_tolerance = models.DecimalField(max_digits=19, decimal_places=4, default=0)
    over_tolerance = models.DecimalField(max_digits=19, decimal_places=4, default=0)
    approval_over = models.DecimalField(max_digits=19, decimal_places=4, default=0)

    class Meta:
        verbose_name_plural = "currency rules"
        constraints = [
            models.CheckConstraint(
                condition=Q(under_tolerance__gte=0, over_tolerance__gte=0, approval_over__gte=0),
                name="currency_rules_not_negative",
            ),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="currency_rules_code"),
        ]

    def __str__(self) -> str:
        return self.currency
