import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('invoices', '0005_adjustments_and_four_eyes'),
    ]

    operations = [
        migrations.CreateModel(
            name='Exchange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rate', models.DecimalField(decimal_places=10, max_digits=20)),
                ('rate_on', models.DateField()),
                ('rate_source', models.CharField(max_length=40)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name='ExchangeRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('base', models.CharField(max_length=3)),
                ('quote', models.CharField(max_length=3)),
                ('on', models.DateField()),
                ('rate', models.DecimalField(decimal_places=10, max_digits=20)),
                ('source', models.CharField(max_length=40)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.AddField(
            model_name='refund',
            name='kind',
            field=models.CharField(choices=[('refund', 'Refund'), ('chargeback', 'Chargeback'), ('returned', 'Returned payment'), ('small_difference', 'Small difference'), ('exchange', 'Exchanged'), ('clearing', 'Cleared elsewhere')], db_default='refund', default='refund', max_length=16),
        ),
        migrations.AddField(
            model_name='refund',
            name='provider',
            field=models.CharField(blank=True, db_default='', max_length=30),
        ),
        migrations.AddField(
            model_name='refund',
            name='provider_refund_id',
            field=models.CharField(blank=True, db_default='', max_length=120),
        ),
        migrations.AddField(
            model_name='refund',
            name='recorded_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='payment',
            name='method',
            field=models.CharField(choices=[('transfer', 'Bank transfer'), ('card', 'Card'), ('direct_debit', 'Direct debit'), ('cheque', 'Cheque'), ('exchange', 'Exchanged'), ('other', 'Other')], default='transfer', max_length=12),
        ),
        migrations.AlterField(
            model_name='paysession',
            name='method',
            field=models.CharField(choices=[('transfer', 'Bank transfer'), ('card', 'Card'), ('direct_debit', 'Direct debit'), ('cheque', 'Cheque'), ('exchange', 'Exchanged'), ('other', 'Other')], default='card', max_length=12),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.UniqueConstraint(condition=models.Q(('provider_refund_id', ''), _negated=True), fields=('provider', 'provider_refund_id'), name='refund_once_per_provider_id'),
        ),
        migrations.AddField(
            model_name='exchange',
            name='payment',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='exchanged_from', to='invoices.payment'),
        ),
        migrations.AddField(
            model_name='exchange',
            name='refund',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='exchange', to='invoices.refund'),
        ),
        migrations.AddIndex(
            model_name='exchangerate',
            index=models.Index(fields=['base', 'quote', '-on'], name='exchange_rate_by_day'),
        ),
        migrations.AddConstraint(
            model_name='exchangerate',
            constraint=models.CheckConstraint(condition=models.Q(('rate__gt', 0)), name='exchange_rate_positive'),
        ),
        migrations.AddConstraint(
            model_name='exchangerate',
            constraint=models.CheckConstraint(condition=models.Q(('base', models.F('quote')), _negated=True), name='exchange_rate_of_two_currencies'),
        ),
        migrations.AddConstraint(
            model_name='exchangerate',
            constraint=models.UniqueConstraint(fields=('base', 'quote', 'on', 'source', 'rate'), name='exchange_rate_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='exchangerate',
            trigger=pgtrigger.compiler.Trigger(name='no_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='7b44922defbf8bb92f598819bb0e565723007b79', operation='UPDATE', pgid='pgtrigger_no_update_4b814', table='invoices_exchangerate', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='exchangerate',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='1d88dd246310d03432f87fd1fcda89db68586de9', operation='DELETE', pgid='pgtrigger_no_delete_5efd8', table='invoices_exchangerate', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='exchangerate',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;", hash='f746ec7c6dc80facf295c6eb02a9437e8ee83465', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_5ab3a', table='invoices_exchangerate', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='exchange',
            constraint=models.CheckConstraint(condition=models.Q(('rate__gt', 0)), name='exchange_at_a_positive_rate'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='exchange',
            trigger=pgtrigger.compiler.Trigger(name='no_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='f4944e488e70eaf9b1cbbae307392e7b493ebdfb', operation='UPDATE', pgid='pgtrigger_no_update_69003', table='invoices_exchange', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='exchange',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='3e865e31be29beb042151fcd19c39d3fc68b79c9', operation='DELETE', pgid='pgtrigger_no_delete_af71d', table='invoices_exchange', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='exchange',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;", hash='15a59241aaee53d8de80a408630016879e1d3f78', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_0e256', table='invoices_exchange', when='BEFORE')),
        ),
    ]
