import django.contrib.postgres.constraints
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('customers', '0003_terms_discount_and_merges'),
        ('invoices', '0003_allocations_within_one_entity'),
    ]

    operations = [
        migrations.CreateModel(
            name='Instalment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('due_on', models.DateField()),
                ('amount', models.DecimalField(decimal_places=4, max_digits=19)),
            ],
            options={
                'ordering': ('invoice', 'position'),
            },
        ),
        migrations.AddField(
            model_name='creditnote',
            name='tax_total',
            field=models.DecimalField(db_default=0, decimal_places=4, default=0, max_digits=19),
        ),
        migrations.AddField(
            model_name='invoice',
            name='accrued_from',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='invoice',
            name='accrued_until',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='invoice',
            name='claims_for',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='invoices.invoice'),
        ),
        migrations.AddField(
            model_name='invoice',
            name='discount_percent',
            field=models.DecimalField(db_default=0, decimal_places=4, default=0, max_digits=7),
        ),
        migrations.AddField(
            model_name='invoice',
            name='discount_until',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='invoice',
            name='kind',
            field=models.CharField(choices=[('invoice', 'Invoice'), ('debit_note', 'Debit note'), ('down_payment', 'Down payment request'), ('fee', 'Fee'), ('interest', 'Interest on late payment')], default='invoice', max_length=12),
        ),
        migrations.AddConstraint(
            model_name='creditnote',
            constraint=models.CheckConstraint(condition=models.Q(('tax_total__gte', 0), ('tax_total__lte', models.F('total'))), name='credit_note_tax_within_total'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('discount_percent', 0), ('discount_until__isnull', True)), models.Q(('discount_percent__gt', 0), ('discount_percent__lt', 100), ('discount_until__gte', models.F('issued_on'))), _connector='OR'), name='invoice_discount_has_a_day'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['fee', 'interest']), _negated=True), ('claims_for__isnull', False), _connector='OR'), name='invoice_claim_names_its_document'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('accrued_from__isnull', True), ('accrued_until__isnull', True)), models.Q(('accrued_until__gte', models.F('accrued_from')), ('kind', 'interest')), _connector='OR'), name='invoice_interest_period'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('accrued_from__isnull', False), ('kind', 'interest'), ('status', 'issued')), expressions=[('claims_for', '='), (models.Func(models.F('accrued_from'), models.F('accrued_until'), models.Value('[]'), function='daterange'), '&&')], name='invoice_interest_once_per_day'),
        ),
        migrations.AddField(
            model_name='instalment',
            name='invoice',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='instalments', to='invoices.invoice'),
        ),
        migrations.AddConstraint(
            model_name='instalment',
            constraint=models.UniqueConstraint(fields=('invoice', 'position'), name='instalment_position_once'),
        ),
        migrations.AddConstraint(
            model_name='instalment',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='instalment_amount_positive'),
        ),
        migrations.AddConstraint(
            model_name='instalment',
            constraint=models.CheckConstraint(condition=models.Q(('position__gte', 1)), name='instalment_counted_from_one'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='instalment',
            trigger=pgtrigger.compiler.Trigger(name='no_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='851b1901bcc44a06c24a4c24c444d3474ec95413', operation='UPDATE', pgid='pgtrigger_no_update_ca0c9', table='invoices_instalment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='instalment',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='4dba12897987e18b615bcaf094f84410d8c90eac', operation='DELETE', pgid='pgtrigger_no_delete_ffa93', table='invoices_instalment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='instalment',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;", hash='7e5dc9534dd788b8e69a2d1e91aeaf7bb2b41b31', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_c9a8c', table='invoices_instalment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='instalment',
            trigger=pgtrigger.compiler.Trigger(name='with_its_invoice', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    PERFORM 1 FROM invoices_invoice i WHERE i.id = NEW.invoice_id AND (i.status = 'draft' OR i.recorded_at >= now());\n    IF NOT FOUND THEN\n        RAISE EXCEPTION 'instalment of invoice %: instalments are recorded together with their invoice', NEW.invoice_id\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'instalment_with_its_invoice';\n    END IF;\n    RETURN NEW;\n", hash="4c7e55a3d3870d09681d75184097109910eab37c", operation='INSERT', pgid='pgtrigger_with_its_invoice_0490e', table='invoices_instalment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='instalment',
            trigger=pgtrigger.compiler.Trigger(name='sum_to_total', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', declare='DECLARE whole numeric; parts numeric;', func="\n    SELECT i.total INTO whole FROM invoices_invoice i WHERE i.id = NEW.invoice_id;\n    SELECT SUM(amount) INTO parts FROM invoices_instalment WHERE invoice_id = NEW.invoice_id;\n    IF parts IS DISTINCT FROM whole THEN\n        RAISE EXCEPTION 'invoice %: instalments add up to %, the total is %', NEW.invoice_id, parts, whole\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'instalments_sum_to_total';\n    END IF;\n    RETURN NULL;\n", hash='87f274fe6d41f43be9b9a783eeaec12a50124687', operation='INSERT', pgid='pgtrigger_sum_to_total_b7f6c', table='invoices_instalment', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
    ]
