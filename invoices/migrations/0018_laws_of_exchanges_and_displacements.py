import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('invoices', '0017_adjustments_as_approved'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='displacement',
            trigger=pgtrigger.compiler.Trigger(name='same_target', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    PERFORM 1 FROM invoices_allocation o JOIN invoices_allocation a ON a.id = NEW.allocation_id\n    WHERE o.id = NEW.original_id AND a.id <> o.id AND o.reverses_id IS NULL AND a.payment_id = o.payment_id\n      AND (a.invoice_id, a.instalment_id) IS NOT DISTINCT FROM (o.invoice_id, o.instalment_id)\n      AND EXISTS (SELECT 1 FROM invoices_allocation u\n                  WHERE u.refund_id = NEW.refund_id AND u.payment_id = o.payment_id);\n    IF NOT FOUND THEN\n        RAISE EXCEPTION 'displacement of allocation %: it names the same payment and target, and what used it up',\n            NEW.original_id USING ERRCODE = 'check_violation', CONSTRAINT = 'displacement_same_target';\n    END IF;\n    RETURN NEW;\n", hash='9c0af0ccfd5260c0d7d51383160e6fb58902698f', operation='INSERT', pgid='pgtrigger_same_target_4ee3b', table='invoices_displacement', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='exchange',
            trigger=pgtrigger.compiler.Trigger(name='two_ends', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    PERFORM 1 FROM invoices_refund r JOIN invoices_payment p ON p.id = NEW.payment_id\n    WHERE r.id = NEW.refund_id AND r.kind = 'exchange' AND p.method = 'exchange' AND r.customer_id = p.customer_id\n      AND r.entity_id = p.entity_id AND r.currency <> p.currency AND ABS(r.amount * NEW.rate - p.amount) <= 0.5;\n    IF NOT FOUND THEN\n        RAISE EXCEPTION 'exchange of refund %: both ends must be of one customer and come to each other at the rate',\n            NEW.refund_id USING ERRCODE = 'check_violation', CONSTRAINT = 'exchange_ties_two_ends';\n    END IF;\n    RETURN NEW;\n", hash='b1a132e954867092758a175cf2c0e21cece991f2', operation='INSERT', pgid='pgtrigger_two_ends_c9d6c', table='invoices_exchange', when='BEFORE')),
        ),
    ]
