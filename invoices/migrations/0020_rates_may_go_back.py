from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("invoices", "0019_bank_rows_and_totals_stay"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="exchangerate",
            name="exchange_rate_once",
        ),
    ]
