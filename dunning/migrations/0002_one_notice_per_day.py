"""One letter per customer, currency and day, whatever the schedule says (D41)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dunning", "0001_policies_and_notices")]

    operations = [
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["cancelled", "failed"]), _negated=True),
                fields=("customer", "currency", "as_of"),
                name="notice_one_per_day",
            ),
        )
    ]
