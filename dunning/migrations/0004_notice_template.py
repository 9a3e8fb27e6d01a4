"""Which version of the words a notice carries, fixed when it is prepared (R8)."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dunning", "0003_notice_sent_on")]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="template",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="dunning.noticetemplate",
            ),
        )
    ]
