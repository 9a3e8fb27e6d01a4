"""B5: the dunning plan for 10,000 customers with 100,000 open items: facts read, decided, notices, items and every
decision written; against one INSERT … SELECT by hand that writes a notice per customer and its items without deciding
anything; and two worker processes that share the plan against one. B7: the rule alone, for one customer with ten items.
SIZE=L plans ten times as many."""

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from math import log
from typing import Any

from django.db import connection, transaction

from collections_app.accounts.models import Team
from customers.models import BusinessClock, LegalEntity
from dunning.models import Policy, Run
from dunning.rules.decide import decide
from dunning.rules.facts import Account, OpenItem, Pause, PolicyFacts, StepFacts
from dunning.services.install_policy import install_standard_policy
from dunning.services.prepare_run import prepare_run
from dunning.services.start_run import start_run

AS_OF = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ITEMS_EACH = 10

_CUSTOMERS = """
INSERT INTO customers_customer (id, number, name, entity_id, kind, currency, language, country, holiday_region,
    time_zone, address, vat_id, risk_class, autopay, is_related_party, tags)
SELECT n, 'B' || n, 'Bench ' || n, %(entity)s, 'business', 'EUR', '', '', '', '', 'Street', '', '', false, false,
    '{}'::text[]
FROM generate_series(1, %(customers)s) AS n
"""
_CONTACTS = """
INSERT INTO customers_contact (customer_id, name, part, email, phone, language, health, is_primary)
SELECT n, 'Pat', 'payables', 'ap' || n || '@bench.example', '', '', 'ok', true
FROM generate_series(1, %(customers)s) AS n
"""
# Due dates spread over 120 days, some still to come; every third invoice is paid in part.
_INVOICES = """
INSERT INTO invoices_invoice (id, entity_id, customer_id, kind, number, status, issued_on, due_on, currency, total)
SELECT n, %(entity)s, (n - 1) / 10 + 1, 'invoice', 'R' || n, 'issued', %(as_of)s::date - 150,
    %(as_of)s::date - 110 + (n * 37) %% 120, 'EUR', 10 + n::bigint * 7919 %% 500000 / 100.0
FROM generate_series(1, 10 * %(customers)s) AS n
"""
_PAYMENTS = """
INSERT INTO invoices_payment (id, entity_id, customer_id, currency, amount, received_on, method)
SELECT id, entity_id, customer_id, currency, 5, %(as_of)s::date - 10, 'transfer' FROM invoices_invoice WHERE id %% 3 = 0
"""
_ALLOCATIONS = """
INSERT INTO invoices_allocation (customer_id, payment_id, invoice_id, currency, amount, effective_on)
SELECT customer_id, id, id, currency, 5, received_on FROM invoices_payment
"""
# The same rows by hand, for the same invoices: one notice per customer, one item per overdue invoice.
_BY_HAND = """
WITH item AS (
    SELECT i.customer_id, i.id, i.number, i.issued_on, i.due_on, i.total - COALESCE(a.amount, 0) AS open
    FROM invoices_invoice i LEFT JOIN (
        SELECT invoice_id, SUM(amount) AS amount FROM invoices_allocation
        WHERE invoice_id IS NOT NULL AND effective_on <= %(as_of)s GROUP BY invoice_id) a ON a.invoice_id = i.id
    WHERE i.status = 'issued' AND i.due_on < %(as_of)s AND i.total > COALESCE(a.amount, 0)),
made AS (
    INSERT INTO dunning_notice (customer_id, channel, to_address, language, state, run_id, policy_id, step_position,
        step_name, stage, cycle, entity_id, currency, amount, as_of, decision, subject, body_text, body_html, reason,
        reason_text, message_id, provider_id, attempts, letter, letter_digest)
    SELECT customer_id, 'email', '', 'en', 'proposed', %(run)s, %(policy)s, 2, 'First reminder', 'early', MIN(id),
        %(entity)s, 'EUR', SUM(open), %(as_of)s, '{}', '', '', '', '', '', '', '', 0, '', ''
    FROM item GROUP BY customer_id RETURNING id, customer_id)
INSERT INTO dunning_noticeitem (notice_id, customer_id, invoice_id, number, issued_on, due_on, open_amount,
    asked_amount, days_late)
SELECT made.id, item.customer_id, item.id, item.number, item.issued_on, item.due_on, item.open, item.open,
    %(as_of)s - item.due_on
FROM item JOIN made USING (customer_id)
"""


def measure() -> Iterator[dict[str, Any]]:
    """B5 per size, the exponent of its cost, and B7."""
    whole = 100_000 if os.environ.get("SIZE") == "L" else 10_000
    sizes = [whole // 10, whole // 3, whole]
    seconds = []
    for customers in sizes:
        policy = _fill(customers)
        ours = _median(lambda p=policy: _planned(p))  # type: ignore[misc]
        hand = _median(lambda p=policy: _by_hand(p))  # type: ignore[misc]
        seconds.append(ours)
        yield _line("B5 dunning plan", customers * ITEMS_EACH, ours, hand)
        if customers == whole:
            yield _shared(policy, customers * ITEMS_EACH)
        _clear()
    exponent = log(seconds[-1] / seconds[0]) / log(sizes[-1] / sizes[0])
    yield {"name": "B5 exponent of cost", "n": whole * ITEMS_EACH, "exponent": round(exponent, 2)}
    yield _rule()


def _planned(policy: Policy) -> float:
    begun = time.perf_counter()
    run = prepare_run(policy=policy, as_of=AS_OF, now=NOW, any_hour=True)
    took = time.perf_counter() - begun
    assert run.state == Run.State.PREPARED
    assert run.proposed > 0
    _forget_run()
    return took


def _shared(policy: Policy, items: int) -> dict[str, Any]:
    """How much sooner two processes are done than one, and the most memory one of them took."""
    alone, _ = _by_workers(policy, 1)
    together, most = _by_workers(policy, 2)
    return {
        "name": "B5 dunning plan, two workers",
        "n": items,
        "seconds": round(together, 4),
        "baseline": round(alone, 4),
        "speedup": round(alone / together, 2),
        "most_mb": round(most),
    }


def _by_workers(policy: Policy, number: int) -> tuple[float, float]:
    """Seconds until so many workers have prepared the run together, and megabytes of the largest."""
    run = start_run(policy=policy, as_of=AS_OF)
    named = [sys.executable, "-m", "tests.bench.plan_worker", str(connection.settings_dict["NAME"]), str(run.pk)]
    workers = [subprocess.Popen(named, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(number)]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    begun = time.perf_counter()
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("\n")
        worker.stdin.flush()
    for worker in workers:
        assert worker.wait() == 0
    took = time.perf_counter() - begun
    run.refresh_from_db()
    assert run.state == Run.State.PREPARED
    _forget_run()
    return took, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def _forget_run() -> None:
    _truncate("dunning_run, dunning_runchunk, dunning_decisionrecord, dunning_notice, dunning_noticeitem")


def _by_hand(policy: Policy) -> float:
    begun = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO dunning_run (policy_id, as_of, state, after_customer_id, proposed, skipped) "
                       "VALUES (%s, %s, 'preparing', 0, 0, '{}') RETURNING id", [policy.pk, AS_OF])  # fmt: skip
        values = {"run": cursor.fetchone()[0], "policy": policy.pk, "entity": policy.entity_id, "as_of": AS_OF}
        cursor.execute(_BY_HAND, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        took = time.perf_counter() - begun
        transaction.set_rollback(True)
    return took


def _rule() -> dict[str, Any]:
    steps = tuple(
        StepFacts(position, f"Step {position}", offset, "email", "early", 7, "email")
        for position, offset in enumerate((-3, 1, 8, 21, 35, 50), start=1)
    )
    items = tuple(
        OpenItem(
            n, f"R{n}", 1, AS_OF - timedelta(days=60), AS_OF - timedelta(days=3 * n), Decimal("100.00"), 0,
            Pause(disputed=Decimal(10)) if n == 3 else None,
        )
        for n in range(10)
    )  # fmt: skip
    account = Account(1, "EUR", items, "DE", reach=frozenset({"email"}))
    policy, rounds = PolicyFacts(steps), 5000

    def decisions() -> float:
        begun = time.perf_counter()
        for _ in range(rounds):
            decide(policy, account, AS_OF)
        return (time.perf_counter() - begun) / rounds

    def touching() -> float:  # the least any rule does: look at each item's date and amount
        begun = time.perf_counter()
        for _ in range(rounds):
            total = Decimal(0)
            for item in items:
                if item.due_on < AS_OF:
                    total += item.open
        return (time.perf_counter() - begun) / rounds

    return _line("B7 dunning decision, 10 items", 1, _median(decisions), _median(touching))


def _fill(customers: int) -> Policy:
    entity = LegalEntity.objects.create(
        code="BENCH", name="Bench", team=Team.objects.get_or_create(name="Bench")[0], currency="EUR", country="DE",
        holiday_region="DE", time_zone="Europe/Berlin",
    )  # fmt: skip
    BusinessClock.objects.update_or_create(pk=1, defaults={"pinned_on": AS_OF})
    with connection.cursor() as cursor:
        for statement in (_CUSTOMERS, _CONTACTS, _INVOICES, _PAYMENTS, _ALLOCATIONS):
            cursor.execute(statement, {"entity": entity.pk, "customers": customers, "as_of": AS_OF})
        cursor.execute("ANALYZE")
    return install_standard_policy(entity)


def _clear() -> None:
    _truncate(
        "dunning_step, dunning_policy, dunning_run, dunning_notice, dunning_noticeitem, dunning_noticetemplate, "
        "invoices_allocation, invoices_payment, invoices_invoice, customers_contact, customers_customer, "
        "customers_legalentity"
    )


def _truncate(tables: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(f"TRUNCATE {tables} CASCADE")
        cursor.execute("SET session_replication_role = DEFAULT")


def _median(timed: Callable[[], float]) -> float:
    return statistics.median(timed() for _ in range(3))


def _line(name: str, n: int, seconds: float, baseline: float) -> dict[str, Any]:
    return {
        "name": name,
        "n": n,
        "seconds": round(seconds, 6),
        "per_second": round(n / seconds),
        "baseline": round(baseline, 6),
        "ratio": round(seconds / baseline, 2),
    }
