"""The statements behind the facts, second half: promises, disputes, contacts, holds. They read; deciding is the rule's.

Parameters and merged customers are as in `facts_sql`."""

from worklist.queries.facts_sql import scoped

# Broken (or only partly kept) promises of late that no newer promise on the same invoice has answered (P6), and plans
# in default, which are a broken word as well: somebody asks why (P7).
BROKEN = scoped("""
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
PROMISES = scoped("""
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

DISPUTES = scoped("""
SELECT customer_id, MIN(answer_by) FROM invoices_dispute
WHERE opened_on <= %(on)s AND (closed_on IS NULL OR closed_on > %(on)s) AND MINE(customer_id)
GROUP BY customer_id
""")

# A call step waits until somebody called; a mail is unknown until somebody looked; the stage is the last notice's. What
# was recalled counts no more, and an apology is no stage.
NOTICES = scoped("""
SELECT n.customer_id,
       MAX(n.step_name) FILTER (WHERE n.channel = 'call_task' AND n.state = 'accepted' AND NOT EXISTS (
           SELECT 1 FROM worklist_activity t WHERE t.customer_id = n.customer_id AND t.kind = 'call'
             AND t.undone_at IS NULL AND t.happened_on BETWEEN n.as_of AND %(on)s)),
       MAX(n.as_of) FILTER (WHERE n.state = 'unknown'),
       MAX(n.as_of) FILTER (WHERE n.state = 'accepted' AND n.channel <> 'call_task'),
       (ARRAY_AGG(n.stage ORDER BY n.as_of DESC, n.id DESC)
           FILTER (WHERE n.state IN ('accepted', 'unknown') AND n.stage NOT IN ('apology', '')))[1]
FROM (
    SELECT id, customer_id, channel, state, as_of, step_name, stage FROM dunning_notice
    WHERE as_of <= %(on)s AND recalled_at IS NULL AND MINE(customer_id)
    UNION ALL
    SELECT id, customer_id, channel, state, as_of, '', '' FROM dunning_ownmessage
    WHERE state = 'unknown' AND as_of <= %(on)s AND MINE(customer_id)
) n GROUP BY n.customer_id
""")

CONTACTS_MADE = scoped("""
SELECT DISTINCT ON (customer_id) customer_id, happened_on, kind FROM (
    SELECT customer_id, happened_on, kind, id FROM worklist_activity
    WHERE undone_at IS NULL AND happened_on <= %(on)s AND MINE(customer_id)
      AND (kind = 'mail' OR (kind = 'call' AND outcome IN ('reached', 'voicemail', 'call_back', 'refused')))
    UNION ALL
    SELECT customer_id, sent_on, 'mail', id FROM dunning_ownmessage
    WHERE state IN ('accepted', 'unknown') AND sent_on <= %(on)s AND MINE(customer_id)
) made ORDER BY customer_id, happened_on DESC, kind, id DESC
""")

# A later call without a date of its own answers an earlier follow-up; one that was ticked off is none.
FOLLOW_UPS = scoped("""
SELECT customer_id, follow_up_on FROM (
    SELECT DISTINCT ON (customer_id) customer_id, follow_up_on, follow_up_done_on FROM worklist_activity
    WHERE undone_at IS NULL AND happened_on <= %(on)s AND (kind = 'call' OR follow_up_on IS NOT NULL)
      AND MINE(customer_id)
    ORDER BY customer_id, at DESC, id DESC
) latest WHERE follow_up_on IS NOT NULL AND (follow_up_done_on IS NULL OR follow_up_done_on > %(on)s)
""")

HOLDS = scoped("""
SELECT DISTINCT ON (customer_id) customer_id, reason, ends_on FROM customers_hold
WHERE starts_on <= %(on)s AND ends_on >= %(on)s AND (released_on IS NULL OR released_on > %(on)s)
  AND contact_id IS NULL AND MINE(customer_id)
ORDER BY customer_id, ends_on DESC
""")

# Whether anybody can be reached, and whether every mailbox bounced or its reader complained (D36, D37).
REACHABLE = scoped("""
SELECT customer_id, bool_or(health = 'ok' AND (email <> '' OR phone <> '' OR mobile <> '')),
       bool_or(email <> '' AND health IN ('bounced', 'complained')) AND NOT bool_or(email <> '' AND health = 'ok')
FROM customers_contact WHERE MINE(customer_id) GROUP BY customer_id
""")

# Calls and mails of a year by day, and which of them were followed by a payment, promise, dispute or mail of the
# customer within two weeks; and the first contact of a quarter after which nothing of the kind has come yet. What came
# afterwards did not have to come because of it; a day counts as one contact of its kind.
REACTIONS = scoped("""
WITH touch AS MATERIALIZED (
    SELECT customer_id, happened_on AS day, kind FROM worklist_activity
    WHERE undone_at IS NULL AND happened_on BETWEEN %(on)s::date - 365 AND %(on)s AND MINE(customer_id)
      AND (kind = 'mail' OR (kind = 'call' AND outcome IN ('reached', 'voicemail', 'call_back', 'refused')))
    UNION ALL
    SELECT customer_id, as_of, 'mail' FROM dunning_notice
    WHERE state = 'accepted' AND channel <> 'call_task' AND recalled_at IS NULL
      AND as_of BETWEEN %(on)s::date - 365 AND %(on)s AND MINE(customer_id)
    UNION ALL
    SELECT customer_id, sent_on, 'mail' FROM dunning_ownmessage
    WHERE state = 'accepted' AND sent_on BETWEEN %(on)s::date - 365 AND %(on)s AND MINE(customer_id)
), answer AS (
    SELECT customer_id, received_on AS day FROM invoices_payment
    WHERE received_on BETWEEN %(on)s::date - 365 AND %(on)s AND MINE(customer_id)
    UNION ALL
    SELECT customer_id, made_on FROM invoices_promise
    WHERE made_on BETWEEN %(on)s::date - 365 AND %(on)s AND MINE(customer_id)
    UNION ALL
    SELECT customer_id, opened_on FROM invoices_dispute
    WHERE opened_on BETWEEN %(on)s::date - 365 AND %(on)s AND MINE(customer_id)
    UNION ALL
    SELECT customer_id, received_at::date FROM dunning_inboundmessage
    WHERE kind = 'person' AND received_at::date BETWEEN %(on)s::date - 365 AND %(on)s AND MINE(customer_id)
), said AS (
    SELECT customer_id, day, kind FROM touch
    UNION ALL
    SELECT customer_id, day, 'answer' FROM answer WHERE customer_id IN (SELECT customer_id FROM touch)
), looked AS (
    SELECT customer_id, day, kind, MAX(day) FILTER (WHERE kind = 'answer') OVER (PARTITION BY customer_id) AS last,
           COUNT(*) FILTER (WHERE kind = 'answer') OVER (PARTITION BY customer_id ORDER BY day
               RANGE BETWEEN '1 day' FOLLOWING AND '14 days' FOLLOWING) > 0 AS answered
    FROM said
)
SELECT customer_id,
       COUNT(DISTINCT day) FILTER (WHERE kind = 'call' AND day <= %(on)s::date - 14),
       COUNT(DISTINCT day) FILTER (WHERE kind = 'call' AND day <= %(on)s::date - 14 AND answered),
       COUNT(DISTINCT day) FILTER (WHERE kind = 'mail' AND day <= %(on)s::date - 14),
       COUNT(DISTINCT day) FILTER (WHERE kind = 'mail' AND day <= %(on)s::date - 14 AND answered),
       MIN(day) FILTER (WHERE kind <> 'answer' AND day > COALESCE(last, '-infinity') AND day > %(on)s::date - 90)
FROM looked GROUP BY customer_id
""")
