"""The facts of many customers by set, for the score. Some ten statements, however many customers."""

import contextlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.db import connection

from collections_app.lib.errors import Refusal
from collections_app.lib.rates import ecb_rate
from customers.models import Hold
from worklist.queries import facts_sql as sql
from worklist.rules.facts import BrokenPromise, CustomerFacts, Exposure, Habit, Slice
from worklist.rules.score import AGE_CAP_DAYS, BROKEN_FOR_DAYS

_ZERO = Decimal(0)
_KINDS = {"call": "call", "mail": "e-mail"}


@dataclass(frozen=True, slots=True)
class Placed:
    """A customer's facts with where the customer belongs, which the score does not need but the list does."""

    facts: CustomerFacts
    entity_id: int
    collector_id: int | None


def customer_facts(customer_ids: Iterable[int] | None, *, on: date) -> Iterator[Placed]:
    """The facts of these customers (None: all) as of the day, inclusive, by customer id; also those without money."""
    ids = None if customer_ids is None else sorted(set(customer_ids))
    if ids == []:
        return
    absorbed: dict[int, int] = dict(_rows(sql.ABSORBED, {"ids": ids}))
    whole = None if ids is None else [*ids, *(pk for pk in absorbed if pk not in ids)]
    asked = {"ids": whole, "on": on, "cap": AGE_CAP_DAYS, "broken_days": BROKEN_FOR_DAYS}
    read = _Reader(asked, absorbed)
    for pk, number, currency, entity_id, collector_id in _rows(sql.CUSTOMERS, asked):
        yield Placed(read.facts(pk, number, currency), entity_id, collector_id)


def portfolio_late_rate(on: date) -> Decimal:
    """The share of all invoices settled, or still open, late, as of the first day of the month.

    A day of the past, so that every worker and the nightly run draw towards the same figure; kept for an hour."""
    first = on.replace(day=1)
    key = f"portfolio-late-rate:{first}"
    kept = None
    with contextlib.suppress(Exception):  # a cache that is away only costs a query
        kept = cache.get(key)
    if kept is None:
        kept = str(_measured_late_rate(first))
        with contextlib.suppress(Exception):
            cache.set(key, kept, 3600)
    return Decimal(kept)


def _measured_late_rate(on: date) -> Decimal:
    late = all_of_them = 0
    for row in _rows(sql.MONEY, {"ids": None, "on": on, "cap": AGE_CAP_DAYS}):
        late += row[13]
        all_of_them += row[14]
    return (Decimal(late) / all_of_them).quantize(Decimal("0.0001")) if all_of_them else Habit().portfolio


class _Reader:
    """All facts of the asked customers, read once and looked up per customer."""

    def __init__(self, asked: Mapping[str, Any], absorbed: Mapping[int, int]) -> None:
        def on_account(statement: str) -> list[tuple[Any, ...]]:
            """The rows with the customer that holds the account in front; the holder's own rows last, so that of two
            rows where one is wanted the holder's stays."""
            rows = [(absorbed.get(row[0], row[0]), row[0], row) for row in _rows(statement, asked)]
            if absorbed:
                rows.sort(key=lambda told: told[0] == told[1])
            return [(account, *row[1:]) for account, _, row in rows]

        self._on: date = asked["on"]
        self._portfolio = portfolio_late_rate(self._on)
        self._money = _per_currency(_grouped(on_account(sql.MONEY)))
        self._credit = _grouped(on_account(sql.CREDIT))
        self._broken = _grouped(on_account(sql.BROKEN))
        self._promises = dict(on_account(sql.PROMISES))
        self._disputes = dict(on_account(sql.DISPUTES))
        self._notices = {row[0]: row[1:] for row in on_account(sql.NOTICES)}
        self._contacts = {row[0]: row[1:] for row in on_account(sql.CONTACTS_MADE)}
        self._follow_ups = dict(on_account(sql.FOLLOW_UPS))
        self._holds = {row[0]: row[1:] for row in on_account(sql.HOLDS)}
        contacts = list(on_account(sql.REACHABLE))
        self._reachable = {account for account, reachable, _ in contacts if reachable}
        self._mail_lost = {account for account, _, lost in contacts if lost}

    def facts(self, pk: int, number: str, currency: str) -> CustomerFacts:
        money = self._money.get(pk, [])
        call, unknown_on, reminded_on, stage = self._notices.get(pk, (None, None, None, None))
        contact_on, contact_kind = self._last_contact(pk, reminded_on)
        reason, until = self._holds.get(pk, ("", None))
        return CustomerFacts(
            customer_id=pk,
            number=number,
            currency=currency,
            on=self._on,
            exposures=self._exposures(pk, money, currency),
            habit=Habit(sum(row[12] for row in money), sum(row[13] for row in money), self._portfolio),
            oldest_days=max((row[10] for row in money), default=0),
            overdue_documents=sum(row[11] for row in money),
            broken=self._broken_promise(pk, currency),
            promise_until=self._promises.get(pk),
            dispute_answer_by=self._disputes.get(pk),
            call_due=call or "",
            unknown_mail_on=unknown_on,
            follow_up_on=self._follow_ups.get(pk),
            last_contact_on=contact_on,
            last_contact_kind=contact_kind,
            hold_reason=Hold.Reason(reason).label if reason else "",
            hold_until=until,
            stage=stage or "",
            reachable=pk in self._reachable,
            mail_lost=pk in self._mail_lost,
        )

    def _exposures(self, pk: int, money: list[tuple[Any, ...]], currency: str) -> tuple[Exposure, ...]:
        credit: dict[str, Decimal] = defaultdict(Decimal)
        for code, left in self._credit.get(pk, []):
            credit[code] += left
        found = []
        for row in money:
            if row[1] + row[2] > 0:
                rate, rate_on = _rate(row[0], currency, self._on)
                found.append(
                    Exposure(row[0], Slice(*row[1:4]), Slice(*row[4:7]), Slice(*row[7:10]), credit.get(row[0], _ZERO),
                             rate, rate_on)
                )  # fmt: skip
        return tuple(found)

    def _broken_promise(self, pk: int, currency: str) -> BrokenPromise | None:
        rows = self._broken.get(pk, [])
        if not rows:
            return None
        still_open = sum((row[2] * (_rate(row[0], currency, self._on)[0] or _ZERO) for row in rows), _ZERO)
        return BrokenPromise(max(row[1] for row in rows), still_open)

    def _last_contact(self, pk: int, reminded_on: date | None) -> tuple[date | None, str]:
        made_on, kind = self._contacts.get(pk, (None, ""))
        if reminded_on and (made_on is None or reminded_on > made_on):
            return reminded_on, "reminder"
        return made_on, _KINDS.get(kind, kind)


def _rate(currency: str, to_currency: str, on: date) -> tuple[Decimal | None, date | None]:
    if currency == to_currency:
        return Decimal(1), on
    try:
        found = ecb_rate(currency, to_currency, on)
    except Refusal:  # no rate known: the amount is named in a part of its own and not counted
        return None, None
    return found.rate, found.on


def _rows(statement: str, asked: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


_OLDEST = 10  # among the columns of MONEY after the customer, the only one that does not add up


def _per_currency(grouped: dict[int, list[tuple[Any, ...]]]) -> dict[int, list[tuple[Any, ...]]]:
    """The money rows, one per currency: those of merged customers are added up."""
    for pk, rows in grouped.items():
        if len({row[0] for row in rows}) < len(rows):
            joined: dict[str, tuple[Any, ...]] = {}
            for row in rows:
                joined[row[0]] = _added(joined[row[0]], row) if row[0] in joined else row
            grouped[pk] = list(joined.values())
    return grouped


def _added(one: tuple[Any, ...], other: tuple[Any, ...]) -> tuple[Any, ...]:
    numbers = zip(one[1:], other[1:], strict=True)
    return (one[0], *(max(a, b) if place == _OLDEST else a + b for place, (a, b) in enumerate(numbers, start=1)))


def _grouped(rows: list[tuple[Any, ...]]) -> dict[int, list[tuple[Any, ...]]]:
    grouped: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        grouped[row[0]].append(row[1:])
    return grouped
