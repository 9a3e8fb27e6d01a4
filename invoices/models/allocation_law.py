"""The law of allocations, as the text of a trigger. Only `invoices.models.allocation` uses it; it holds for every row,
whoever writes it, and no code path may switch it off."""

# ruff: noqa: S608 (only constants of this file are put into the SQL)

# It is checked per statement, so that it holds for one row and for COPY alike. It locks the documents
# on both ends first: two connections that race for one payment wait for each other here, and the second one's sum sees
# the first one's rows. NO KEY UPDATE does not collide with the key share locks that foreign keys take.
_BOTH_ENDS = """added a
        LEFT JOIN invoices_payment p ON p.id = a.payment_id
        LEFT JOIN invoices_creditnote c ON c.id = a.credit_note_id
        LEFT JOIN invoices_adjustment d ON d.id = a.adjustment_id
        LEFT JOIN invoices_invoice i ON i.id = a.invoice_id
        LEFT JOIN invoices_refund r ON r.id = a.refund_id"""


def _law(select: str, message: str, name: str) -> str:
    """A query for one offending id, and the exception when there is one."""
    return f"""
    {select} LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION '{message}', offender USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';
    END IF;"""


def _within(table: str, column: str, whole: str, noun: str, name: str) -> str:
    """On no day may more be allocated than there is, nor less than nothing: running sums by effective day, which at the
    last day are the sums of everything."""
    return _law(
        f"""SELECT s.id INTO offender FROM (
            SELECT t.id, t.{whole} AS whole, SUM(a.amount) OVER (PARTITION BY t.id ORDER BY a.effective_on) AS used
            FROM {table} t JOIN invoices_allocation a ON a.{column} = t.id
            WHERE t.id IN (SELECT {column} FROM added)) s
        WHERE s.used > s.whole OR s.used < 0""",
        f"{noun} %: allocations would exceed the {noun} on some day",
        name,
    )


ALLOCATION_LAW = (
    """
    PERFORM 1 FROM invoices_payment WHERE id IN (SELECT payment_id FROM added) ORDER BY id FOR NO KEY UPDATE;
    PERFORM 1 FROM invoices_creditnote WHERE id IN (SELECT credit_note_id FROM added) ORDER BY id FOR NO KEY UPDATE;
    PERFORM 1 FROM invoices_adjustment WHERE id IN (SELECT adjustment_id FROM added) ORDER BY id FOR NO KEY UPDATE;
    PERFORM 1 FROM invoices_invoice WHERE id IN (SELECT invoice_id FROM added) ORDER BY id FOR NO KEY UPDATE;
    PERFORM 1 FROM invoices_refund WHERE id IN (SELECT refund_id FROM added) ORDER BY id FOR NO KEY UPDATE;"""
    + _law(
        f"""SELECT a.id INTO offender FROM {_BOTH_ENDS}
        WHERE a.customer_id IS DISTINCT FROM COALESCE(p.customer_id, c.customer_id, d.customer_id)
           OR a.currency IS DISTINCT FROM COALESCE(p.currency, c.currency, d.currency)
           OR a.currency IS DISTINCT FROM COALESCE(i.currency, r.currency)
           OR (a.customer_id IS DISTINCT FROM COALESCE(i.customer_id, r.customer_id) AND
               (SELECT COALESCE(merged_into_id, id) FROM customers_customer WHERE id = a.customer_id) IS DISTINCT FROM
               (SELECT COALESCE(merged_into_id, id) FROM customers_customer
                WHERE id = COALESCE(i.customer_id, r.customer_id)))""",
        "allocation %: customer and currency must be the same on both ends",
        "allocation_same_customer_and_currency",
    )
    + _law(
        f"""SELECT a.id INTO offender FROM {_BOTH_ENDS}
        WHERE COALESCE(p.entity_id, c.entity_id, d.entity_id) IS DISTINCT FROM COALESCE(i.entity_id, r.entity_id)""",
        "allocation %: the legal entity must be the same on both ends",
        "allocation_same_entity",
    )
    + _law(
        f"""SELECT a.id INTO offender FROM {_BOTH_ENDS}
        WHERE COALESCE(c.status, 'issued') <> 'issued' OR COALESCE(i.status, 'issued') <> 'issued'""",
        "allocation %: drafts and voided documents cannot be allocated",
        "allocation_to_issued_documents",
    )
    + _law(
        f"""SELECT a.id INTO offender FROM {_BOTH_ENDS}
        WHERE a.effective_on < COALESCE(p.received_on, c.issued_on, d.effective_on)
           OR a.effective_on < COALESCE(i.issued_on, r.paid_on)""",
        "allocation %: it takes effect before one of its documents was there",
        "allocation_not_before_its_documents",
    )
    + _law(
        """SELECT a.id INTO offender FROM added a JOIN invoices_allocation o ON o.id = a.reverses_id
        WHERE o.reverses_id IS NOT NULL OR a.amount <> -o.amount OR a.effective_on < o.effective_on
           OR (a.payment_id, a.credit_note_id, a.adjustment_id, a.invoice_id, a.instalment_id, a.refund_id)
              IS DISTINCT FROM
              (o.payment_id, o.credit_note_id, o.adjustment_id, o.invoice_id, o.instalment_id, o.refund_id)""",
        "allocation %: a reversal mirrors the allocation it reverses, once and not earlier",
        "allocation_reversal_mirrors",
    )
    + _law(
        """SELECT a.id INTO offender FROM added a JOIN invoices_instalment t ON t.id = a.instalment_id
        WHERE t.invoice_id IS DISTINCT FROM a.invoice_id""",
        "allocation %: the instalment belongs to another invoice",
        "allocation_to_its_instalment",
    )
    + _within("invoices_payment", "payment_id", "amount", "payment", "allocation_within_payment")
    + _within("invoices_creditnote", "credit_note_id", "total", "credit note", "allocation_within_credit_note")
    + _within("invoices_adjustment", "adjustment_id", "amount", "adjustment", "allocation_within_adjustment")
    + _within("invoices_invoice", "invoice_id", "total", "invoice", "allocation_within_invoice")
    + _within("invoices_instalment", "instalment_id", "amount", "instalment", "allocation_within_instalment")
    + _within("invoices_refund", "refund_id", "amount", "refund", "allocation_within_refund")
    + """
    RETURN NULL;
"""
)
