from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("invoices", "0023_payers_who_say_it_is_paid")]

    operations = [
        migrations.AddField("paymentplan", "judged_on", models.DateField(blank=True, null=True)),
        migrations.AddField("paymentplan", "judged_at", models.DateTimeField(blank=True, null=True)),
    ]
