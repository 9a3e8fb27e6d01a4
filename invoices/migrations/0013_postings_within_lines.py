import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('invoices', '0012_bank_files_kept'),
    ]

    operations = [
        migrations.AddField(
            model_name='bankposting',
            name='adjustments',
            field=models.ManyToManyField(blank=True, related_name='+', to='invoices.adjustment'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bankposting',
            trigger=pgtrigger.compiler.Trigger(name='facts_stay', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."by_itself" IS DISTINCT FROM (NEW."by_itself") OR OLD."line_id" IS DISTINCT FROM (NEW."line_id") OR OLD."payment_id" IS DISTINCT FROM (NEW."payment_id") OR OLD."posted_at" IS DISTINCT FROM (NEW."posted_at") OR OLD."posted_by_id" IS DISTINCT FROM (NEW."posted_by_id") OR OLD."reasons" IS DISTINCT FROM (NEW."reasons") OR OLD."refund_id" IS DISTINCT FROM (NEW."refund_id") OR OLD."score" IS DISTINCT FROM (NEW."score"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='541005d1846cd4d5d6b25df06c55cdd3370d62c4', operation='UPDATE', pgid='pgtrigger_facts_stay_d7061', table='invoices_bankposting', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bankposting',
            trigger=pgtrigger.compiler.Trigger(name='undone_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."undone_at" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='61474c3938472761ad487c308d909f6d5ff8cbfa', operation='UPDATE', pgid='pgtrigger_undone_stays_75e17', table='invoices_bankposting', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bankposting',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='e26c468fc78c1b2be3a25cefd1bad01d062a519a', operation='DELETE', pgid='pgtrigger_no_delete_d2afd', table='invoices_bankposting', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bankposting',
            trigger=pgtrigger.compiler.Trigger(name='posting_law', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE offender bigint;', func="\n    PERFORM 1 FROM invoices_bankline WHERE id IN (SELECT line_id FROM added) ORDER BY id FOR NO KEY UPDATE;\n    SELECT a.line_id INTO offender FROM added a JOIN invoices_bankline l ON l.id = a.line_id\n        JOIN invoices_bankaccount k ON k.id = l.account_id\n        LEFT JOIN invoices_payment p ON p.id = a.payment_id LEFT JOIN invoices_refund r ON r.id = a.refund_id\n        WHERE (l.amount > 0) IS DISTINCT FROM (a.payment_id IS NOT NULL)\n           OR l.currency IS DISTINCT FROM COALESCE(p.currency, r.currency)\n           OR k.entity_id IS DISTINCT FROM COALESCE(p.entity_id, r.entity_id) LIMIT 1;\n    IF FOUND THEN\n        RAISE EXCEPTION 'bank line %: its posting has another direction, currency or legal entity', offender\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'bank_posting_as_its_line';\n    END IF;\n    SELECT l.id INTO offender FROM invoices_bankline l JOIN invoices_bankposting b ON b.line_id = l.id\n        LEFT JOIN invoices_payment p ON p.id = b.payment_id LEFT JOIN invoices_refund r ON r.id = b.refund_id\n        WHERE b.undone_at IS NULL AND l.id IN (SELECT line_id FROM added)\n        GROUP BY l.id HAVING SUM(COALESCE(p.amount, r.amount)) > ABS(l.amount) LIMIT 1;\n    IF FOUND THEN\n        RAISE EXCEPTION 'bank line %: more would be posted than it holds', offender\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'bank_posting_within_line';\n    END IF;\n    RETURN NULL;\n", hash='36823b1a57dbce5e4c7cfe34af076facf69d4588', level='STATEMENT', operation='INSERT', pgid='pgtrigger_posting_law_58533', referencing='REFERENCING NEW TABLE AS added ', table='invoices_bankposting', when='AFTER')),
        ),
    ]
