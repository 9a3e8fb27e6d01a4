"""What was worked on a day, counted from an index of its own: such an item may have no score any more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("worklist", "0004_strategies_teams_and_views")]

    operations = [
        migrations.AddIndex(
            model_name="worklistitem",
            index=models.Index(
                fields=["done_on", "analyst"],
                include=("entity", "currency", "overdue", "minutes"),
                name="item_done_by_analyst",
                condition=models.Q(("done_on__isnull", False)),
            ),
        ),
    ]
