"""Indexes for the search: any part of a number or reference, and exact amounts."""

import django.contrib.postgres.indexes
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0014_search_of_contacts"),
        ("invoices", "0035_cases_wait_for_approval"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="invoice",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["number"], name="invoice_number_search", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("po_number", ""), _negated=True),
                fields=["po_number"],
                name="invoice_po_search",
                opclasses=["gin_trgm_ops"],
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(fields=["total"], name="invoice_by_total"),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("reference", ""), _negated=True),
                fields=["reference"],
                name="payment_reference_search",
                opclasses=["gin_trgm_ops"],
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["amount"], name="payment_by_amount"),
        ),
    ]
