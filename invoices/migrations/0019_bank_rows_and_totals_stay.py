import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('invoices', '0018_laws_of_exchanges_and_displacements'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='bankline',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;", hash='d87384e02e6610dd45dc545d77c497cd9556a4be', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_099e7', table='invoices_bankline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bankposting',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;", hash='b79dd70e1940dd2e58db1a071c57563a89e7eda8', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_6a2e5', table='invoices_bankposting', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invoice',
            trigger=pgtrigger.compiler.Trigger(name='total_of_instalments', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (SELECT 1 FROM invoices_instalment t WHERE t.invoice_id = NEW.id HAVING SUM(t.amount) <> NEW.total) THEN\n        RAISE EXCEPTION 'invoice %: its instalments do not add up to %', NEW.id, NEW.total\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'instalments_sum_to_total';\n    END IF;\n    RETURN NEW;\n", hash='cc9b75a91100ac32c368001ee018acf0eae20ec3', operation='UPDATE', pgid='pgtrigger_total_of_instalments_99e27', table='invoices_invoice', when='BEFORE')),
        ),
    ]
