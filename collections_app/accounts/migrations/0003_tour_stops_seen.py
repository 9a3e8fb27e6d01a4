"""The tour remembers which stops a person has seen."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_own_keys_and_columns")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="tour_seen",
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
    ]
