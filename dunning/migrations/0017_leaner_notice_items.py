"""Items carry fewer indexes: a million of them are written in one run."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("dunning", "0016_notices_by_provider_id")]

    operations = [
        migrations.AlterField(
            model_name="noticeitem",
            name="notice",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="items",
                to="dunning.notice",
            ),
        ),
        migrations.AlterField(
            model_name="noticeitem",
            name="instalment",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="invoices.instalment",
            ),
        ),
        migrations.AddIndex(
            model_name="noticeitem",
            index=models.Index(
                condition=Q(instalment__isnull=False), fields=["instalment"], name="notice_item_by_instalment"
            ),
        ),
    ]
