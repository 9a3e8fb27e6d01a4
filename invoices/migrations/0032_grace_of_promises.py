from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("invoices", "0031_mails_of_plan_parts")]

    operations = [
        migrations.AddField(
            "currencyrules", "promise_grace_days", models.PositiveSmallIntegerField(db_default=0, default=0)
        ),
        migrations.AddField("promise", "grace_days", models.PositiveSmallIntegerField(db_default=0, default=0)),
    ]
