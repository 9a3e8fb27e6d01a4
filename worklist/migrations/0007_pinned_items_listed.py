"""A pinned account stands on the list even when its score is zero; the indexes of the list know it too."""

from django.db import migrations, models
from django.db.models import Q

LISTED = Q(("score__gt", 0), ("pinned", True), _connector="OR")


class Migration(migrations.Migration):
    dependencies = [("worklist", "0006_notes_replaced_follow_ups_done")]

    operations = [
        migrations.AddIndex(
            model_name="worklistitem",
            index=models.Index(condition=LISTED, fields=["-pinned", "-rank", "customer"], name="item_listed_by_place"),
        ),
        migrations.AddIndex(
            model_name="worklistitem",
            index=models.Index(
                condition=LISTED,
                fields=["analyst", "entity"],
                include=("currency", "overdue", "for_today", "snoozed_until", "done_on", "score", "minutes"),
                name="item_listed_by_analyst",
            ),
        ),
        migrations.RemoveIndex(model_name="worklistitem", name="item_by_place"),
        migrations.RemoveIndex(model_name="worklistitem", name="item_counts_by_analyst"),
    ]
