"""The statements behind the facts, first half: who, and the money. They read by set; deciding is the rule's.

Every statement takes the day as %(on)s and the customers as %(ids)s, NULL for all of them. Customers that were merged
into one of the set are in it: `facts` puts what is theirs on the survivor's account."""

import re

from invoices.queries.claims_sql import open_instalments


def scoped(statement: str) -> str:
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

_BANDS = ("late = 0", "late BETWEEN 1 AND 10", "late BETWEEN 11 AND 20", "late BETWEEN 21 AND 30", "late > 30")
_AMOUNTS = ("open", "in_dispute", "in_promise")
_BY_LATENESS = ",\n".join(
    f"COALESCE(SUM({amount}) FILTER (WHERE open > 0 AND {band}), 0)" for amount in _AMOUNTS for band in _BANDS
)
_PAID_LATER = ",\n".join(f"COUNT(*) FILTER (WHERE settled AND delay > {days})" for days in (0, 10, 15, 20, 30))
_OPEN_LATER = ",\n".join(f"COUNT(*) FILTER (WHERE open > 0 AND late > {days})" for days in (0, 15, 30))

# Per customer and currency: open money by lateness, whole, disputed and promised, what a model says about what is not
# due yet, and how late invoices came within a year. Each instalment is late by itself; what is disputed or promised of
# an invoice lies on its oldest part. What is on a payment plan is promised. An invoice came as late as its last payment
# after its last due date. The last column is the next day by which an overdue item has to be told to an insurer.
MONEY = scoped(f"""
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
), predicted AS (
    SELECT DISTINCT ON (i.invoice_id) i.invoice_id, i.probability FROM invoices_lateprediction i
    WHERE i.made_on BETWEEN %(on)s::date - 31 AND %(on)s AND MINE_OF_INVOICE ORDER BY i.invoice_id, i.made_on DESC
), insured AS (
    SELECT id, insurer_days FROM customers_customer WHERE insurer_days IS NOT NULL AND MINE(id)
), part AS MATERIALIZED ({_PARTS}
), claims AS (
    SELECT i.customer_id, i.currency, COALESCE(part.due_on, i.due_on) AS due_on, paid.last_on,
           COALESCE(part.open, i.total - COALESCE(paid.amount, 0)) AS open, COALESCE(part.begin, 0) AS begin,
           COALESCE(disputed.amount, 0) AS quarrel, COALESCE(promised.amount, 0) AS word, predicted.probability,
           insured.insurer_days
    FROM invoices_invoice i
    LEFT JOIN part ON part.invoice_id = i.id
    LEFT JOIN paid ON paid.invoice_id = i.id
    LEFT JOIN disputed ON disputed.invoice_id = i.id
    LEFT JOIN promised ON promised.invoice_id = i.id
    LEFT JOIN predicted ON predicted.invoice_id = i.id
    LEFT JOIN insured ON insured.id = i.customer_id
    WHERE i.status = 'issued' AND i.issued_on <= %(on)s AND MINE(i.customer_id)
), docs AS (
    SELECT *, GREATEST(%(on)s::date - due_on, 0) AS late, last_on - due_on AS delay,
           GREATEST(LEAST(quarrel, begin + open) - begin, 0) AS in_dispute,
           GREATEST(LEAST(quarrel + word, begin + open) - GREATEST(quarrel, begin), 0) AS in_promise
    FROM claims
), shares AS (
    SELECT *, open <= 0 AND last_on > %(on)s::date - 365 AS settled, open > 0 AND late > 0 AS is_overdue,
           CASE WHEN late = 0 AND open > 0 THEN open - in_dispute - in_promise END AS unpromised
    FROM docs WHERE open > 0 OR last_on > %(on)s::date - 365
)
SELECT customer_id, currency, {_BY_LATENESS},
       COALESCE(SUM(unpromised) FILTER (WHERE probability IS NOT NULL), 0),
       COALESCE(SUM(unpromised * probability) FILTER (WHERE probability IS NOT NULL), 0),
       COALESCE(MAX(late) FILTER (WHERE is_overdue), 0), COUNT(*) FILTER (WHERE is_overdue),
       COUNT(*) FILTER (WHERE settled), {_PAID_LATER}, {_OPEN_LATER},
       MIN(due_on + insurer_days) FILTER (WHERE is_overdue AND due_on + insurer_days >= %(on)s)
FROM shares GROUP BY customer_id, currency
""")  # noqa: S608 (constants of ours)

# How late invoices came, without any money: of everybody, for the portfolio's habit.
DELAYS = scoped(f"""
WITH paid AS (
    SELECT invoice_id, SUM(amount) AS amount, MAX(effective_on) AS last_on FROM invoices_allocation
    WHERE invoice_id IS NOT NULL AND effective_on <= %(on)s AND MINE(customer_id)
    GROUP BY invoice_id
), docs AS (
    SELECT i.total - COALESCE(paid.amount, 0) AS open, GREATEST(%(on)s::date - i.due_on, 0) AS late,
           paid.last_on - i.due_on AS delay, paid.last_on > %(on)s::date - 365 AS lately
    FROM invoices_invoice i LEFT JOIN paid ON paid.invoice_id = i.id
    WHERE i.status = 'issued' AND i.issued_on <= %(on)s AND MINE(i.customer_id)
), shares AS (SELECT *, open <= 0 AND lately AS settled FROM docs)
SELECT COUNT(*) FILTER (WHERE settled), {_PAID_LATER}, {_OPEN_LATER} FROM shares
""")  # noqa: S608 (constants of ours)

CREDIT = scoped("""
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

CUSTOMERS = scoped("""
SELECT c.id, c.number, e.currency, c.entity_id, c.collector_id, c.currency, c.credit_limit, c.insured_amount,
       EXISTS (SELECT 1 FROM worklist_escalation x WHERE x.customer_id = c.id AND x.raised_on <= %(on)s
               AND (x.answered_on IS NULL OR x.answered_on > %(on)s))
FROM customers_customer c
JOIN customers_legalentity e ON e.id = c.entity_id WHERE c.merged_into_id IS NULL AND MINE(c.id) ORDER BY c.id
""")
