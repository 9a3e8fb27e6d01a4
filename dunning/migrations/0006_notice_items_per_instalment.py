
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0003_terms_discount_and_merges'),
        ('dunning', '0005_steps_taken_out'),
        ('invoices', '0016_ledger_checks'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='noticeitem',
            name='notice_item_once',
        ),
        migrations.AddField(
            model_name='noticeitem',
            name='instalment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='invoices.instalment'),
        ),
        migrations.AlterField(
            model_name='noticeitem',
            name='number',
            field=models.CharField(max_length=80),
        ),
        migrations.AddConstraint(
            model_name='noticeitem',
            constraint=models.UniqueConstraint(fields=('notice', 'invoice', 'instalment'), name='notice_item_once_per_claim', nulls_distinct=False),
        ),
    ]
