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
       COALESCE(part.open, i.total - COALESCE(used.amount, 0)) AS open, part.id, part.position, i.kind
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

# What is still to come of a promise: once a part has arrived, the rest of the invoice is asked for as before (P2); an
# older payment that did not hold was not promised again. Who gave it and how often one was broken before decides how
# long it pauses (P5).
PROMISES = """
SELECT pi.invoice_id, pi.customer_id, p.made_on, p.promised_on, p.grace_days, p.via = 'payer', p.level,
       GREATEST(pi.amount - COALESCE((
    SELECT SUM(since.amount) FROM (
        SELECT GREATEST(SUM(a.amount), 0) AS amount FROM invoices_allocation a
        WHERE a.invoice_id = pi.invoice_id AND a.payment_id IS NOT NULL AND a.effective_on <= %(as_of)s
          AND (a.effective_on > p.made_on OR a.recorded_at > p.recorded_at) GROUP BY a.payment_id) AS since), 0), 0)
FROM invoices_promiseitem pi JOIN invoices_promise p ON p.id = pi.promise_id
WHERE pi.customer_id = ANY(%(ids)s) AND p.made_on <= %(as_of)s AND (p.closed_on IS NULL OR p.closed_on > %(as_of)s)
ORDER BY p.id
"""

# The last broken word per invoice: a promise that was not kept, or a plan in default (P7).
BROKEN = """
SELECT invoice_id, MAX(broken_on) FROM (
    SELECT pi.invoice_id, p.closed_on AS broken_on FROM invoices_promiseitem pi
    JOIN invoices_promise p ON p.id = pi.promise_id
    WHERE pi.customer_id = ANY(%(ids)s) AND p.state = 'broken' AND p.closed_on <= %(as_of)s
    UNION ALL
    SELECT item.invoice_id, plan.ended_on FROM invoices_paymentplan plan
    JOIN invoices_planitem item ON item.plan_id = plan.id
    WHERE plan.customer_id = ANY(%(ids)s) AND plan.state = 'defaulted' AND plan.ended_on <= %(as_of)s) AS word
GROUP BY invoice_id
"""

# Invoices, or parts of them, that are on hold: all of it or an amount, until when and why (R9).
INVOICE_HOLDS = """
SELECT invoice_id, bool_or(amount IS NULL), COALESCE(SUM(amount), 0),
       MAX(LEAST(ends_on, COALESCE(released_on - 1, ends_on))), (array_agg(reason ORDER BY ends_on DESC))[1]
FROM invoices_invoicehold
WHERE customer_id = ANY(%(ids)s) AND starts_on <= %(as_of)s AND ends_on >= %(as_of)s
  AND (released_on IS NULL OR released_on > %(as_of)s)
GROUP BY invoice_id
"""

# What payers have on its way (W3), for as long as that can last, and whether a charge failed (R16).
PAY_SESSIONS = """
SELECT si.invoice_id,
       COALESCE(SUM(si.amount) FILTER (WHERE s.state = 'processing' AND s.created_at > %(as_of)s - %(flight)s), 0),
       bool_or(s.state = 'failed')
FROM invoices_paysessionitem si JOIN invoices_paysession s ON s.id = si.pay_session_id
WHERE si.customer_id = ANY(%(ids)s) AND s.state IN ('processing', 'failed') GROUP BY si.invoice_id
"""

# Invoices we mailed ourselves (R15). An uncertain delivery counts as one, a mail that came back does not.
INVOICE_MAILS = """
SELECT invoice_id, bool_or(arrived AND state IN ('accepted', 'unknown')),
       MAX(settled_at) FILTER (WHERE arrived AND state = 'accepted')
FROM (SELECT mail.invoice_id, mail.state, mail.settled_at, NOT EXISTS (
          SELECT 1 FROM customers_trackingevent e
          WHERE e.message_id <> '' AND e.message_id = mail.message_id AND e.kind IN ('bounced', 'rejected')
            AND e.happened_at < %(as_of)s::date + 1) AS arrived
      FROM invoices_documentmail mail
      WHERE mail.customer_id = ANY(%(ids)s) AND mail.kind = 'invoice' AND mail.invoice_id IS NOT NULL) AS mails
GROUP BY invoice_id
"""

# How far each claim got, at its own level: a young invoice on a stern letter has not had the stern step itself (R3).
# The one that led the letter has, whatever the step's days are by now; what was left off it at the last look has not.
# A step that the policy still has counts by its place; one of another policy, or taken out since, by the days late it
# stood for, so that the level is kept. Notices that were recalled, steps beside the ladder, and what was sent before a
# hold that asked to start again do not count.
SENT_STEPS = """
WITH step AS MATERIALIZED (
    SELECT * FROM unnest(%(step_versions)s::int[], %(step_ids)s::bigint[], %(step_positions)s::int[],
                         %(step_days)s::int[], %(step_month_ends)s::bool[])
        AS s (version, id, position, days, month_end)),
stay AS MATERIALIZED (
    SELECT * FROM unnest(%(stay_ids)s::bigint[], %(stay_currencies)s::text[], %(stay_versions)s::int[])
        AS y (customer_id, currency, version)),
restart AS MATERIALIZED (
    SELECT * FROM unnest(%(restart_ids)s::bigint[], %(restart_days)s::date[]) AS r (customer_id, since)),
sent AS (
    SELECT ni.invoice_id, ni.instalment_id, ni.days_late, n.step_id, n.step_position,
           COALESCE(n.step_offset, old.offset_days, 0) AS reached, COALESCE(n.sent_on, n.as_of) AS sent_on,
           split_part(n.cycle, '@', 1) = concat_ws('/', ni.invoice_id, ni.instalment_id) AS led,
           COALESCE(old.anchor, '') = 'broken_promise' AS beside, COALESCE(stay.version, 0) AS version,
           (date_trunc('month', ni.due_on) + interval '1 month')::date - 1 - ni.due_on AS to_month_end
    FROM dunning_noticeitem ni
    JOIN dunning_notice n ON n.id = ni.notice_id
    LEFT JOIN dunning_step old ON old.id = n.step_id
    LEFT JOIN stay ON stay.customer_id = ni.customer_id AND stay.currency = n.currency
    LEFT JOIN restart ON restart.customer_id = ni.customer_id
    WHERE ni.customer_id = ANY(%(ids)s) AND n.state IN ('accepted', 'unknown') AND n.recalled_at IS NULL
      AND n.stage <> 'apology' AND n.as_of <= %(as_of)s
      AND (restart.since IS NULL OR COALESCE(n.sent_on, n.as_of) >= restart.since)
      AND NOT COALESCE(n.decision -> 'left_off' @> CASE WHEN ni.instalment_id IS NULL THEN to_jsonb(ni.invoice_id)
              ELSE to_jsonb(concat_ws('/', ni.invoice_id, ni.instalment_id)) END, false))
SELECT sent.invoice_id, sent.instalment_id, COALESCE(MAX(step.position), 0), MAX(sent.sent_on),
       array_agg(DISTINCT sent.step_position) FILTER (WHERE sent.beside AND sent.led)
FROM sent
LEFT JOIN step AS own ON own.version = sent.version AND own.id = sent.step_id
LEFT JOIN step ON NOT sent.beside AND step.version = sent.version
     AND CASE WHEN own.id IS NOT NULL THEN step.position <= own.position
              ELSE step.days + CASE WHEN step.month_end THEN sent.to_month_end ELSE 0 END <= sent.reached END
     AND (sent.led AND own.id IS NOT NULL
          OR step.days + CASE WHEN step.month_end THEN sent.to_month_end ELSE 0 END
             <= CASE WHEN sent.led THEN sent.reached ELSE sent.days_late END)
GROUP BY sent.invoice_id, sent.instalment_id
"""

# Customers whose conversation ends as it began, with an older version of this policy.
STAYS = """
SELECT y.customer_id, y.currency, v.number, v.content FROM dunning_policystay y
JOIN dunning_policyversion v ON v.id = y.version_id
WHERE y.customer_id = ANY(%(ids)s) AND v.policy_id = %(policy)s
"""

# The letters of one run are one contact, whatever the number of currencies (R5).
LAST_NOTICES = """
SELECT DISTINCT ON (customer_id) customer_id, COALESCE(sent_on, as_of), step_name FROM dunning_notice
WHERE customer_id = ANY(%(ids)s) AND state IN ('accepted', 'unknown') AND recalled_at IS NULL AND as_of <= %(as_of)s
  AND NOT run_id = ANY(%(same_contact_runs)s)
ORDER BY customer_id, COALESCE(sent_on, as_of) DESC
"""

# A proposal of an earlier day that nobody approved is replaced by a new look; anything farther is waited for. But
# what waits for another policy that is off would wait for ever: a run replaces it, too.
IN_HAND = """
SELECT customer_id, currency, step_name, state, as_of FROM dunning_notice
WHERE customer_id = ANY(%(ids)s)
  AND (state IN ('approved', 'claimed', 'sending') OR (state = 'proposed' AND as_of >= %(as_of)s))
  AND NOT (state = 'approved' AND stage <> 'apology' AND policy_id IS DISTINCT FROM %(policy)s
           AND policy_id IN (SELECT id FROM dunning_policy WHERE NOT is_active))
"""

# Holds on the customer as a whole; one on a single person leaves the others, see `people`.
HOLDS = """
SELECT DISTINCT ON (customer_id) customer_id, reason, LEAST(ends_on, COALESCE(released_on - 1, ends_on))
FROM customers_hold
WHERE customer_id = ANY(%(ids)s) AND contact_id IS NULL AND starts_on <= %(as_of)s AND ends_on >= %(as_of)s
  AND (released_on IS NULL OR released_on > %(as_of)s)
ORDER BY customer_id, ends_on DESC
"""

# The first day after a hold that asked to start again with the first reminder.
RESTARTS = """
SELECT customer_id, MAX(LEAST(ends_on + 1, COALESCE(released_on, ends_on + 1))) FROM customers_hold
WHERE customer_id = ANY(%(ids)s) AND contact_id IS NULL AND "then" = 'restart'
  AND LEAST(ends_on + 1, COALESCE(released_on, ends_on + 1)) <= %(as_of)s
GROUP BY customer_id
"""

# A pause of the whole legal entity; the one that ends last.
ENTITY_PAUSE = """
SELECT reason, LEAST(ends_on, COALESCE(released_on - 1, ends_on)) FROM customers_entitypause
WHERE entity_id = %(entity)s AND starts_on <= %(as_of)s AND ends_on >= %(as_of)s
  AND (released_on IS NULL OR released_on > %(as_of)s)
ORDER BY 2 DESC LIMIT 1
"""

# The policy's customers that have an issued invoice, by id, after the last one seen: those whom it fits and whom no
# policy that is on and goes before it fits (lower rank, or the same and older). One look per customer into an index,
# not one over all invoices per chunk: hence LIMIT instead of EXISTS.
CHUNK = """
SELECT c.id FROM customers_customer c
WHERE c.entity_id = %(entity)s AND c.id > %(after)s AND c.id <= %(upto)s AND c.merged_into_id IS NULL
  AND ((SELECT 1 FROM invoices_invoice i WHERE i.customer_id = c.id AND i.status = 'issued' LIMIT 1) IS NOT NULL
       OR (SELECT 1 FROM customers_customer a WHERE a.merged_into_id = c.id LIMIT 1) IS NOT NULL)
  AND (%(strategy)s = '' OR c.strategy = %(strategy)s)
  AND (%(segment)s::bigint IS NULL OR EXISTS (
      SELECT 1 FROM customers_segmentmember m
      WHERE m.segment_id = %(segment)s AND m.customer_id = c.id AND m.until IS NULL))
  AND NOT EXISTS (
      SELECT 1 FROM dunning_policy other
      WHERE other.entity_id = %(entity)s AND other.is_active AND (other.rank, other.id) < (%(rank)s, %(policy)s)
        AND (other.strategy = '' OR other.strategy = c.strategy)
        AND (other.segment_id IS NULL OR EXISTS (
            SELECT 1 FROM customers_segmentmember m
            WHERE m.segment_id = other.segment_id AND m.customer_id = c.id AND m.until IS NULL)))
ORDER BY c.id LIMIT %(size)s
"""

# The policy of each customer: of those that are on and fit, the first in rank; the older of equals.
POLICIES_OF = """
SELECT DISTINCT ON (c.id) c.id, p.id FROM customers_customer c
JOIN dunning_policy p ON p.entity_id = c.entity_id AND p.is_active AND (p.strategy = '' OR p.strategy = c.strategy)
 AND (p.segment_id IS NULL OR EXISTS (
     SELECT 1 FROM customers_segmentmember m
     WHERE m.segment_id = p.segment_id AND m.customer_id = c.id AND m.until IS NULL))
WHERE c.id = ANY(%(ids)s) ORDER BY c.id, p.rank, p.id
"""
