"""The law of bank postings, as the text of a trigger. Only `invoices.models.matching` uses it.

Checked per statement. It locks the lines first: two connections that post one line at the same time wait for each other
here, and the second one's sum sees the first one's rows."""

POSTING_LAW = """
    PERFORM 1 FROM invoices_bankline WHERE id IN (SELECT line_id FROM added) ORDER BY id FOR NO KEY UPDATE;
    SELECT a.line_id INTO offender FROM added a JOIN invoices_bankline l ON l.id = a.line_id
        JOIN invoices_bankaccount k ON k.id = l.account_id
        LEFT JOIN invoices_payment p ON p.id = a.payment_id LEFT JOIN invoices_refund r ON r.id = a.refund_id
        WHERE (l.amount > 0) IS DISTINCT FROM (a.payment_id IS NOT NULL)
           OR l.currency IS DISTINCT FROM COALESCE(p.currency, r.currency)
           OR k.entity_id IS DISTINCT FROM COALESCE(p.entity_id, r.entity_id) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'bank line %: its posting has another direction, currency or legal entity', offender
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bank_posting_as_its_line';
    END IF;
    SELECT l.id INTO offender FROM invoices_bankline l JOIN invoices_bankposting b ON b.line_id = l.id
        LEFT JOIN invoices_payment p ON p.id = b.payment_id LEFT JOIN invoices_refund r ON r.id = b.refund_id
        WHERE b.undone_at IS NULL AND l.id IN (SELECT line_id FROM added)
        GROUP BY l.id HAVING SUM(COALESCE(p.amount, r.amount)) > ABS(l.amount) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'bank line %: more would be posted than it holds', offender
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bank_posting_within_line';
    END IF;
    RETURN NULL;
"""
