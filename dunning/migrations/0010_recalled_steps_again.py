"""A recalled notice's step may be sent again, an apology may follow on the same day, decisions carry fewer indexes, and
policies whose notices a person approved before count as rehearsed."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

_REHEARSED = """
UPDATE dunning_policy p SET rehearsed_at = first.at, rehearsed_by_id = first.approved_by_id
FROM (SELECT DISTINCT ON (policy_id) policy_id, COALESCE(approved_at, created_at) AS at, approved_by_id
      FROM dunning_notice WHERE state NOT IN ('proposed', 'cancelled') ORDER BY policy_id, id) first
WHERE first.policy_id = p.id AND p.rehearsed_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("dunning", "0009_inbound_messages")]

    operations = [
        migrations.RemoveConstraint(model_name="notice", name="notice_once_per_step_and_cycle"),
        migrations.RemoveConstraint(model_name="notice", name="notice_one_per_day"),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                fields=["customer", "policy", "step_position", "cycle", "channel"],
                condition=~Q(state__in=["cancelled", "failed"]) & Q(recalled_at__isnull=True),
                name="notice_once_per_step_and_cycle",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                fields=["customer", "currency", "as_of"],
                condition=~Q(state__in=["cancelled", "failed"]) & ~Q(stage="apology"),
                name="notice_one_per_day",
            ),
        ),
        migrations.AlterField(
            model_name="decisionrecord",
            name="customer",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
            ),
        ),
        migrations.AlterField(
            model_name="decisionrecord",
            name="run",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="decisions", to="dunning.run"
            ),
        ),
        migrations.RunSQL(_REHEARSED, migrations.RunSQL.noop),
    ]
