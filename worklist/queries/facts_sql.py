"""The statements behind the facts: a few set-based ones, for one customer or all. They read; deciding is the rule's.

Every statement takes the day as %(on)s and the customers as %(ids)s, NULL for all of them. Customers that were merged
into one of the set are in it: `facts` puts what is theirs on the survivor's account."""

import re

from invoices.queries.claims_sql import open_instalments


def _scoped(statement: str) -> str:
    """The statement with each MINE(column) written out: all customers, or those asked for."""
    of_these = (
        "(%(ids)s::bigint[] IS NULL OR i.invoice_id IN (SELECT id FROM invoices_invoice WHERE MINE(customer_id)))"
    )
    statement = statement.replace("MINE_OF_INVOICE", of_these)
    return re.sub(r"MINE\(([\w.]+)\)", r"(%(ids)s::bigint[] IS NULL OR \1 = ANY(%(ids)s))", statement)


# Customers that were merged into another one, and into which.
ABSORBED = """
SELECT id, merged_into_id FROM customers_customer WHERE merged_into_id IS NOT NULL
  AND (%(ids)s::bigint[] IS NULL OR merged_into_id = ANY(%(ids)s) OR id = ANY(%(ids)s))
"""

_PARTS = open_instalments(["MINE(used.customer_id)"], day="%(on)s", where="MINE_OF_INVOICE")

# Per customer and currency: open money by lateness, whole, disputed and promised, and how punctual the customer was.
# Each instalment is late by itself; what is disputed or promised of an invoice lies on its oldest part. What is on a
# payment plan is promised. Punctual is who
# has paid the whole invoice by its last due date.
MONEY = _scoped(f"""
WITH paid AS (
    SELECT invoice_id, SUM(amount) AS amount, MAX(effective_on) AS last_on FROM invoices_allocation
    WHERE invoice_id IS NOT NULL AND effective_on <= %(on)s AND MINE(customer_id)
    GROUP BY invoice_id
), disputed AS (
    SELECT invoice_id, SUM(amount) AS amount FROM invoices_dispute
    WHERE opened_on <= %(on)s AND (closed_on IS NULL OR closed_on > %(on)s) AND MINE(customer_id)
    GROUP BY invoice_id
), word AS (
    SELECT pi.invoice_id, MAX(GREATEST(pi.amount - COALESCE((
        SELECT SUM(since.amount) FROM (
            SELECT GREATEST(SUM(a.amount), 0) AS amount FROM invoices_allocation a
            WHERE a.invoice_id = pi.invoice_id AND a.payment_id IS NOT NULL AND a.effective_on <= %(on)s
              AND (a.effective_on > pr.made_on OR a.recorded_at > pr.recorded_at) GROUP BY a.payment_id) AS since
        ), 0), 0)) AS amount
    FROM invoices_promiseitem pi JOIN invoices_promise pr ON pr.id = pi.promise_id
    WHERE pr.made_on <= %(on)s AND (pr.closed_on IS NULL OR pr.closed_on > %(on)s) AND MINE(pi.customer_id)
    GROUP BY pi.invoice_id
    UNION ALL
    SELECT pi.invoice_id, GREATEST(pi.amount - COALESCE((
        SELECT SUM(since.amount) FROM (
            SELECT GREATEST(SUM(a.amount), 0) AS amount FROM invoices_allocation a
            WHERE a.invoice_id = pi.invoice_id AND a.payment_id IS NOT NULL AND a.effective_on <= %(on)s
              AND (a.effective_on > pl.agreed_on OR a.recorded_at > pl.recorded_at) GROUP BY a.payment_id) AS since
        ), 0), 0)
    FROM invoices_planitem pi JOIN invoices_paymentplan pl ON pl.id = pi.plan_id
    WHERE pl.agreed_on <= %(on)s AND (pl.ended_on IS NULL OR pl.ended_on > %(on)s) AND MINE(pl.customer_id)
), promised AS (
    SELECT invoice_id, SUM(amount) AS amount FROM word GROUP BY invoice_id
), part AS MATERIALIZED ({_PARTS}
), claims AS (
    SELECT i.customer_id, i.currency, COALESCE(part.due_on, i.due_on) AS due_on, paid.last_on,
           COALESCE(part.open, i.total - COALESCE(paid.amount, 0)) AS open, COALESCE(part.begin, 0) AS begin,
           COALESCE(disputed.amount, 0) AS quarrel, COALESCE(promised.amount, 0) AS word
    FROM invoices_invoice i
    LEFT JOIN part ON part.invoice_id = i.id
    LEFT JOIN paid ON paid.invoice_id = i.id
    LEFT JOIN disputed ON disputed.invoice_id = i.id
    LEFT JOIN promised ON promised.invoice_id = i.id
    WHERE i.status = 'issued' AND i.issued_on <= %(on)s AND MINE(i.customer_id)
), docs AS (
    SELECT *, GREATEST(%(on)s::date - due_on, 0) AS late, LEAST(GREATEST(%(on)s::date - due_on, 0), %(cap)s) AS age,
           GREATEST(LEAST(quarrel, begin + open) - begin, 0) AS in_dispute,
           GREATEST(LEAST(quarrel + word, begin + open) - GREATEST(quarrel, begin), 0) AS in_promise
    FROM claims
), shares AS (
    SELECT *, open <= 0 AND last_on > %(on)s::date - 365 AS settled, open > 0 AND late > 0 AS is_overdue
    FROM docs WHERE open > 0 OR last_on > %(on)s::date - 365
)
SELECT customer_id, currency,
       COALESCE(SUM(open) FILTER (WHERE open > 0 AND late = 0), 0), COALESCE(SUM(open) FILTER (WHERE is_overdue), 0),
       COALESCE(SUM(open * age) FILTER (WHERE is_overdue), 0),
       COALESCE(SUM(in_dispute) FILTER (WHERE open > 0 AND late = 0), 0),
       COALESCE(SUM(in_dispute) FILTER (WHERE is_overdue), 0),
       COALESCE(SUM(in_dispute * age) FILTER (WHERE is_overdue), 0),
       COALESCE(SUM(in_promise) FILTER (WHERE open > 0 AND late = 0), 0),
       COALESCE(SUM(in_promise) FILTER (WHERE is_overdue), 0),
       COALESCE(SUM(in_promise * age) FILTER (WHERE is_overdue), 0),
       COALESCE(MAX(late) FILTER (WHERE is_overdue), 0), COUNT(*) FILTER (WHERE is_overdue),
       COUNT(*) FILTER (WHERE is_overdue OR (settled AND last_on > due_on)),
       COUNT(*) FILTER (WHERE is_overdue OR settled)
FROM shares GROUP BY customer_id, currency
""")  # noqa: S608 (constants of ours)

CREDIT = _scoped("""
SELECT customer_id, currency, SUM(left_over) FROM (
    SELECT p.customer_id, p.currency, p.amount - COALESCE((SELECT SUM(a.amount) FROM invoices_allocation a
               WHERE a.payment_id = p.id AND a.effective_on <= %(on)s), 0) AS left_over
    FROM invoices_payment p WHERE p.received_on <= %(on)s AND MINE(p.customer_id)
    UNION ALL
    SELECT c.customer_id, c.currency, c.total - COALESCE((SELECT SUM(a.amount) FROM invoices_allocation a
               WHERE a.credit_note_id = c.id AND a.effective_on <= %(on)s), 0)
    FROM invoices_creditnote c
    WHERE c.status = 'issued' AND c.issued_on <= %(on)s AND MINE(c.customer_id)
) sources WHERE left_over > 0 GROUP BY customer_id, currency
""")

# Broken (or only partly kept) promises of late that no newer promise on the same invoice has answered (P6), and plans
# in default, which are a broken word as well: somebody asks why (P7).
BROKEN = _scoped("""
SELECT customer_id, currency, MAX(broken_on), SUM(amount) FROM (
SELECT pr.customer_id, pr.currency, pr.promised_on AS broken_on, LEAST(pi.amount, open.amount) AS amount
FROM invoices_promise pr
JOIN invoices_promiseitem pi ON pi.promise_id = pr.id
JOIN invoices_invoice i ON i.id = pi.invoice_id
JOIN LATERAL (
    SELECT i.total - COALESCE(SUM(a.amount), 0) AS amount FROM invoices_allocation a
    WHERE a.invoice_id = i.id AND a.effective_on <= %(on)s
) open ON open.amount > 0
WHERE pr.state IN ('broken', 'partly_kept') AND pr.closed_on BETWEEN %(on)s::date - %(broken_days)s AND %(on)s
  AND MINE(pr.customer_id)
  AND NOT EXISTS (SELECT 1 FROM invoices_promiseitem later JOIN invoices_promise lp ON lp.id = later.promise_id
                  WHERE later.invoice_id = pi.invoice_id AND later.promise_id > pr.id AND lp.made_on <= %(on)s)
UNION ALL
SELECT pl.customer_id, pl.currency, pl.ended_on, LEAST(pi.amount, open.amount)
FROM invoices_paymentplan pl
JOIN invoices_planitem pi ON pi.plan_id = pl.id
JOIN invoices_invoice i ON i.id = pi.invoice_id
JOIN LATERAL (
    SELECT i.total - COALESCE(SUM(a.amount), 0) AS amount FROM invoices_allocation a
    WHERE a.invoice_id = i.id AND a.effective_on <= %(on)s
) open ON open.amount > 0
WHERE pl.state = 'defaulted' AND pl.ended_on BETWEEN %(on)s::date - %(broken_days)s AND %(on)s
  AND MINE(pl.customer_id)
  AND NOT EXISTS (SELECT 1 FROM invoices_promiseitem later JOIN invoices_promise lp ON lp.id = later.promise_id
                  WHERE later.invoice_id = pi.invoice_id AND lp.made_on BETWEEN pl.ended_on AND %(on)s)
  AND NOT EXISTS (SELECT 1 FROM invoices_planitem later JOIN invoices_paymentplan lp ON lp.id = later.plan_id
                  WHERE later.invoice_id = pi.invoice_id AND lp.agreed_on BETWEEN pl.ended_on AND %(on)s)
) AS word GROUP BY customer_id, currency
""")

# The day of the latest promise, or of the next part of a payment plan.
PROMISES = _scoped("""
SELECT customer_id, MAX(until) FROM (
    SELECT customer_id, promised_on AS until FROM invoices_promise
    WHERE made_on <= %(on)s AND (closed_on IS NULL OR closed_on > %(on)s) AND MINE(customer_id)
    UNION ALL
    SELECT pl.customer_id, COALESCE(MIN(part.due_on) FILTER (WHERE part.due_on >= %(on)s), MAX(part.due_on))
    FROM invoices_paymentplan pl JOIN invoices_planinstalment part ON part.plan_id = pl.id
    WHERE pl.agreed_on <= %(on)s AND (pl.ended_on IS NULL OR pl.ended_on > %(on)s) AND MINE(pl.customer_id)
    GROUP BY pl.id) AS word
GROUP BY customer_id
""")

DISPUTES = _scoped("""
SELECT customer_id, MIN(answer_by) FROM invoices_dispute
WHERE opened_on <= %(on)s AND (closed_on IS NULL OR closed_on > %(on)s) AND MINE(customer_id)
GROUP BY customer_id
""")

# A call step waits until somebody called; a mail is unknown until somebody looked; the stage is the last notice's. What
# was recalled counts no more, and an apology is no stage.
NOTICES = _scoped("""
SELECT n.customer_id,
       MAX(n.step_name) FILTER (WHERE n.channel = 'call_task' AND n.state = 'accepted' AND NOT EXISTS (
           SELECT 1 FROM worklist_activity t WHERE t.customer_id = n.customer_id AND t.kind = 'call'
             AND t.undone_at IS NULL AND t.happened_on BETWEEN n.as_of AND %(on)s)),
       MAX(n.as_of) FILTER (WHERE n.state = 'unknown'),
       MAX(n.as_of) FILTER (WHERE n.state = 'accepted' AND n.channel <> 'call_task'),
       (ARRAY_AGG(n.stage ORDER BY n.as_of DESC, n.id DESC)
           FILTER (WHERE n.state IN ('accepted', 'unknown') AND n.stage <> 'apology'))[1]
FROM dunning_notice n WHERE n.as_of <= %(on)s AND n.recalled_at IS NULL AND MINE(n.customer_id)
GROUP BY n.customer_id
""")

CONTACTS_MADE = _scoped("""
SELECT DISTINCT ON (customer_id) customer_id, happened_on, kind FROM worklist_activity
WHERE undone_at IS NULL AND happened_on <= %(on)s AND MINE(customer_id)
  AND (kind = 'mail' OR (kind = 'call' AND outcome IN ('reached', 'voicemail', 'call_back', 'refused')))
ORDER BY customer_id, happened_on DESC, id DESC
""")

# A later call without a date of its own answers an earlier follow-up; one that was ticked off is none.
FOLLOW_UPS = _scoped("""
SELECT customer_id, follow_up_on FROM (
    SELECT DISTINCT ON (customer_id) customer_id, follow_up_on, follow_up_done_on FROM worklist_activity
    WHERE undone_at IS NULL AND happened_on <= %(on)s AND (kind = 'call' OR follow_up_on IS NOT NULL)
      AND MINE(customer_id)
    ORDER BY customer_id, at DESC, id DESC
) latest WHERE follow_up_on IS NOT NULL AND (follow_up_done_on IS NULL OR follow_up_done_on > %(on)s)
""")

HOLDS = _scoped("""
SELECT DISTINCT ON (customer_id) customer_id, reason, ends_on FROM customers_hold
WHERE starts_on <= %(on)s AND ends_on >= %(on)s AND (released_on IS NULL OR released_on > %(on)s)
  AND contact_id IS NULL AND MINE(customer_id)
ORDER BY customer_id, ends_on DESC
""")

# Whether anybody can be reached, and whether every mailbox bounced or its reader complained (D36, D37).
REACHABLE = _scoped("""
SELECT customer_id, bool_or(health = 'ok' AND (email <> '' OR phone <> '')),
       bool_or(email <> '' AND health IN ('bounced', 'complained')) AND NOT bool_or(email <> '' AND health = 'ok')
FROM customers_contact WHERE MINE(customer_id) GROUP BY customer_id
""")

CUSTOMERS = _scoped("""
SELECT c.id, c.number, e.currency, c.entity_id, c.collector_id FROM customers_customer c
JOIN customers_legalentity e ON e.id = c.entity_id WHERE c.merged_into_id IS NULL AND MINE(c.id) ORDER BY c.id
""")
