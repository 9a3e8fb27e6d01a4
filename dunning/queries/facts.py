"""The facts the dunning rule needs, by set: a dozen statements for one customer or for five thousand alike. The nightly
run, the pages, the command and the last look before sending all come here, so they cannot disagree."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection

from collections_app.lib.calendars import region_of
from dunning.models import Policy
from dunning.queries import facts_sql as sql
from dunning.queries.contacts import last_manual_contacts
from dunning.queries.policies import minimum_in
from dunning.rules.facts import Account, HoldFacts, InHand, LastContact, OpenItem, Pause
from dunning.rules.instalments import shared_out
from invoices.queries.in_flight import LONGEST_FLIGHT
from invoices.rules.promises import last_day_in_time


class Person(NamedTuple):
    """Who an account belongs to and whom to write to; `contact_id` is None, `email` empty where nobody is reachable."""

    customer_id: int
    number: str
    name: str
    address: str
    region: str
    time_zone: str
    entity_id: int
    language: str
    contact_id: int | None
    contact_name: str
    email: str
    autopay: bool
    related_party: bool

    @property
    def reach(self) -> frozenset[str]:
        """What we have of this customer that a channel may need."""
        return _reach(bool(self.email), bool(self.address.strip()))


@dataclass(frozen=True, slots=True)
class Facts:
    """Accounts in order of customer and currency, and the people behind them by customer id."""

    accounts: Sequence[Account]
    people: Mapping[int, Person]

    def account(self, customer_id: int, currency: str) -> Account | None:
        """The account, or None when nothing is open in it."""
        for account in self.accounts:
            if account.customer_id == customer_id and account.currency == currency:
                return account
        return None


def facts_about(
    policy: Policy,
    customer_ids: Collection[int],
    as_of: date,
    *,
    same_contact_runs: Collection[int] = (),
) -> Facts:
    """The facts of these customers as of that day, inclusive.

    `same_contact_runs`: runs whose notices are no contact of their own. The last look names the run of the notice it
    looks at, so that the letter in one currency does not keep back the one in another."""
    wanted = set(customer_ids)
    absorbed: dict[int, int] = dict(_rows(sql.ABSORBED, {"ids": list(wanted)}))
    asked: dict[str, Any] = {
        "ids": [pk for pk in wanted | absorbed.keys() if absorbed.get(pk, pk) in wanted],
        "as_of": as_of,
        "same_contact_runs": list(same_contact_runs),
        "flight": LONGEST_FLIGHT,
    }
    people = {row[0]: _person(row) for row in _rows(sql.PEOPLE, asked | {"ids": list(wanted)})}
    groups = _items(asked, people, as_of, absorbed)
    credits: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for who, currency, left in _rows(sql.CREDITS, asked):
        credits[absorbed.get(who, who), currency] += left
    holds = _holds(asked, absorbed)
    in_hand = {
        (absorbed.get(customer, customer), currency): InHand(step, state, day)
        for customer, currency, step, state, day in _rows(sql.IN_HAND, asked)
    }
    contacts = _last_contacts(asked, absorbed)
    minimum: dict[str, Decimal] = {}
    accounts = []
    for (customer_id, currency), items in groups.items():
        if currency not in minimum:
            minimum[currency] = minimum_in(policy, currency, as_of)
        person = people[customer_id]
        accounts.append(
            Account(
                customer_id, currency, tuple(items), person.region, credits.get((customer_id, currency), Decimal(0)),
                minimum[currency], holds.get(customer_id), person.related_party, person.autopay,
                contacts.get(customer_id), in_hand.get((customer_id, currency)), person.reach,
            )
        )  # fmt: skip
    return Facts(accounts, people)


def next_chunk(policy: Policy, after: int, size: int) -> list[int]:
    """The next customer ids the policy looks after, in order of id; empty at the end."""
    rows = _rows(sql.CHUNK, {"entity": policy.entity_id, "after": after, "size": size})
    return [customer_id for (customer_id,) in rows]


def _items(
    asked: Mapping[str, Any], people: Mapping[int, Person], as_of: date, absorbed: Mapping[int, int]
) -> dict[tuple[int, str], list[OpenItem]]:
    sent = {(invoice, part): position for invoice, part, position in _rows(sql.SENT_STEPS, asked)}
    pauses = _pauses(asked, people, as_of)
    groups: dict[tuple[int, str], list[OpenItem]] = {}
    in_parts: dict[int, list[OpenItem]] = {}
    for who, currency, pk, number, entity, issued_on, due_on, left, part, position in _rows(sql.ITEMS, asked):
        customer = absorbed.get(who, who)
        pause = pauses.get(pk)
        if pause and pause.promised_until:
            until = _promise_end(pause.promised_until, people[customer].region)
            pause = pause._replace(promised_until=until)
        called = number if part is None else f"{number}/{position}"
        item = OpenItem(pk, called, entity, issued_on, due_on, left, sent.get((pk, part), 0), pause, part)
        groups.setdefault((customer, currency), []).append(item)
        if part is not None and pause is not None:
            in_parts.setdefault(pk, []).append(item)
    return _with_pauses_shared(groups, in_parts) if in_parts else groups


def _with_pauses_shared(
    groups: dict[tuple[int, str], list[OpenItem]], in_parts: Mapping[int, Sequence[OpenItem]]
) -> dict[tuple[int, str], list[OpenItem]]:
    """What is disputed, promised or under way of an invoice lies on its oldest instalments; none counts twice."""
    shared = {
        item.claim: item._replace(pause=pause)
        for items in in_parts.values()
        for item, pause in zip(items, shared_out(items[0].pause or Pause(), [i.open for i in items]), strict=True)
    }
    return {account: [shared.get(item.claim, item) for item in items] for account, items in groups.items()}


def _holds(asked: Mapping[str, Any], absorbed: Mapping[int, int]) -> dict[int, HoldFacts]:
    """The hold that ends last, of the customer or of one that was merged into it."""
    found: dict[int, HoldFacts] = {}
    for who, reason, until in _rows(sql.HOLDS, asked):
        customer = absorbed.get(who, who)
        if customer not in found or until > found[customer].until:
            found[customer] = HoldFacts(reason.replace("_", " "), until)
    return found


def _pauses(asked: Mapping[str, Any], people: Mapping[int, Person], as_of: date) -> dict[int, Pause]:
    found: dict[int, dict[str, Any]] = {}
    for invoice, amount in _rows(sql.DISPUTES, asked):
        found.setdefault(invoice, {})["disputed"] = amount
    for invoice, until, amount in _rows(sql.PROMISES, asked):
        found.setdefault(invoice, {}).update(promised=amount, promised_until=until)
    for invoice, in_flight, failed in _rows(sql.PAY_SESSIONS, asked):
        found.setdefault(invoice, {}).update(in_flight=in_flight, charge_failed=failed)
    for invoice, delivered, settled_at in _rows(sql.INVOICE_MAILS, asked):
        day = _day_of(settled_at)
        known = day is not None and day <= as_of
        found.setdefault(invoice, {}).update(undelivered=not delivered, delivered_on=day if known else None)
    return {invoice: Pause(**parts) for invoice, parts in found.items()}


def _last_contacts(asked: Mapping[str, Any], absorbed: Mapping[int, int]) -> dict[int, LastContact]:
    made = [(who, LastContact(on, what)) for who, on, what in _rows(sql.LAST_NOTICES, asked)]
    contacts: dict[int, LastContact] = {}
    for who, contact in [*made, *last_manual_contacts(asked["ids"], asked["as_of"]).items()]:
        customer = absorbed.get(who, who)
        if customer not in contacts or contact.on > contacts[customer].on:
            contacts[customer] = contact
    return contacts


def _person(row: tuple[Any, ...]) -> Person:
    (pk, number, name, address, autopay, related, own_region, country, zone, entity_region, entity, language,
     contact, contact_name, email) = row  # fmt: skip
    region = _region(own_region, country, entity_region)
    return Person(
        pk, number, name, address, region, zone, entity, language, contact, contact_name, email, autopay, related
    )


def _rows(statement: str, asked: Mapping[str, Any]) -> Iterable[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _day_of(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


@lru_cache(maxsize=1024)
def _region(own: str, country: str, entity: str) -> str:
    return region_of(own, country, entity)


@lru_cache(maxsize=4)
def _reach(email: bool, address: bool) -> frozenset[str]:
    return frozenset(([] if not email else ["email"]) + ([] if not address else ["address"]))


@lru_cache(maxsize=4096)
def _promise_end(promised_on: date, region: str) -> date:
    return last_day_in_time(promised_on, region)
