"""What counts as small, and from where on two people decide: settings per currency, edited by an administrator."""

from django.db import models
from django.db.models import Q


class CurrencyRules(models.Model):
    """Amounts in `currency`, none negative. A payment short by up to `under_tolerance`, or over by up to
    `over_tolerance`, both inclusive, settles its invoice; the rest is posted as a small difference (A10). A write-off,
    settlement or adjustment over `approval_over` waits for a second person.

    A payment plan keeps to the `plan_…` limits: parts, months until the last one, and the least part. A payer cannot
    ask for more, and a person who agrees to more needs a second one."""

    currency = models.CharField(max_length=3, unique=True)
    under_tolerance = models.DecimalField(max_digits=19, decimal_places=4, default=0)
    over_tolerance = models.DecimalField(max_digits=19, decimal_places=4, default=0)
    approval_over = models.DecimalField(max_digits=19, decimal_places=4, default=0)

    promise_grace_days = models.PositiveSmallIntegerField(default=0, db_default=0)  # for the way through the banks
    plan_max_parts = models.PositiveSmallIntegerField(default=6, db_default=6)
    plan_max_months = models.PositiveSmallIntegerField(default=6, db_default=6)
    plan_min_part = models.DecimalField(max_digits=19, decimal_places=4, default=0, db_default=0)
    plan_grace_days = models.PositiveSmallIntegerField(default=3, db_default=3)

    # Up to these, inclusive, a person waives interest and fees of one invoice alone; more waits for a second person.
    waive_analyst = models.DecimalField(max_digits=19, decimal_places=4, default=0, db_default=0)
    waive_accountant = models.DecimalField(max_digits=19, decimal_places=4, default=0, db_default=0)
    waive_manager = models.DecimalField(max_digits=19, decimal_places=4, default=0, db_default=0)

    class Meta:
        verbose_name_plural = "currency rules"
        constraints = [
            models.CheckConstraint(
                condition=Q(under_tolerance__gte=0, over_tolerance__gte=0, approval_over__gte=0),
                name="currency_rules_not_negative",
            ),
            models.CheckConstraint(condition=Q(plan_min_part__gte=0), name="currency_rules_plan_min_part"),
            models.CheckConstraint(
                condition=Q(waive_analyst__gte=0, waive_accountant__gte=0, waive_manager__gte=0),
                name="currency_rules_waive_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(plan_max_parts__gte=2, plan_max_months__gte=1), name="currency_rules_plan_parts"
            ),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="currency_rules_code"),
        ]

    def __str__(self) -> str:
        return self.currency
