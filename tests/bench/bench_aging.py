"""B1 and B2: aging per customer, today and on a past day, against one statement written by hand over the same rows.

Both answer the same question in full: invoices, open credits, unapplied cash, six buckets. Ours also counts documents,
looks for instalments, merges, disputes, plans and promises, and makes typed rows. On the past day of B2 most of what
was paid since is open again. Data: a tenth as many customers as open invoices, as many paid ones beside them,
every third open invoice paid in part. SIZE=L measures up to a million."""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date
from math import log
from typing import Any

from django.db import connection, transaction

from collections_app.accounts.models import Team
from customers.models import LegalEntity
from invoices.queries.aging import aging_of
from invoices.queries.aging_sql import AgingScope

AS_OF = date(2026, 3, 2)
PAST = date(2025, 12, 31)
ROUNDS, ROUNDS_OF_MANY = 9, 5  # from 300,000 on each round is long enough to be steady

_CUSTOMERS = """
INSERT INTO customers_customer (id, number, name, entity_id, kind, currency, language, country, holiday_region,
    time_zone, address, vat_id, risk_class, autopay, is_related_party, tags)
SELECT n, 'B' || n, 'Bench ' || n, %(entity)s, 'business', 'EUR', '', '', '', '', '', '', '', false, false,
    '{}'::text[]
FROM generate_series(1, %(customers)s) AS n
"""
# Invoices 1 … open are open, the rest paid in full; due dates spread over 200 days, 40 of them still to come.
_INVOICES = """
INSERT INTO invoices_invoice (id, entity_id, customer_id, kind, number, status, issued_on, due_on, currency, total)
SELECT n, %(entity)s, n %% %(customers)s + 1, 'invoice', 'R' || n, 'issued', %(as_of)s::date - 190 - n %% 7,
    %(as_of)s::date - 160 + n %% 200, 'EUR', 10 + n::bigint * 7919 %% 500000 / 100.0
FROM generate_series(1, 2 * %(open)s) AS n
"""
_PAYMENTS = """
INSERT INTO invoices_payment (id, entity_id, customer_id, currency, amount, received_on, method)
SELECT id, entity_id, customer_id, currency, total, %(as_of)s::date - id::int %% 90, 'transfer'
FROM invoices_invoice WHERE id > %(open)s OR id %% 3 = 0
"""
_ALLOCATIONS = """
INSERT INTO invoices_allocation (customer_id, payment_id, invoice_id, currency, amount, effective_on)
SELECT p.customer_id, p.id, p.id, p.currency, CASE WHEN p.id > %(open)s THEN p.amount ELSE 5 END, p.received_on
FROM invoices_payment AS p
"""
_CREDIT_NOTES = """
INSERT INTO invoices_creditnote (entity_id, customer_id, number, status, issued_on, due_on, currency, total)
SELECT %(entity)s, n, 'K' || n, 'issued', %(as_of)s::date - 20, %(as_of)s::date - 20, 'EUR', 12.50
FROM generate_series(1, %(customers)s, 5) AS n
"""
_BY_HAND = """
WITH item AS (
    SELECT i.customer_id, i.currency, %(as_of)s::date - i.due_on AS days, i.total - COALESCE(a.amount, 0) AS open
    FROM invoices_invoice i LEFT JOIN (
        SELECT invoice_id, SUM(amount) AS amount FROM invoices_allocation
        WHERE invoice_id IS NOT NULL AND effective_on <= %(as_of)s GROUP BY invoice_id) a ON a.invoice_id = i.id
    WHERE i.status = 'issued' AND i.issued_on <= %(as_of)s AND i.total > COALESCE(a.amount, 0)
    UNION ALL
    SELECT c.customer_id, c.currency, %(as_of)s::date - c.due_on, COALESCE(a.amount, 0) - c.total
    FROM invoices_creditnote c LEFT JOIN (
        SELECT credit_note_id, SUM(amount) AS amount FROM invoices_allocation
        WHERE credit_note_id IS NOT NULL AND effective_on <= %(as_of)s GROUP BY credit_note_id) a
        ON a.credit_note_id = c.id
    WHERE c.status = 'issued' AND c.issued_on <= %(as_of)s AND c.total > COALESCE(a.amount, 0)
    UNION ALL
    SELECT p.customer_id, p.currency, %(as_of)s::date - p.received_on, COALESCE(a.amount, 0) - p.amount
    FROM invoices_payment p LEFT JOIN (
        SELECT payment_id, SUM(amount) AS amount FROM invoices_allocation
        WHERE payment_id IS NOT NULL AND effective_on <= %(as_of)s GROUP BY payment_id) a ON a.payment_id = p.id
    WHERE p.received_on <= %(as_of)s AND p.amount > COALESCE(a.amount, 0))
SELECT customer_id, currency, SUM(open) FILTER (WHERE days <= 0), SUM(open) FILTER (WHERE days BETWEEN 1 AND 30),
    SUM(open) FILTER (WHERE days BETWEEN 31 AND 60), SUM(open) FILTER (WHERE days BETWEEN 61 AND 90),
    SUM(open) FILTER (WHERE days BETWEEN 91 AND 120), SUM(open) FILTER (WHERE days > 120), SUM(open)
FROM item GROUP BY customer_id, currency
"""


def measure() -> Iterator[dict[str, Any]]:
    """One line per size and measure, smallest first, then the exponents of the cost (1 is linear)."""
    sizes = (100_000, 300_000, 1_000_000) if os.environ.get("SIZE") == "L" else (25_000, 50_000, 100_000)
    lines: dict[str, list[dict[str, Any]]] = {}
    for size in sizes:
        with transaction.atomic():
            _fill(size)
            for name, as_of in (("B1 aging per customer", AS_OF), ("B2 aging per customer on a past day", PAST)):
                lines.setdefault(name, []).append(_measured(name, size, as_of))
                yield lines[name][-1]
            transaction.set_rollback(True)
    for name, (first, *_, last) in lines.items():
        exponent = log(last["seconds"] / first["seconds"]) / log(last["n"] / first["n"])
        yield {"name": f"{name}, exponent", "n": last["n"], "exponent": round(exponent, 2)}


def _measured(name: str, size: int, as_of: date) -> dict[str, Any]:
    rounds = ROUNDS if size < 300_000 else ROUNDS_OF_MANY
    # By turns, so that a noisy machine moves both.
    pairs = [(_seconds(lambda: _by_hand(as_of)), _seconds(lambda: _ours(as_of))) for _ in range(rounds)]
    baseline, ours = (statistics.median(times) for times in zip(*pairs, strict=True))
    return {
        "name": name,
        "n": size,
        "seconds": round(ours, 4),
        "per_second": round(size / ours),
        "baseline": round(baseline, 4),
        "ratio": round(ours / baseline, 3),
    }


def _seconds(run: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def _ours(as_of: date) -> None:
    aging_of(AgingScope(as_of))


def _by_hand(as_of: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_BY_HAND, {"as_of": as_of})
        cursor.fetchall()


def _fill(open_invoices: int) -> None:
    entity = LegalEntity.objects.create(
        code="BENCH", name="Bench", team=Team.objects.create(name="Bench"), currency="EUR", country="DE",
        holiday_region="DE", time_zone="Europe/Berlin",
    )  # fmt: skip
    params: dict[str, Any] = {
        "entity": entity.pk,
        "open": open_invoices,
        "customers": open_invoices // 10,
        "as_of": AS_OF,
    }
    with connection.cursor() as cursor:
        # The rows obey the laws by construction; checking them again is not what is measured.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in (_CUSTOMERS, _INVOICES, _PAYMENTS, _ALLOCATIONS, _CREDIT_NOTES):
            cursor.execute(statement, params)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        cursor.execute("ANALYZE customers_customer, invoices_invoice, invoices_creditnote, invoices_payment")
        cursor.execute("ANALYZE invoices_allocation")
        cursor.execute("SELECT COUNT(*) FROM invoices_invoice WHERE due_on < issued_on")
        assert cursor.fetchone()[0] == 0
