"""The day a notice was handed over, from which the days to the next contact count."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dunning", "0002_one_notice_per_day")]

    operations = [
        migrations.AddField(model_name="notice", name="sent_on", field=models.DateField(blank=True, null=True))
    ]
