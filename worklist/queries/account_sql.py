"""The statements behind the account page, each for one account as of one day (%(on)s): the customer and those merged
into it (%(ids)s). They only read."""

from invoices.queries.claims_sql import open_instalments

OPEN_ITEMS = """
SELECT i.id, i.number, i.kind, i.issued_on, i.due_on, i.currency, i.total, i.total - COALESCE(paid.amount, 0) AS open,
       GREATEST(%(on)s::date - i.due_on, 0) AS late, d.reference AS dispute, d.amount AS disputed, p.promised_on,
       i.po_number, EXISTS (SELECT 1 FROM invoices_instalment t WHERE t.invoice_id = i.id) AS in_parts
FROM invoices_invoice i
LEFT JOIN LATERAL (SELECT SUM(amount) AS amount FROM invoices_allocation a
                   WHERE a.invoice_id = i.id AND a.effective_on <= %(on)s) paid ON true
LEFT JOIN invoices_dispute d ON d.invoice_id = i.id AND d.state = 'open'
LEFT JOIN LATERAL (SELECT pr.promised_on FROM invoices_promiseitem pi JOIN invoices_promise pr ON pr.id = pi.promise_id
                   WHERE pi.invoice_id = i.id AND pi.live AND pr.state = 'open' LIMIT 1) p ON true
WHERE i.customer_id = ANY(%(ids)s) AND i.status = 'issued' AND i.issued_on <= %(on)s
  AND i.total > COALESCE(paid.amount, 0)
ORDER BY i.due_on, i.id
"""

_OF_ITEMS = "i.invoice_id = ANY(%(invoices)s)"
# The open instalments of some of the items, oldest first.
PARTS = f"""
SELECT invoice_id, position, due_on, open, GREATEST(%(on)s::date - due_on, 0) AS late
FROM ({open_instalments(["used.invoice_id = ANY(%(invoices)s)"], day="%(on)s", where=_OF_ITEMS)}) AS part
ORDER BY invoice_id, due_on, position
"""  # noqa: S608 (constants of ours)

CREDITS = """
SELECT currency, SUM(left_over), COUNT(*) FROM (
    SELECT p.currency, p.amount - COALESCE((SELECT SUM(a.amount) FROM invoices_allocation a
               WHERE a.payment_id = p.id AND a.effective_on <= %(on)s), 0) AS left_over
    FROM invoices_payment p WHERE p.customer_id = ANY(%(ids)s) AND p.received_on <= %(on)s
    UNION ALL
    SELECT c.currency, c.total - COALESCE((SELECT SUM(a.amount) FROM invoices_allocation a
               WHERE a.credit_note_id = c.id AND a.effective_on <= %(on)s), 0)
    FROM invoices_creditnote c
    WHERE c.customer_id = ANY(%(ids)s) AND c.status = 'issued' AND c.issued_on <= %(on)s
) sources WHERE left_over > 0 GROUP BY currency ORDER BY currency
"""

CONTACTS = """
SELECT id, name, part, email, phone, mobile, health, is_primary FROM customers_contact WHERE customer_id = ANY(%(ids)s)
ORDER BY is_primary DESC, name, id
"""

HOLDS = """
SELECT id, reason, starts_on, ends_on, note FROM customers_hold
WHERE customer_id = ANY(%(ids)s) AND contact_id IS NULL AND released_on IS NULL AND ends_on >= %(on)s
ORDER BY starts_on
"""

# Answers of people that wait for a person of ours; machines' mails are none.
MESSAGES = """
SELECT id, subject, from_name, from_address, received_at::date AS received_on FROM dunning_inboundmessage
WHERE customer_id = ANY(%(ids)s) AND state = 'waiting' AND kind IN ('person', 'auto_reply', 'unreadable')
ORDER BY received_at, id LIMIT 20
"""

PINNED = """
SELECT a.id, a.text, a.happened_on, u.first_name, u.username FROM worklist_activity a
LEFT JOIN accounts_user u ON u.id = a.by_id
WHERE a.customer_id = ANY(%(ids)s) AND a.pinned AND a.undone_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM worklist_activity newer WHERE newer.replaces_id = a.id) ORDER BY a.at DESC
"""

# What somebody wanted to look at again on a day, until it is ticked off or a later call answers it.
FOLLOW_UPS = """
SELECT a.id, a.kind, a.text, a.follow_up_on, u.first_name, u.username FROM worklist_activity a
LEFT JOIN accounts_user u ON u.id = a.by_id
WHERE a.customer_id = ANY(%(ids)s) AND a.follow_up_on IS NOT NULL AND a.follow_up_done_on IS NULL
  AND a.undone_at IS NULL AND NOT EXISTS (SELECT 1 FROM worklist_activity newer WHERE newer.replaces_id = a.id)
  AND NOT EXISTS (SELECT 1 FROM worklist_activity call WHERE call.customer_id = a.customer_id AND call.kind = 'call'
                  AND call.undone_at IS NULL AND call.at > a.at)
ORDER BY a.follow_up_on, a.id LIMIT 20
"""


PROMISES = """
SELECT p.id, p.currency, p.amount, p.made_on, p.promised_on, p.via, p.level, p.state, p.kept_amount, p.note,
       p.closed_on, array_agg(i.number ORDER BY i.due_on) AS invoices
FROM invoices_promise p
JOIN invoices_promiseitem pi ON pi.promise_id = p.id JOIN invoices_invoice i ON i.id = pi.invoice_id
WHERE p.customer_id = ANY(%(ids)s) GROUP BY p.id
ORDER BY (p.state = 'open') DESC, p.promised_on DESC, p.id DESC LIMIT 20
"""

DISPUTES = """
SELECT c.id, c.reference, c.reason, c.currency, SUM(d.amount) AS amount, c.text, c.opened_on, c.answer_by, c.stage,
       c.outcome, c.closed_on, c.resolution, array_agg(i.number ORDER BY i.due_on, i.id) AS invoices
FROM invoices_disputecase c
JOIN invoices_dispute d ON d.case_id = c.id AND (d.state = 'open' OR c.stage = 'closed' AND NOT EXISTS (
    SELECT 1 FROM invoices_dispute later WHERE later.case_id = c.id AND later.invoice_id = d.invoice_id
    AND later.id > d.id))
JOIN invoices_invoice i ON i.id = d.invoice_id
WHERE c.customer_id = ANY(%(ids)s) GROUP BY c.id
ORDER BY (c.stage <> 'closed') DESC, c.opened_on DESC, c.id DESC LIMIT 20
"""
