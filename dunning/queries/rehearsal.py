"""Replays a policy day by day over some customers, with the facts of each day from the books and the same rule that the
runs use. By set: a fixed number of statements per day, whatever the number of customers. Writes nothing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection

from collections_app.lib.calendars import is_business_day
from dunning.models import Policy
from dunning.queries.as_known import known_by, ledger_as_known
from dunning.queries.contacts import last_manual_contacts
from dunning.queries.facts import facts_about
from dunning.queries.policies import Edition, current_edition
from dunning.rules.decide import decide
from dunning.rules.facts import Account
from dunning.rules.rehearsal import before, overlay, remember
from dunning.rules.rehearsal_report import EMPTY, Counted, Tally

CHUNK = 1000

# Customers whom the policy fits, on or not: to be rehearsed it need not be the one that is in force.
_CUSTOMERS = """
SELECT {wanted} FROM customers_customer c
WHERE c.entity_id = %(entity)s AND c.id > %(after)s AND c.merged_into_id IS NULL
  AND (%(strategy)s = '' OR c.strategy = %(strategy)s)
  AND (%(segment)s::bigint IS NULL OR EXISTS (
      SELECT 1 FROM customers_segmentmember m
      WHERE m.segment_id = %(segment)s AND m.customer_id = c.id AND m.until IS NULL))
  AND EXISTS (
      SELECT 1 FROM invoices_invoice i JOIN customers_customer o ON o.id = i.customer_id
      WHERE (i.customer_id = c.id OR o.merged_into_id = c.id) AND i.status = 'issued' AND i.issued_on <= %(last)s
        AND i.total > COALESCE((SELECT SUM(a.amount) FROM invoices_allocation a
                                WHERE a.invoice_id = i.id AND a.effective_on < %(first)s), 0))
"""
_NEXT = _CUSTOMERS.format(wanted="c.id") + " ORDER BY c.id LIMIT %(size)s"
_COUNT = _CUSTOMERS.format(wanted="COUNT(*)")

_PAYMENTS = """
SELECT a.invoice_id, a.effective_on FROM invoices_allocation a JOIN customers_customer c ON c.id = a.customer_id
WHERE (a.customer_id = ANY(%(ids)s) OR c.merged_into_id = ANY(%(ids)s)) AND a.invoice_id IS NOT NULL
  AND a.payment_id IS NOT NULL AND a.amount > 0 AND a.effective_on > %(first)s AND a.effective_on <= %(last)s
ORDER BY a.effective_on
"""


def customers_to_rehearse(policy: Policy, *, first: date, last: date) -> int:
    """How many customers of the policy had something open on a day between, both days inclusive."""
    return int(_rows(_COUNT, _asked(policy, first, last, after=0))[0][0])


def next_to_rehearse(policy: Policy, *, first: date, last: date, after: int, size: int = CHUNK) -> list[int]:
    """The next of them by id, after the last one seen; empty at the end."""
    return [row[0] for row in _rows(_NEXT, {**_asked(policy, first, last, after), "size": size})]


def replay(
    policy: Policy, customer_ids: Sequence[int], *, first: date, last: date, within: int, as_known: bool = False
) -> Tally:
    """What the policy as it is now would have done with these customers from `first` to `last`, both inclusive.

    A letter is counted as crossed when money came for it in the `within` days after it. `as_known`: each day sees only
    what had been recorded by its evening; else what is known today."""
    if not customer_ids:
        return EMPTY
    counted = Counted(_paid_on(customer_ids, first, last + timedelta(days=within)), within)
    if as_known:
        with ledger_as_known():
            names = _replayed(policy, customer_ids, first, last, counted, as_known=True)
    else:
        names = _replayed(policy, customer_ids, first, last, counted, as_known=False)
    return counted.tally(names, len(customer_ids))


def _replayed(
    policy: Policy, ids: Sequence[int], first: date, last: date, counted: Counted, *, as_known: bool
) -> Mapping[int, tuple[str, str]]:
    """Number and name by customer, after every day was counted."""
    edition = current_edition(policy)
    rule = edition.facts
    begin = _facts(policy, ids, first - timedelta(days=1), edition, as_known)
    memory = before(list(begin.accounts))
    regions = {person.region for person in begin.people.values()}
    for day in _working_days(first, last, regions):
        accounts: Sequence[Account] = _facts(policy, ids, day, edition, as_known).accounts
        manual = last_manual_contacts(ids, day)
        for account in accounts:
            seen = overlay(account, memory, manual)
            decision = decide(rule, seen, day)
            counted.add(seen, decision, day)
            if decision.proposes:
                remember(memory, rule, account.customer_id, decision, day)
    return {pk: (person.number, person.name) for pk, person in begin.people.items()}


def _facts(policy: Policy, ids: Sequence[int], day: date, edition: Edition, as_known: bool) -> Any:
    if as_known:
        known_by(day + timedelta(days=1), policy.entity.time_zone)
    return facts_about(policy, ids, day, edition=edition)


def _working_days(first: date, last: date, regions: set[str]) -> list[date]:
    """The days on which somebody could be written to: nothing leaves on a day that no region works (R14)."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [day for day in days if any(is_business_day(day, region) for region in regions)]


def _paid_on(ids: Sequence[int], first: date, last: date) -> Mapping[int, list[date]]:
    found: dict[int, list[date]] = defaultdict(list)
    for invoice, day in _rows(_PAYMENTS, {"ids": list(ids), "first": first, "last": last}):
        found[invoice].append(day)
    return found


def _asked(policy: Policy, first: date, last: date, after: int) -> dict[str, Any]:
    return {
        "entity": policy.entity_id, "strategy": policy.strategy, "segment": policy.segment_id, "after": after,
        "first": first, "last": last,
    }  # fmt: skip


def _rows(statement: str, asked: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
