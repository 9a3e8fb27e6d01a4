"""Scores are in the currency of the customer's entity; the order needs one currency for all."""

from django.db import migrations, models
from django.db.models import F, Q


def rank_by_score(apps, schema_editor):
    """Scores stand in for ranks until the next tick."""
    apps.get_model("worklist", "WorklistItem").objects.update(rank=F("score"))


class Migration(migrations.Migration):
    dependencies = [("worklist", "0002_item_place_and_stage")]

    operations = [
        migrations.AddField(
            "worklistitem", "rank", models.DecimalField(decimal_places=4, default=0, max_digits=19)
        ),
        migrations.RunPython(rank_by_score, migrations.RunPython.noop),
        migrations.RemoveIndex("worklistitem", "item_by_score"),
        migrations.AddIndex(
            "worklistitem",
            models.Index(fields=["-rank", "customer"], name="item_by_rank", condition=Q(score__gt=0)),
        ),
    ]
