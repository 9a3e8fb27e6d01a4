import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0003_terms_discount_and_merges'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='customer',
            trigger=pgtrigger.compiler.Trigger(name='as_merged', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."merged_into_id" IS DISTINCT FROM (NEW."merged_into_id"))', func="\n    PERFORM 1 FROM customers_customermerge m WHERE m.absorbed_id = NEW.id AND m.survivor_id = NEW.merged_into_id;\n    IF NOT FOUND THEN\n        RAISE EXCEPTION 'customer %: no merge puts it into the account of %', NEW.id, NEW.merged_into_id\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'customer_as_merged';\n    END IF;\n    RETURN NEW;\n", hash='2137e00bb9bd2c379547231754225411f525a32e', operation='UPDATE', pgid='pgtrigger_as_merged_4f472', table='customers_customer', when='BEFORE')),
        ),
    ]
