"""The facts of many customers by set, for the score. Some fifteen statements, however many customers; half as many
for few."""

import contextlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from worklist.queries.facts_together import small_facts
from worklist.queries.money_rows import MoneyRow, added, read_delays, read_money
from worklist.queries.strategies import first_fitting, rule_of, segments_on, strategies_in_force
from worklist.rules.facts import BrokenPromise, CustomerFacts, Exposure, Reactions
from worklist.rules.lateness import NO_DELAYS, Delays, Habit, Odds, odds_of
from worklist.rules.strategy import Strategy

_ZERO = Decimal(0)
_KEPT_SECONDS = 6 * 3600  # a day of the past hardly changes, and on a large ledger it takes seconds to count
_BROKEN_DAYS = 365  # what a strategy may look back at most
_KINDS = {"call": "call", "mail": "e-mail"}


@dataclass(frozen=True, slots=True)
class Placed:
    """A customer's facts with where the customer belongs and the strategy that counts there (None: the usual one)."""

    facts: CustomerFacts
    entity_id: int
    collector_id: int | None
    strategy: Strategy
    version_id: int | None


def customer_facts(customer_ids: Iterable[int] | None, *, on: date) -> Iterator[Placed]:
    """The facts of these customers (None: all) as of the day, inclusive, by customer id; also those without money."""
    ids = None if customer_ids is None else sorted(set(customer_ids))
    if ids == []:
        return
    absorbed: dict[int, int] = dict(_rows(sql.ABSORBED, {"ids": ids}))
    whole = None if ids is None else [*ids, *(pk for pk in absorbed if pk not in ids)]
    asked = {"ids": whole, "on": on, "broken_days": _BROKEN_DAYS}
    read, people, in_force = _Reader(asked, absorbed), _rows(sql.CUSTOMERS, asked), strategies_in_force()
    by_segment = any(row.segment_id for row in in_force)
    segments = segments_on([row[0] for row in people], on) if by_segment else {}
    for pk, number, currency, entity_id, collector_id, *standing in people:
        found = first_fitting(in_force, entity_id, segments.get(pk, frozenset()))
        facts = read.facts(pk, number, currency, standing)
        yield Placed(facts, entity_id, collector_id, rule_of(found), found.version_id if found else None)


def portfolio_odds(on: date) -> Odds:
    """How late the invoices of everybody came, as of the first day of the month.

    A day of the past, so that every worker and the nightly run draw towards the same figures; kept for six hours."""
    first = on.replace(day=1)
    key = odds_key(first)
    kept: Delays | None = None
    with contextlib.suppress(Exception):  # a cache that is away only costs a query
        kept = cache.get(key)
    if kept is None:
        (row,) = _rows(sql.DELAYS, {"ids": None, "on": first})
        kept = read_delays(row)
        with contextlib.suppress(Exception):
            cache.set(key, kept, _KEPT_SECONDS)
    return odds_of(kept)


def odds_key(first: date) -> str:
    """Under which the counts of the portfolio on that first of a month are kept; a database has its own."""
    return f"portfolio-delays:{connection.settings_dict['NAME']}:{first}"


class _Reader:
    """All facts of the asked customers, read once and looked up per customer."""

    def __init__(self, asked: Mapping[str, Any], absorbed: Mapping[int, int]) -> None:
        small = small_facts(asked)

        def on_account(found: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
            """The rows with the customer that holds the account in front; the holder's own rows last, so that of two
            rows where one is wanted the holder's stays."""
            rows = [(absorbed.get(row[0], row[0]), row[0], row) for row in found]
            if absorbed:
                rows.sort(key=lambda told: told[0] == told[1])
            return [(account, *row[1:]) for account, _, row in rows]

        self._on: date = asked["on"]
        self._odds = portfolio_odds(self._on)
        self._money = _money(on_account(_rows(sql.MONEY, asked)))
        self._credit = _grouped(on_account(small["credit"]))
        self._broken = _grouped(on_account(small["broken"]))
        self._promises = dict(on_account(small["promises"]))
        self._disputes = dict(on_account(small["disputes"]))
        self._notices = {row[0]: row[1:] for row in on_account(small["notices"])}
        self._contacts = {row[0]: row[1:] for row in on_account(small["contacts"])}
        self._reactions = {row[0]: row[1:] for row in on_account(small["reactions"])}
        self._follow_ups = dict(on_account(small["follow_ups"]))
        self._holds = {row[0]: row[1:] for row in on_account(small["holds"])}
        contacts = list(on_account(small["reachable"]))
        self._reachable = {account for account, reachable, _ in contacts if reachable}
        self._mail_lost = {account for account, _, lost in contacts if lost}

    def facts(self, pk: int, number: str, currency: str, standing: Sequence[Any]) -> CustomerFacts:
        money = self._money.get(pk, [])
        own_currency, limit, insured, escalated = standing
        *reactions, unanswered = self._reactions.get(pk, (0, 0, 0, 0, None))
        call, unknown_on, reminded_on, stage = self._notices.get(pk, (None, None, None, None))
        contact_on, contact_kind = self._last_contact(pk, reminded_on)
        reason, until = self._holds.get(pk, ("", None))
        return CustomerFacts(
            customer_id=pk,
            number=number,
            currency=currency,
            on=self._on,
            exposures=self._exposures(pk, money, currency),
            habit=Habit(self._delays(money), self._odds),
            oldest_days=max((row.oldest_days for row in money), default=0),
            overdue_documents=sum(row.overdue_documents for row in money),
            broken=self._broken_promise(pk, currency),
            promise_until=self._promises.get(pk),
            dispute_answer_by=self._disputes.get(pk),
            call_due=call or "",
            unknown_mail_on=unknown_on,
            follow_up_on=self._follow_ups.get(pk),
            last_contact_on=contact_on,
            last_contact_kind=contact_kind,
            unanswered_since=unanswered,
            reactions=Reactions(*reactions),
            credit_limit=self._converted(limit, own_currency, currency),
            insured=self._converted(insured, own_currency, currency),
            tell_insurer_by=min((row.tell_by for row in money if row.tell_by), default=None),
            hold_reason=Hold.Reason(reason).label if reason else "",
            hold_until=until,
            stage=stage or "",
            reachable=pk in self._reachable,
            mail_lost=pk in self._mail_lost,
            escalated=escalated,
        )

    @staticmethod
    def _delays(money: Sequence[MoneyRow]) -> Delays:
        found = NO_DELAYS
        for row in money:
            found = row.delays if found is NO_DELAYS else found.plus(row.delays)
        return found

    def _converted(self, amount: Decimal | None, currency: str, to_currency: str) -> Decimal | None:
        """The amount in the currency of account; None also where there is no rate."""
        rate = _rate(currency, to_currency, self._on)[0] if amount is not None else None
        return None if amount is None or rate is None else amount * rate

    def _exposures(self, pk: int, money: Sequence[MoneyRow], currency: str) -> tuple[Exposure, ...]:
        credit: dict[str, Decimal] = defaultdict(Decimal)
        for code, left in self._credit.get(pk, []):
            credit[code] += left
        found = []
        for row in money:
            if row.open.total > 0:
                rate, rate_on = _rate(row.currency, currency, self._on)
                found.append(
                    Exposure(row.currency, row.open, row.disputed, row.promised, credit.get(row.currency, _ZERO),
                             rate, rate_on, row.predicted, row.predicted_late)
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


def _money(rows: Sequence[tuple[Any, ...]]) -> dict[int, list[MoneyRow]]:
    """The money of each customer, one row per currency: those of merged customers are added up."""
    grouped: dict[int, list[MoneyRow]] = defaultdict(list)
    for pk, *columns in rows:
        row, mine = read_money(columns), grouped[pk]
        for at, other in enumerate(mine):
            if other.currency == row.currency:
                mine[at] = added(other, row)
                break
        else:
            mine.append(row)
    return grouped


def _grouped(rows: list[tuple[Any, ...]]) -> dict[int, list[tuple[Any, ...]]]:
    grouped: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        grouped[row[0]].append(row[1:])
    return grouped
