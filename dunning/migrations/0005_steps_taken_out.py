"""A step that is taken out of its policy stays, without one: sent notices name it and are never changed."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dunning", "0004_notice_template")]

    operations = [
        migrations.AlterField(
            model_name="step",
            name="policy",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="dunning.policy"
            ),
        )
    ]
