import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('invoices', '0004_instalments_discounts_and_claims'),
    ]

    operations = [
        migrations.CreateModel(
            name='Adjustment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('write_off', 'Write-off'), ('settlement', 'Settlement'), ('small_difference', 'Small difference'), ('exchange_difference', 'Exchange difference'), ('early_payment_discount', 'Early-payment discount'), ('other', 'Adjustment')], max_length=24)),
                ('currency', models.CharField(max_length=3)),
                ('amount', models.DecimalField(decimal_places=4, max_digits=19)),
                ('effective_on', models.DateField()),
                ('reason', models.CharField(max_length=200)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=24)),
                ('currency', models.CharField(max_length=3)),
                ('amount', models.DecimalField(decimal_places=4, max_digits=19)),
                ('reason', models.CharField(max_length=200)),
                ('payload', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('requested', 'Waits for approval'), ('posted', 'Approved and posted'), ('rejected', 'Rejected'), ('void', 'Edited or withdrawn')], default='requested', max_length=10)),
                ('requested_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('note', models.CharField(blank=True, db_default='', max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name='CurrencyRules',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', models.CharField(max_length=3, unique=True)),
                ('under_tolerance', models.DecimalField(decimal_places=4, default=0, max_digits=19)),
                ('over_tolerance', models.DecimalField(decimal_places=4, default=0, max_digits=19)),
                ('approval_over', models.DecimalField(decimal_places=4, default=0, max_digits=19)),
            ],
            options={
                'verbose_name_plural': 'currency rules',
            },
        ),
        migrations.AddField(
            model_name='adjustment',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='adjustments', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='adjustment',
            name='entity',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.legalentity'),
        ),
        migrations.AddField(
            model_name='adjustment',
            name='recorded_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='approval',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='approval',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='approval',
            name='entity',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.legalentity'),
        ),
        migrations.AddField(
            model_name='approval',
            name='replaces',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='invoices.approval'),
        ),
        migrations.AddField(
            model_name='approval',
            name='requested_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='adjustment',
            name='approval',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='adjustment', to='invoices.approval'),
        ),
        migrations.AddConstraint(
            model_name='currencyrules',
            constraint=models.CheckConstraint(condition=models.Q(('approval_over__gte', 0), ('over_tolerance__gte', 0), ('under_tolerance__gte', 0)), name='currency_rules_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='currencyrules',
            constraint=models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='currency_rules_code'),
        ),
        migrations.AddIndex(
            model_name='approval',
            index=models.Index(fields=['entity', 'state'], name='approval_by_entity_state'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='approval_amount_positive'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['requested', 'posted', 'rejected', 'void'])), name='approval_state_known'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'posted'), _negated=True), models.Q(('decided_by__isnull', False), models.Q(('decided_by', models.F('requested_by')), _negated=True)), _connector='OR'), name='approval_by_a_second_person'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state', 'requested')), models.Q(models.Q(('state', 'requested'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='approval_decided_has_a_time'),
        ),
        migrations.AddIndex(
            model_name='adjustment',
            index=models.Index(fields=['customer', 'effective_on'], name='adjustment_by_customer'),
        ),
        migrations.AddConstraint(
            model_name='adjustment',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='adjustment_amount_positive'),
        ),
        migrations.AddConstraint(
            model_name='adjustment',
            constraint=models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='adjustment_currency_code'),
        ),
        migrations.AddConstraint(
            model_name='adjustment',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='adjustment_has_a_reason'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='adjustment',
            trigger=pgtrigger.compiler.Trigger(name='no_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='dec6181b6ba4b0384c84995fd90980fd1ec20db8', operation='UPDATE', pgid='pgtrigger_no_update_cd934', table='invoices_adjustment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='adjustment',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='55b4a53c475381e066da6fbe7b9bfb3806c81378', operation='DELETE', pgid='pgtrigger_no_delete_16d89', table='invoices_adjustment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='adjustment',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;", hash='f86c7217b2990037c8396f97efbee40ff0ee2863', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_d0c37', table='invoices_adjustment', when='BEFORE')),
        ),
    ]
