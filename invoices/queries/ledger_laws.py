"""The laws of the books, each as one statement that returns the rows that break it. `verify_ledger` runs them.

The names I1 to I4 are the invariants the scenarios are checked against. Constraints and triggers should make every
answer empty; these find what a superuser or a broken restore did behind their back."""

# ruff: noqa: S608 (only constants of this file are put into the SQL)

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Law:
    """One law: its code, a sentence, and SQL that selects (row label, detail) of what breaks it."""

    code: str
    sentence: str
    sql: str


def _within(table: str, column: str, whole: str) -> str:
    """Rows of the table whose allocations on some day exceed them or fall below nothing: running sums by day."""
    return f"""SELECT 'invoices.{table} ' || s.id, 'on ' || s.day || ': ' || s.used || ' of ' || s.whole FROM (
            SELECT t.id, t.{whole} AS whole, a.effective_on AS day,
                   SUM(a.amount) OVER (PARTITION BY t.id ORDER BY a.effective_on) AS used
            FROM invoices_{table} t JOIN invoices_allocation a ON a.{column} = t.id) s
        WHERE s.used > s.whole OR s.used < 0 ORDER BY s.id, s.day"""


_BOTH_ENDS = """invoices_allocation a
           LEFT JOIN invoices_payment p ON p.id = a.payment_id
           LEFT JOIN invoices_creditnote c ON c.id = a.credit_note_id
           LEFT JOIN invoices_adjustment d ON d.id = a.adjustment_id
           LEFT JOIN invoices_invoice i ON i.id = a.invoice_id LEFT JOIN invoices_refund r ON r.id = a.refund_id"""

LAWS = (
    Law(
        "i1_open_within_total",
        "On every day, an invoice's allocations lie between zero and its total.",
        _within("invoice", "invoice_id", "total"),
    ),
    Law(
        "i1_instalment_within_amount",
        "On every day, what is put against one instalment lies between zero and its amount.",
        _within("instalment", "instalment_id", "amount"),
    ),
    Law(
        "i2_unapplied_not_negative",
        "On every day, a payment's allocations lie between zero and its amount.",
        _within("payment", "payment_id", "amount"),
    ),
    Law(
        "i2_open_credit_not_negative",
        "On every day, a credit note's allocations lie between zero and its total.",
        _within("creditnote", "credit_note_id", "total"),
    ),
    Law(
        "i2_adjustment_within_amount",
        "On every day, an adjustment's allocations lie between zero and its amount.",
        _within("adjustment", "adjustment_id", "amount"),
    ),
    Law(
        "allocation_same_sides",
        "Both ends of an allocation belong to its customer's account and have its currency.",
        f"""SELECT 'invoices.allocation ' || a.id, 'customer ' || a.customer_id || ', ' || a.currency FROM {_BOTH_ENDS}
           JOIN customers_customer x ON x.id = a.customer_id
           JOIN customers_customer y ON y.id = COALESCE(i.customer_id, r.customer_id)
           WHERE (a.customer_id, a.currency) IS DISTINCT FROM (COALESCE(p.customer_id, c.customer_id, d.customer_id),
                  COALESCE(p.currency, c.currency, d.currency)::varchar)
              OR a.currency IS DISTINCT FROM COALESCE(i.currency, r.currency)
              OR COALESCE(x.merged_into_id, x.id) <> COALESCE(y.merged_into_id, y.id)""",
    ),
    Law(
        "allocation_same_entity",
        "Both ends of an allocation belong to one legal entity.",
        f"""SELECT 'invoices.allocation ' || a.id, 'from ' || COALESCE(p.entity_id, c.entity_id, d.entity_id)
                  || ' to ' || COALESCE(i.entity_id, r.entity_id) FROM {_BOTH_ENDS}
           WHERE COALESCE(p.entity_id, c.entity_id, d.entity_id) <> COALESCE(i.entity_id, r.entity_id)""",
    ),
    Law(
        "allocation_not_before_its_documents",
        "An allocation takes effect when both its documents are there, or later.",
        f"""SELECT 'invoices.allocation ' || a.id, 'effective ' || a.effective_on FROM {_BOTH_ENDS}
           WHERE a.effective_on < COALESCE(p.received_on, c.issued_on, d.effective_on)
              OR a.effective_on < COALESCE(i.issued_on, r.paid_on)""",
    ),
    Law(
        "reversal_mirrors",
        "A reversal has the opposite amount of what it reverses, the same ends, and a day that is not earlier.",
        """SELECT 'invoices.allocation ' || a.id, 'reverses ' || a.reverses_id FROM invoices_allocation a
           JOIN invoices_allocation o ON o.id = a.reverses_id
           WHERE a.amount <> -o.amount OR a.effective_on < o.effective_on OR o.reverses_id IS NOT NULL
              OR (a.customer_id, a.payment_id, a.credit_note_id, a.adjustment_id, a.invoice_id, a.instalment_id,
                  a.refund_id) IS DISTINCT FROM
                 (o.customer_id, o.payment_id, o.credit_note_id, o.adjustment_id, o.invoice_id, o.instalment_id,
                  o.refund_id)""",
    ),
    Law(
        "instalments_sum_to_total",
        "The instalments of an invoice add up to its total.",
        """SELECT 'invoices.invoice ' || i.id, 'total ' || i.total || ', instalments ' || s.amount
           FROM invoices_invoice i JOIN (SELECT invoice_id, SUM(amount) AS amount FROM invoices_instalment
                GROUP BY invoice_id) s ON s.invoice_id = i.id WHERE s.amount <> i.total""",
    ),
    Law(
        "i3_control_account",
        "Per customer and currency, open items less unapplied money equal documents less money.",
        """SELECT 'customers.customer ' || customer_id, currency || ' differs by ' || SUM(amount) FROM (
             SELECT COALESCE(k.merged_into_id, k.id) AS customer_id, t.currency, t.amount FROM (
             SELECT customer_id, currency, total - COALESCE((SELECT SUM(amount) FROM invoices_allocation a
                    WHERE a.invoice_id = i.id), 0) AS amount FROM invoices_invoice i WHERE status = 'issued'
             UNION ALL SELECT customer_id, currency, -(total - COALESCE((SELECT SUM(amount) FROM invoices_allocation a
                    WHERE a.credit_note_id = c.id), 0)) FROM invoices_creditnote c WHERE status = 'issued'
             UNION ALL SELECT customer_id, currency, -(amount - COALESCE((SELECT SUM(amount) FROM invoices_allocation a
                    WHERE a.payment_id = p.id), 0)) FROM invoices_payment p
             UNION ALL SELECT customer_id, currency, -total FROM invoices_invoice WHERE status = 'issued'
             UNION ALL SELECT customer_id, currency, total FROM invoices_creditnote WHERE status = 'issued'
             UNION ALL SELECT customer_id, currency, amount FROM invoices_payment
             UNION ALL SELECT customer_id, currency, amount FROM invoices_allocation WHERE adjustment_id IS NOT NULL
                    AND invoice_id IS NOT NULL
             UNION ALL SELECT customer_id, currency, -amount FROM invoices_allocation WHERE refund_id IS NOT NULL
                    AND adjustment_id IS NULL
             ) t JOIN customers_customer k ON k.id = t.customer_id
           ) u GROUP BY customer_id, currency HAVING SUM(amount) <> 0""",
    ),
    Law(
        "refund_fully_used",
        "A refund equals the payments and credits it gave back, or all of it was taken back.",
        """SELECT 'invoices.refund ' || r.id, 'amount ' || r.amount || ', given back ' || s.amount
           FROM invoices_refund r CROSS JOIN LATERAL (SELECT COALESCE(SUM(amount), 0) AS amount,
                COUNT(*) AS rows FROM invoices_allocation a WHERE a.refund_id = r.id) s
           WHERE s.amount <> r.amount AND NOT (s.amount = 0 AND s.rows > 0)""",
    ),
    Law(
        "adjustment_fully_used",
        "An adjustment lowers invoices by its whole amount, or all of it was taken back.",
        """SELECT 'invoices.adjustment ' || d.id, 'amount ' || d.amount || ', in force ' || s.amount
           FROM invoices_adjustment d CROSS JOIN LATERAL (SELECT COALESCE(SUM(amount), 0) AS amount,
                COUNT(*) AS rows FROM invoices_allocation a WHERE a.adjustment_id = d.id) s
           WHERE s.amount <> d.amount AND NOT (s.amount = 0 AND s.rows > 0)""",
    ),
    Law(
        "four_eyes",
        "What was posted after an approval is what a second person approved.",
        """SELECT 'invoices.approval ' || v.id, v.state || ', asked by ' || v.requested_by_id
           FROM invoices_approval v LEFT JOIN invoices_adjustment d ON d.approval_id = v.id
           WHERE (v.state = 'posted' AND (v.decided_by_id IS NULL OR v.decided_by_id = v.requested_by_id))
              OR (d.id IS NOT NULL AND (v.state <> 'posted' OR d.amount <> v.amount OR d.currency <> v.currency
                                        OR d.customer_id <> v.customer_id))""",
    ),
    Law(
        "exchange_adds_up",
        "The two ends of an exchange belong to one customer and come to each other at its rate.",
        """SELECT 'invoices.exchange ' || x.id, r.amount || ' ' || r.currency || ' at ' || x.rate || ' is not '
                  || p.amount || ' ' || p.currency
           FROM invoices_exchange x JOIN invoices_refund r ON r.id = x.refund_id
           JOIN invoices_payment p ON p.id = x.payment_id
           WHERE r.kind <> 'exchange' OR p.method <> 'exchange' OR r.customer_id <> p.customer_id
              OR r.entity_id <> p.entity_id OR r.currency = p.currency OR ABS(r.amount * x.rate - p.amount) > 0.5""",
    ),
    Law(
        "displacement_same_target",
        "What gave way to a refund, or came back, lies where the allocation it stands for lay.",
        """SELECT 'invoices.displacement ' || d.id, 'allocation ' || d.allocation_id || ' for ' || d.original_id
           FROM invoices_displacement d JOIN invoices_allocation o ON o.id = d.original_id
           JOIN invoices_allocation a ON a.id = d.allocation_id
           WHERE (a.payment_id, a.invoice_id, a.instalment_id) IS DISTINCT FROM
                 (o.payment_id, o.invoice_id, o.instalment_id)""",
    ),
    Law(
        "bank_line_within_amount",
        "What stands posted for a bank line is not more than the line.",
        """SELECT 'invoices.bankline ' || l.id, 'amount ' || l.amount || ', posted ' || s.amount
           FROM invoices_bankline l JOIN (
                SELECT b.line_id, SUM(COALESCE(p.amount, r.amount)) AS amount FROM invoices_bankposting b
                LEFT JOIN invoices_payment p ON p.id = b.payment_id LEFT JOIN invoices_refund r ON r.id = b.refund_id
                WHERE b.undone_at IS NULL GROUP BY b.line_id) s ON s.line_id = l.id
           WHERE s.amount > ABS(l.amount)""",
    ),
    Law(
        "undone_posting_cleared",
        "Money of a bank posting that was undone is off its customer, whole: its line may stand posted elsewhere.",
        """SELECT 'invoices.bankposting ' || b.id, 'payment ' || p.id || ' of ' || p.amount || ', cleared ' || s.amount
           FROM invoices_bankposting b JOIN invoices_payment p ON p.id = b.payment_id
           CROSS JOIN LATERAL (SELECT COALESCE(SUM(a.amount), 0) AS amount FROM invoices_allocation a
                JOIN invoices_refund r ON r.id = a.refund_id WHERE a.payment_id = p.id AND r.kind = 'clearing') s
           WHERE b.undone_at IS NOT NULL AND s.amount <> p.amount""",
    ),
    Law(
        "exchanged_money_once",
        "Exchanged money is here in one currency: undoing the exchange uses up what it had become.",
        """SELECT 'invoices.exchange ' || x.id, 'undone, yet payment ' || p.id || ' holds ' || p.amount - s.amount
           FROM invoices_exchange x JOIN invoices_payment p ON p.id = x.payment_id
           CROSS JOIN LATERAL (SELECT COALESCE(SUM(a.amount), 0) AS amount FROM invoices_allocation a
                WHERE a.refund_id = x.refund_id) given
           CROSS JOIN LATERAL (SELECT COALESCE(SUM(a.amount), 0) AS amount FROM invoices_allocation a
                JOIN invoices_refund r ON r.id = a.refund_id WHERE a.payment_id = p.id AND r.kind = 'exchange') s
           WHERE given.amount = 0 AND s.amount <> p.amount""",
    ),
    Law(
        "merges_agree",
        "A customer belongs to the account of its latest merge.",
        """SELECT 'customers.customer ' || c.id, 'is with ' || COALESCE(c.merged_into_id::text, 'itself')
                  || ', merged into ' || COALESCE(m.survivor_id::text, 'none')
           FROM customers_customer c LEFT JOIN (SELECT DISTINCT ON (absorbed_id) absorbed_id, survivor_id
                FROM customers_customermerge ORDER BY absorbed_id, merged_on DESC, id DESC) m ON m.absorbed_id = c.id
           WHERE c.merged_into_id IS DISTINCT FROM m.survivor_id""",
    ),
    Law(
        "snapshot_buckets_sum",
        "The buckets of an aging snapshot add up to its total.",
        """SELECT 'invoices.agingsnapshot ' || id, 'total ' || total FROM invoices_agingsnapshot
           WHERE not_due + days_1_30 + days_31_60 + days_61_90 + days_91_120 + days_over_120 <> total""",
    ),
)
