"""Every dispute known so far becomes a case of one invoice, under the reference that both sides know."""

from django.db import migrations

_CASES = """
INSERT INTO invoices_disputecase (customer_id, reference, reason, root_cause, currency, text, via, stage, outcome,
                                  owner_id, opened_on, opened_by_id, answer_by, closed_on, resolution, version,
                                  recorded_at)
SELECT d.customer_id, d.reference, d.reason, '', d.currency, d.text, d.via,
       CASE WHEN d.state = 'open' THEN 'new' ELSE 'closed' END,
       CASE d.state WHEN 'open' THEN '' WHEN 'accepted' THEN 'credited' ELSE d.state END,
       d.owner_id, d.opened_on, d.opened_by_id, d.answer_by, d.closed_on, d.resolution, 1, d.recorded_at
FROM invoices_dispute d WHERE d.case_id IS NULL;
UPDATE invoices_dispute d SET case_id = c.id
FROM invoices_disputecase c WHERE c.reference = d.reference AND d.case_id IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("invoices", "0033_dispute_cases")]

    operations = [migrations.RunSQL(_CASES, migrations.RunSQL.noop)]
