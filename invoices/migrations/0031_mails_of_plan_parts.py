import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("invoices", "0030_document_mails_by_provider_id")]

    operations = [
        migrations.AddField("paymentplan", "reminds", models.BooleanField(db_default=False, default=False)),
        migrations.AddField(
            "documentmail",
            "plan_part",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="mails",
                to="invoices.planinstalment",
            ),
        ),
        migrations.AlterField(
            "documentmail",
            "kind",
            models.CharField(
                choices=[
                    ("invoice", "Invoice"),
                    ("receipt", "Receipt"),
                    ("link", "New link"),
                    ("thanks", "Thanks for a payment"),
                    ("statement", "Statement of account"),
                    ("plan", "Part of a payment plan"),
                ],
                max_length=10,
            ),
        ),
    ]
