"""Payment terms as data. The arithmetic is in `customers.rules.terms`."""

from django.db import models


class PaymentTerms(models.Model):
    """When an invoice falls due: net days, end of month plus months, or a day of the following month."""

    class Kind(models.TextChoices):
        NET = "net", "Net days"
        END_OF_MONTH = "end_of_month", "End of month plus months"
        NTH_FOLLOWING = "nth_following", "Day of the following month"

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.NET)
    # Days for `net`, months for `end_of_month`, the day of the month for `nth_following`.
    days = models.PositiveSmallIntegerField(default=30)
    # Early payment: this percentage off when paid within so many days of the issue date. 0 means none.
    discount_percent = models.DecimalField(max_digits=7, decimal_places=4, default=0, db_default=0)
    discount_days = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name_plural = "payment terms"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind="nth_following") | models.Q(days__gte=1, days__lte=31),
                name="terms_nth_is_a_day_of_month",
            ),
            models.CheckConstraint(
                condition=models.Q(discount_percent__gte=0, discount_percent__lt=100),
                name="terms_discount_is_a_percentage",
            ),
        ]

    def __str__(self) -> str:
        return self.name
