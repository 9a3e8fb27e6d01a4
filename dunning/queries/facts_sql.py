"""The statements behind the dunning facts. Each serves one customer or five thousand alike: `ids` is the set, customers
that were merged into one of it included, `as_of` the day, inclusive. They only read; `facts` puts their rows
together."""

from invoices.queries.claims_sql import open_instalments

# Customers that were merged into one of the set, or of the set into another: the survivor's account owes it all.
ABSORBED = """
SELECT id, merged_into_id FROM customers_customer
WHERE merged_into_id = ANY(%(ids)s) OR (id = ANY(%(ids)s) AND merged_into_id IS NOT NULL)
"""

_PARTS = open_instalments(
    ["used.customer_id = ANY(%(ids)s)"],
    where="i.invoice_id IN (SELECT id FROM invoices_invoice WHERE customer_id = ANY(%(ids)s))",
)

# Open claims, computed from allocations (A1): invoices without instalments, and instalments. One pass over the set's
# allocations, whatever the number of invoices.
ITEMS = f"""
WITH used AS (
    SELECT invoice_id, SUM(amount) AS amount FROM invoices_allocation
    WHERE customer_id = ANY(%(ids)s) AND invoice_id IS NOT NULL AND effective_on <= %(as_of)s GROUP BY invoice_id),
part AS MATERIALIZED ({_PARTS})
SELECT i.customer_id, i.currency, i.id, i.number, i.entity_id, i.issued_on, COALESCE(part.due_on, i.due_on) AS due_on,
       COALESCE(part.open, i.total - COALESCE(used.amount, 0)) AS open, part.id, part.position
FROM invoices_invoice i LEFT JOIN used ON used.invoice_id = i.id LEFT JOIN part ON part.invoice_id = i.id
WHERE i.customer_id = ANY(%(ids)s) AND i.status = 'issued' AND i.issued_on <= %(as_of)s
  AND i.total > COALESCE(used.amount, 0)
ORDER BY i.customer_id, i.currency, due_on, i.id, part.position
"""  # noqa: S608 (constants of ours)

# Open credit notes and unapplied payments together, per customer and currency, positive (R17).
CREDITS = """
WITH used AS (
    SELECT credit_note_id, payment_id, SUM(amount) AS amount FROM invoices_allocation
    WHERE customer_id = ANY(%(ids)s) AND effective_on <= %(as_of)s GROUP BY credit_note_id, payment_id),
credit AS (
    SELECT c.customer_id, c.currency, c.total - COALESCE(used.amount, 0) AS open
    FROM invoices_creditnote c LEFT JOIN used ON used.credit_note_id = c.id
    WHERE c.customer_id = ANY(%(ids)s) AND c.status = 'issued' AND c.issued_on <= %(as_of)s
    UNION ALL
    SELECT p.customer_id, p.currency, p.amount - COALESCE(used.amount, 0)
    FROM invoices_payment p LEFT JOIN used ON used.payment_id = p.id
    WHERE p.customer_id = ANY(%(ids)s) AND p.received_on <= %(as_of)s)
SELECT customer_id, currency, SUM(open) FROM credit WHERE open > 0 GROUP BY customer_id, currency
"""

DISPUTES = """
SELECT invoice_id, SUM(amount) FROM invoices_dispute
WHERE customer_id = ANY(%(ids)s) AND opened_on <= %(as_of)s AND (closed_on IS NULL OR closed_on > %(as_of)s)
GROUP BY invoice_id
"""

# What is still to come of a promise: once a part has arrived, the rest of the invoice is asked for as before (P2).
PROMISES = """
SELECT pi.invoice_id, p.promised_on, GREATEST(pi.amount - COALESCE((
    SELECT SUM(a.amount) FROM invoices_allocation a
    WHERE a.invoice_id = pi.invoice_id AND a.payment_id IS NOT NULL AND a.effective_on <= %(as_of)s
      AND (a.effective_on > p.made_on OR a.recorded_at > p.recorded_at)), 0), 0)
FROM invoices_promiseitem pi JOIN invoices_promise p ON p.id = pi.promise_id
WHERE pi.customer_id = ANY(%(ids)s) AND p.made_on <= %(as_of)s AND (p.closed_on IS NULL OR p.closed_on > %(as_of)s)
ORDER BY p.id
"""

# What payers have on its way (W3), for as long as that can last, and whether a charge failed (R16).
PAY_SESSIONS = """
SELECT si.invoice_id,
       COALESCE(SUM(si.amount) FILTER (WHERE s.state = 'processing' AND s.created_at > %(as_of)s - %(flight)s), 0),
       bool_or(s.state = 'failed')
FROM invoices_paysessionitem si JOIN invoices_paysession s ON s.id = si.pay_session_id
WHERE si.customer_id = ANY(%(ids)s) AND s.state IN ('processing', 'failed') GROUP BY si.invoice_id
"""

# Invoices we mailed ourselves (R15). An uncertain delivery counts as one.
INVOICE_MAILS = """
SELECT invoice_id, bool_or(state IN ('accepted', 'unknown')), MAX(settled_at) FILTER (WHERE state = 'accepted')
FROM invoices_documentmail WHERE customer_id = ANY(%(ids)s) AND kind = 'invoice' AND invoice_id IS NOT NULL
GROUP BY invoice_id
"""

# How far each invoice got, at its own level: a young invoice on a stern letter has not had the stern step itself (R3).
# The one that led the letter has, whatever the step's days are by now; what was left off it at the last look has not.
SENT_STEPS = """
SELECT ni.invoice_id, ni.instalment_id, MAX(s.position) FROM dunning_noticeitem ni
JOIN dunning_notice n ON n.id = ni.notice_id
JOIN dunning_step s ON s.policy_id = n.policy_id AND s.position <= n.step_position
  AND (s.offset_days <= ni.days_late OR n.cycle = concat_ws('/', ni.invoice_id, ni.instalment_id))
WHERE ni.customer_id = ANY(%(ids)s) AND n.state IN ('accepted', 'unknown') AND n.as_of <= %(as_of)s
  AND NOT COALESCE(n.decision -> 'left_off' @> CASE WHEN ni.instalment_id IS NULL THEN to_jsonb(ni.invoice_id)
          ELSE to_jsonb(concat_ws('/', ni.invoice_id, ni.instalment_id)) END, false)
GROUP BY ni.invoice_id, ni.instalment_id
"""

# The letters of one run are one contact, whatever the number of currencies (R5).
LAST_NOTICES = """
SELECT DISTINCT ON (customer_id) customer_id, COALESCE(sent_on, as_of), step_name FROM dunning_notice
WHERE customer_id = ANY(%(ids)s) AND state IN ('accepted', 'unknown') AND as_of <= %(as_of)s
  AND NOT run_id = ANY(%(same_contact_runs)s)
ORDER BY customer_id, COALESCE(sent_on, as_of) DESC
"""

# A proposal of an earlier day that nobody approved is replaced by a new look; anything farther is waited for.
IN_HAND = """
SELECT customer_id, currency, step_name, state, as_of FROM dunning_notice
WHERE customer_id = ANY(%(ids)s)
  AND (state IN ('approved', 'claimed', 'sending') OR (state = 'proposed' AND as_of >= %(as_of)s))
"""

HOLDS = """
SELECT DISTINCT ON (customer_id) customer_id, reason, LEAST(ends_on, COALESCE(released_on - 1, ends_on))
FROM customers_hold
WHERE customer_id = ANY(%(ids)s) AND starts_on <= %(as_of)s AND ends_on >= %(as_of)s
  AND (released_on IS NULL OR released_on > %(as_of)s)
ORDER BY customer_id, ends_on DESC
"""

# The person to write to: the primary contact, else one in accounts payable; reachable ones only (R19).
PEOPLE = """
SELECT c.id, c.number, c.name, c.address, c.autopay, c.is_related_party, c.holiday_region, c.country,
       COALESCE(NULLIF(c.time_zone, ''), e.time_zone), e.holiday_region, e.id,
       COALESCE(NULLIF(k.language, ''), NULLIF(c.language, ''), e.language), k.id,
       COALESCE(k.name, ''), COALESCE(k.email, '')
FROM customers_customer c JOIN customers_legalentity e ON e.id = c.entity_id
LEFT JOIN LATERAL (
    SELECT id, name, email, language FROM customers_contact
    WHERE customer_id = c.id AND health = 'ok' AND email <> '' AND (is_primary OR part = 'payables')
    ORDER BY is_primary DESC, id LIMIT 1) k ON true
WHERE c.id = ANY(%(ids)s)
"""

# Customers of an entity that have an issued invoice, by id, after the last one seen.
CHUNK = """
SELECT c.id FROM customers_customer c
WHERE c.entity_id = %(entity)s AND c.id > %(after)s AND c.merged_into_id IS NULL
  AND (EXISTS (SELECT 1 FROM invoices_invoice i WHERE i.customer_id = c.id AND i.status = 'issued')
       OR EXISTS (SELECT 1 FROM customers_customer a WHERE a.merged_into_id = c.id))
ORDER BY c.id LIMIT %(size)s
"""
