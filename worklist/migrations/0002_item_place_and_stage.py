"""The list filters on one table: entity, collector, stage and whether there is something to do, copied at scoring.

Items are derived, so the old ones are dropped; the next tick scores every customer again."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

_USER = {"null": True, "on_delete": django.db.models.deletion.SET_NULL, "related_name": "+", "to": settings.AUTH_USER_MODEL}


class Migration(migrations.Migration):
    dependencies = [("worklist", "0001_list_and_activities"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.RunSQL("DELETE FROM worklist_worklistitem", migrations.RunSQL.noop),
        migrations.AddField(
            "worklistitem",
            "entity",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customers.legalentity"
            ),
        ),
        migrations.AlterField(
            "worklistitem",
            "entity",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customers.legalentity"
            ),
        ),
        migrations.AddField("worklistitem", "collector", models.ForeignKey(**_USER)),
        migrations.AddField("worklistitem", "done_by", models.ForeignKey(**_USER)),
        migrations.AddField("worklistitem", "stage", models.CharField(blank=True, max_length=10, default=""), False),
        migrations.AddField("worklistitem", "for_today", models.BooleanField(default=True)),
        migrations.AddIndex(
            "worklistitem",
            models.Index(
                fields=["collector", "entity"],
                include=["currency", "overdue", "for_today", "snoozed_until", "done_on", "score"],
                name="item_counts",
                condition=Q(score__gt=0),
            ),
        ),
    ]
