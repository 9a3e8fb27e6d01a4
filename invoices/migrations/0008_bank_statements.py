import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('invoices', '0007_allocations_of_adjustments'),
    ]

    operations = [
        migrations.CreateModel(
            name='BankAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('identification', models.CharField(max_length=64)),
                ('currency', models.CharField(max_length=3)),
                ('name', models.CharField(blank=True, db_default='', max_length=100)),
                ('post_certain', models.BooleanField(default=True)),
                ('certain_from', models.PositiveSmallIntegerField(default=90)),
            ],
        ),
        migrations.CreateModel(
            name='BankFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('digest', models.CharField(max_length=64)),
                ('size', models.PositiveIntegerField()),
                ('format', models.CharField(blank=True, db_default='', max_length=60)),
                ('state', models.CharField(choices=[('read', 'Read'), ('refused', 'Refused')], max_length=8)),
                ('refusal', models.CharField(blank=True, db_default='', max_length=500)),
                ('problems', models.JSONField(db_default=models.Value([], models.JSONField()), default=list)),
                ('lines_added', models.PositiveIntegerField(default=0)),
                ('lines_known', models.PositiveIntegerField(default=0)),
                ('uploaded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name='BankLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.CharField(max_length=80)),
                ('booked_on', models.DateField()),
                ('value_on', models.DateField()),
                ('amount', models.DecimalField(decimal_places=4, max_digits=19)),
                ('currency', models.CharField(max_length=3)),
                ('counterparty_name', models.CharField(blank=True, db_default='', max_length=200)),
                ('counterparty_account', models.CharField(blank=True, db_default='', max_length=64)),
                ('reference', models.CharField(blank=True, db_default='', max_length=140)),
                ('text', models.TextField(blank=True, db_default='')),
                ('end_to_end_id', models.CharField(blank=True, db_default='', max_length=140)),
                ('bank_reference', models.CharField(blank=True, db_default='', max_length=140)),
                ('is_reversal', models.BooleanField(db_default=False, default=False)),
                ('fingerprint', models.CharField(max_length=64)),
                ('occurrence', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('posted', 'Posted'), ('parked', 'Parked'), ('ignored', 'Not receivables')], db_default='waiting', default='waiting', max_length=8)),
                ('note', models.CharField(blank=True, db_default='', max_length=200)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name='BankStatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(blank=True, db_default='', max_length=64)),
                ('opening', models.DecimalField(blank=True, decimal_places=4, max_digits=19, null=True)),
                ('closing', models.DecimalField(blank=True, decimal_places=4, max_digits=19, null=True)),
                ('difference', models.DecimalField(blank=True, decimal_places=4, max_digits=19, null=True)),
                ('opened_on', models.DateField(blank=True, null=True)),
                ('closed_on', models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name='bankaccount',
            name='entity',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bank_accounts', to='customers.legalentity'),
        ),
        migrations.AddField(
            model_name='bankfile',
            name='uploaded_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='bankline',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='invoices.bankaccount'),
        ),
        migrations.AddField(
            model_name='bankstatement',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='invoices.bankaccount'),
        ),
        migrations.AddField(
            model_name='bankstatement',
            name='file',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='invoices.bankfile'),
        ),
        migrations.AddField(
            model_name='bankline',
            name='statement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='invoices.bankstatement'),
        ),
        migrations.AddConstraint(
            model_name='bankaccount',
            constraint=models.UniqueConstraint(fields=('identification', 'currency'), name='bank_account_once'),
        ),
        migrations.AddConstraint(
            model_name='bankaccount',
            constraint=models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='bank_account_currency_code'),
        ),
        migrations.AddConstraint(
            model_name='bankaccount',
            constraint=models.CheckConstraint(condition=models.Q(('certain_from__gte', 50), ('certain_from__lte', 100)), name='bank_account_certain_is_strong'),
        ),
        migrations.AddIndex(
            model_name='bankfile',
            index=models.Index(fields=['digest'], name='bank_file_by_digest'),
        ),
        migrations.AddIndex(
            model_name='bankstatement',
            index=models.Index(fields=['account', '-closed_on'], name='bank_statement_by_account'),
        ),
        migrations.AddIndex(
            model_name='bankline',
            index=models.Index(fields=['account', 'state', '-booked_on'], name='bank_line_inbox'),
        ),
        migrations.AddIndex(
            model_name='bankline',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['state'], name='bank_line_waiting'),
        ),
        migrations.AddConstraint(
            model_name='bankline',
            constraint=models.UniqueConstraint(fields=('account', 'fingerprint', 'occurrence'), name='bank_line_once'),
        ),
        migrations.AddConstraint(
            model_name='bankline',
            constraint=models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='bank_line_not_zero'),
        ),
        migrations.AddConstraint(
            model_name='bankline',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'posted', 'parked', 'ignored'])), name='bank_line_state_known'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bankline',
            trigger=pgtrigger.compiler.Trigger(name='facts_stay', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."account_id" IS DISTINCT FROM (NEW."account_id") OR OLD."amount" IS DISTINCT FROM (NEW."amount") OR OLD."bank_reference" IS DISTINCT FROM (NEW."bank_reference") OR OLD."booked_on" IS DISTINCT FROM (NEW."booked_on") OR OLD."counterparty_account" IS DISTINCT FROM (NEW."counterparty_account") OR OLD."counterparty_name" IS DISTINCT FROM (NEW."counterparty_name") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."end_to_end_id" IS DISTINCT FROM (NEW."end_to_end_id") OR OLD."fingerprint" IS DISTINCT FROM (NEW."fingerprint") OR OLD."is_reversal" IS DISTINCT FROM (NEW."is_reversal") OR OLD."occurrence" IS DISTINCT FROM (NEW."occurrence") OR OLD."position" IS DISTINCT FROM (NEW."position") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."statement_id" IS DISTINCT FROM (NEW."statement_id") OR OLD."text" IS DISTINCT FROM (NEW."text") OR OLD."value_on" IS DISTINCT FROM (NEW."value_on"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='b3fa00edb76310c545a55aedb5de623ab49bb971', operation='UPDATE', pgid='pgtrigger_facts_stay_11ac9', table='invoices_bankline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bankline',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='ab9ecce96513532f073a921af3a293dfc0eeb411', operation='DELETE', pgid='pgtrigger_no_delete_f827c', table='invoices_bankline', when='BEFORE')),
        ),
    ]
