"""The facts that segment rules ask for, by set: a few statements per some thousand customers. Decides nothing.

Money comes per currency and is put into the currency of the customer's legal entity at the rate of the day; where there
is no rate, the figure is unknown."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from collections_app.lib.errors import Refusal
from collections_app.lib.rates import convert
from customers.rules.segments import SegmentFacts
from invoices.queries.claims_sql import claim_tables
from invoices.queries.rates import rate_on

CHUNK = 5000

_CHUNK = """
SELECT array_agg(id ORDER BY id) FROM (
    SELECT id FROM customers_customer WHERE id > %(after)s AND merged_into_id IS NULL ORDER BY id LIMIT %(size)s) AS c
"""

_ACCOUNT = """account AS (
    SELECT id, COALESCE(merged_into_id, id) AS holder FROM customers_customer
    WHERE id = ANY(%(ids)s) OR merged_into_id = ANY(%(ids)s))"""
_MINE = "doc.customer_id IN (SELECT id FROM account)"

_PEOPLE = """
SELECT c.id, e.currency, c.country, c.kind, c.tags, c.risk_class, c.currency, e.code, c.strategy,
       COALESCE(g.number, c.number), c.credit_limit, c.insurer, c.insured_amount
FROM customers_customer c JOIN customers_legalentity e ON e.id = c.entity_id
LEFT JOIN customers_customer g ON g.id = c.parent_id
WHERE c.id = ANY(%(ids)s) ORDER BY c.id
"""

_CLAIMS = ", ".join(
    [_ACCOUNT, *claim_tables(where=[_MINE], used_where=["used.customer_id IN (SELECT id FROM account)"])]
)
_OPEN = f"""
WITH {_CLAIMS}
SELECT account.holder, claim.currency, SUM(claim.open),
       COALESCE(SUM(claim.open) FILTER (WHERE claim.due_on < %(as_of)s), 0), MAX(%(as_of)s::date - claim.due_on)
FROM claim JOIN account ON account.id = claim.customer_id GROUP BY 1, 2
"""  # noqa: S608 (constants of ours)

# Invoices settled within the year, each late by the days from its (last) due date to the last posting against it.
_HABIT = f"""
WITH {_ACCOUNT},
settled AS (
    SELECT account.holder, GREATEST(MAX(a.effective_on) - doc.due_on, 0) AS late
    FROM account JOIN invoices_invoice doc ON doc.customer_id = account.id
    JOIN invoices_allocation a ON a.invoice_id = doc.id AND a.effective_on <= %(as_of)s
    WHERE doc.status = 'issued' AND doc.issued_on <= %(as_of)s
    GROUP BY account.holder, doc.id
    HAVING SUM(a.amount) >= doc.total AND MAX(a.effective_on) > (%(as_of)s::date - interval '1 year')::date)
SELECT holder, AVG(late), 100.0 * COUNT(*) FILTER (WHERE late > 0) / COUNT(*) FROM settled GROUP BY holder
"""  # noqa: S608

_SALES = f"""
WITH {_ACCOUNT}, first AS (
    SELECT account.holder, MIN(doc.issued_on) AS on FROM account
    JOIN invoices_invoice doc ON doc.customer_id = account.id
    WHERE doc.status = 'issued' AND doc.issued_on <= %(as_of)s GROUP BY 1),
sold AS (
    SELECT account.holder, doc.currency, doc.total FROM account
    JOIN invoices_invoice doc ON doc.customer_id = account.id
    WHERE doc.status = 'issued' AND doc.kind = 'invoice' AND doc.issued_on <= %(as_of)s
      AND doc.issued_on > (%(as_of)s::date - interval '1 year')::date
    UNION ALL
    SELECT account.holder, doc.currency, - doc.total FROM account
    JOIN invoices_creditnote doc ON doc.customer_id = account.id
    WHERE doc.status = 'issued' AND doc.issued_on <= %(as_of)s
      AND doc.issued_on > (%(as_of)s::date - interval '1 year')::date)
SELECT first.holder, first.on, sold.currency, SUM(sold.total)
FROM first LEFT JOIN sold ON sold.holder = first.holder GROUP BY 1, 2, 3
"""  # noqa: S608

_PROMISES = f"""
WITH {_ACCOUNT}
SELECT account.holder, COUNT(*) FROM account JOIN invoices_promise p ON p.customer_id = account.id
WHERE p.state = 'broken' AND p.closed_on <= %(as_of)s AND p.closed_on > (%(as_of)s::date - interval '1 year')::date
GROUP BY 1
"""  # noqa: S608

ByCurrency = Mapping[str, Decimal]


def customer_chunks(size: int = CHUNK) -> Iterator[list[int]]:
    """The ids of all customers with an account of their own, some thousand at a time."""
    after = 0
    while True:
        ids = _rows(_CHUNK, {"after": after, "size": size})[0][0]
        if not ids:
            return
        yield ids
        after = ids[-1]


class SegmentFactsReader:
    """Reads facts for one day; keeps the exchange rates it looked up, so that each is asked for once."""

    def __init__(self, as_of: date) -> None:
        self.as_of = as_of
        self._rates: dict[tuple[str, str], Decimal | None] = {}

    def read(self, ids: Sequence[int]) -> list[SegmentFacts]:
        """The facts of these customers at the end of the day, by id; five statements, and one per new rate."""
        asked = {"ids": list(ids), "as_of": self.as_of}
        money, oldest = _money(asked)
        habit = {row[0]: row[1:] for row in _rows(_HABIT, asked)}
        sales, since = _sales(asked)
        broken = dict(_rows(_PROMISES, asked))
        return [
            self._facts(row, money.get(row[0], ({}, {})), oldest.get(row[0], 0), habit.get(row[0], (None, None)),
                        sales.get(row[0], {}), since.get(row[0]), broken.get(row[0], 0))
            for row in _rows(_PEOPLE, asked)
        ]  # fmt: skip

    def _facts(
        self,
        person: tuple[Any, ...],
        money: tuple[ByCurrency, ByCurrency],
        oldest: int,
        habit: tuple[Decimal | None, Decimal | None],
        sales: ByCurrency,
        since: date | None,
        broken: int,
    ) -> SegmentFacts:
        pk, base, country, kind, tags, risk, currency, entity, strategy, group, limit, insurer, insured = person
        opened, overdue = (self._in(base, sums) for sums in money)
        limit, insured = (None if sum_ is None else self._in(base, {currency: sum_}) for sum_ in (limit, insured))
        return SegmentFacts(
            pk, base, country, kind, frozenset(tags), risk, currency, entity, strategy, group, limit,
            _share(opened, limit), insurer, insured, _share(opened, insured), opened, overdue, max(oldest, 0), *habit,
            self._in(base, sales), None if since is None else _months(since, self.as_of), broken,
        )  # fmt: skip

    def _in(self, base: str, sums: ByCurrency) -> Decimal | None:
        total = Decimal(0)
        for currency, amount in sums.items():
            if currency == base:
                total += amount
                continue
            rate = self._rate(currency, base)
            if rate is None:
                return None
            total += convert(amount, rate, base)
        return total

    def _rate(self, currency: str, base: str) -> Decimal | None:
        if (currency, base) not in self._rates:
            try:
                self._rates[currency, base] = rate_on(currency, base, self.as_of).rate
            except Refusal:
                self._rates[currency, base] = None
        return self._rates[currency, base]


def _share(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """How many percent of the whole the part is; None when either is unknown, or there is no whole."""
    return None if part is None or not whole else 100 * part / whole


def _money(asked: Mapping[str, Any]) -> tuple[dict[int, tuple[ByCurrency, ByCurrency]], dict[int, int]]:
    money: dict[int, tuple[dict[str, Decimal], dict[str, Decimal]]] = defaultdict(lambda: ({}, {}))
    oldest: dict[int, int] = {}
    for pk, currency, opened, overdue, days in _rows(_OPEN, asked):
        money[pk][0][currency], money[pk][1][currency] = opened, overdue
        oldest[pk] = max(oldest.get(pk, 0), days)
    return dict(money), oldest


def _sales(asked: Mapping[str, Any]) -> tuple[dict[int, dict[str, Decimal]], dict[int, date]]:
    sales: dict[int, dict[str, Decimal]] = defaultdict(dict)
    since: dict[int, date] = {}
    for pk, first_on, currency, total in _rows(_SALES, asked):
        since[pk] = first_on
        if currency is not None:
            sales[pk][currency] = total
    return sales, since


def _months(since: date, on: date) -> int:
    return (on.year - since.year) * 12 + on.month - since.month - (on.day < since.day)


def _rows(sql: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, dict(params))
        return list(cursor.fetchall())
