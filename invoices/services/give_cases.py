"""Gives each dispute that has no case one of its own. While an upgrade rolls, the version before cases goes on opening
disputes; this takes them in, so that they stand on the board like all others. By set; nothing is asked of a person."""

from django.db import connection, transaction

from collections_app.audit.record import Fact, record_set
from customers.changes import announce
from invoices.actions import CASE_CHANGED

# The same as migration 0034 did for those it found.
_CASES = """
INSERT INTO invoices_disputecase (customer_id, reference, reason, root_cause, currency, text, via, stage, outcome,
                                  owner_id, opened_on, opened_by_id, answer_by, closed_on, resolution, version,
                                  recorded_at)
SELECT d.customer_id, d.reference, d.reason, '', d.currency, d.text, d.via,
       CASE WHEN d.state = 'open' THEN 'new' ELSE 'closed' END,
       CASE d.state WHEN 'open' THEN '' WHEN 'accepted' THEN 'credited' ELSE d.state END,
       d.owner_id, d.opened_on, d.opened_by_id, d.answer_by, d.closed_on, d.resolution, 1, d.recorded_at
FROM invoices_dispute d WHERE d.case_id IS NULL
ON CONFLICT (reference) DO NOTHING
"""
_TIED = """
UPDATE invoices_dispute d SET case_id = c.id
FROM invoices_disputecase c WHERE c.reference = d.reference AND d.case_id IS NULL
RETURNING c.id, c.customer_id, c.reference
"""


@transaction.atomic
def give_cases() -> int:
    """How many disputes got a case; each is one of its own, under the reference that both sides know."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM invoices_dispute WHERE case_id IS NULL)")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_CASES)
        cursor.execute(_TIED)
        tied = cursor.fetchall()
    facts = [Fact("invoices.disputecase", pk, customer, {"reference": reference}) for pk, customer, reference in tied]
    record_set(CASE_CHANGED, facts, actor=None, by="upgrade")
    announce(customer for _, customer, _ in tied)
    return len(tied)
