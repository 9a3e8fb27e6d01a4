"""The facts the dunning rule needs, by set: some twenty statements for one customer or for five thousand alike. The
nightly run, the pages, the command and the last look before sending all come here, so they cannot disagree."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from dunning.models import Policy
from dunning.queries import facts_sql as sql
from dunning.queries.contacts import last_manual_contacts
from dunning.queries.pauses import pauses_of
from dunning.queries.people import CONTACTS, PEOPLE, Person, people_of
from dunning.queries.policies import Edition, current_edition, edition_of, minimum_in
from dunning.rules.facts import CLAIM_KINDS, Account, HoldFacts, InHand, LastContact, OpenItem, Pause, PolicyFacts
from dunning.rules.instalments import shared_out
from dunning.rules.timing import nominal_days
from invoices.queries.in_flight import LONGEST_FLIGHT

__all__ = ["Facts", "Person", "facts_about", "next_chunk"]

_UNSAVED = 2**62  # a policy that is only rehearsed comes after all others
_Sent = tuple[int, date | None, tuple[int, ...]]  # the step reached, the last notice's day, promises answered
_NEVER: _Sent = (0, None, ())


@dataclass(frozen=True, slots=True)
class Facts:
    """Accounts in order of customer and currency, the people behind them by customer id, and the rules by version."""

    accounts: Sequence[Account]
    people: Mapping[int, Person]
    rules: Mapping[int, PolicyFacts] = field(default_factory=dict)

    def account(self, customer_id: int, currency: str) -> Account | None:
        """The account, or None when nothing is open in it."""
        for account in self.accounts:
            if account.customer_id == customer_id and account.currency == currency:
                return account
        return None

    def rule_for(self, account: Account | None) -> PolicyFacts:
        """The policy as it holds for this account: in force now, or the older version its conversation ends with."""
        return self.rules[account.version if account else 0]


def facts_about(
    policy: Policy,
    customer_ids: Collection[int],
    as_of: date,
    *,
    same_contact_runs: Collection[int] = (),
    edition: Edition | None = None,
) -> Facts:
    """The facts of these customers as of that day, inclusive; under that edition of the policy if one is given.

    `same_contact_runs`: runs whose notices are no contact of their own. The last look names the run of the notice it
    looks at, so that the letter in one currency does not keep back the one in another."""
    wanted = set(customer_ids)
    absorbed: dict[int, int] = dict(_rows(sql.ABSORBED, {"ids": list(wanted)}))
    asked: dict[str, Any] = {
        "ids": [pk for pk in wanted | absorbed.keys() if absorbed.get(pk, pk) in wanted],
        "as_of": as_of,
        "policy": policy.pk,
        "entity": policy.entity_id,
        "same_contact_runs": list(same_contact_runs),
        "flight": LONGEST_FLIGHT,
    }
    own = asked | {"ids": list(wanted)}
    people = people_of(_rows(PEOPLE, own), _rows(CONTACTS, own))
    editions, stays = ({0: edition}, {}) if edition else _editions(policy, own)
    restarts = _latest(_rows(sql.RESTARTS, asked), absorbed)
    sent = _sent(asked, editions, stays, restarts, absorbed)
    groups = _items(asked, people, absorbed, sent, any(one.facts.beside for one in editions.values()))
    credits: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for who, currency, left in _rows(sql.CREDITS, asked):
        credits[absorbed.get(who, who), currency] += left
    holds, pause = _holds(asked, absorbed), _entity_pause(asked)
    in_hand = {
        (absorbed.get(customer, customer), currency): InHand(step, state, day)
        for customer, currency, step, state, day in _rows(sql.IN_HAND, asked)
    }
    contacts = _last_contacts(asked, absorbed)
    minimum: dict[tuple[int, str], Decimal] = {}
    nothing = Decimal(0)
    accounts = []
    for key, items in groups.items():
        customer_id, currency = key
        version = stays.get(key, 0) if any(item.sent_on for item in items) else 0  # a new conversation: the new rule
        if (version, currency) not in minimum:
            minimum[version, currency] = minimum_in(editions[version], currency, as_of)
        person = people[customer_id]
        accounts.append(
            Account(
                customer_id, currency, tuple(items), person.region, credits.get(key, nothing),
                minimum[version, currency], pause or holds.get(customer_id), person.related_party, person.autopay,
                contacts.get(customer_id), in_hand.get(key), person.reach, restarts.get(customer_id), version,
            )
        )  # fmt: skip
    return Facts(accounts, people, {number: edition.facts for number, edition in editions.items()})


def next_chunk(policy: Policy, after: int, size: int, *, upto: int | None = None) -> list[int]:
    """The next customer ids the policy looks after, in order of id, none beyond `upto`; empty at the end."""
    asked = {
        "entity": policy.entity_id, "after": after, "size": size, "upto": _UNSAVED if upto is None else upto,
        "strategy": policy.strategy, "segment": policy.segment_id, "rank": policy.rank,
        "policy": policy.pk or _UNSAVED,
    }  # fmt: skip
    return [customer_id for (customer_id,) in _rows(sql.CHUNK, asked)]


def _editions(policy: Policy, asked: Mapping[str, Any]) -> tuple[dict[int, Edition], dict[tuple[int, str], int]]:
    """The policy as it is (0) and the older versions somebody stays with, and who stays with which."""
    editions, stays = {0: current_edition(policy)}, {}
    for customer, currency, number, content in _rows(sql.STAYS, asked) if policy.pk else ():
        if number not in editions:
            editions[number] = edition_of(policy, json.loads(content), number)
        stays[customer, currency] = number
    return editions, stays


def _sent(
    asked: Mapping[str, Any],
    editions: Mapping[int, Edition],
    stays: Mapping[tuple[int, str], int],
    restarts: Mapping[int, date],
    absorbed: Mapping[int, int],
) -> dict[tuple[int, int | None], _Sent]:
    """How far each claim got, by invoice and instalment."""
    merged: dict[int, list[int]] = {}
    for gone, survivor in absorbed.items():
        merged.setdefault(survivor, []).append(gone)
    steps = [
        (version, step.id, step.position, days, month_end)
        for version, edition in editions.items()
        for step, (days, month_end) in zip(edition.facts.steps, nominal_days(edition.facts.steps), strict=True)
        if step not in edition.facts.beside
    ]
    staying = [
        (pk, currency, version)
        for (customer, currency), version in stays.items()
        for pk in (customer, *merged.get(customer, ()))
    ]
    again = [(pk, day) for customer, day in restarts.items() for pk in (customer, *merged.get(customer, ()))]
    lists = {
        **_columns(("step_versions", "step_ids", "step_positions", "step_days", "step_month_ends"), steps),
        **_columns(("stay_ids", "stay_currencies", "stay_versions"), staying),
        **_columns(("restart_ids", "restart_days"), again),
    }
    return {
        (invoice, part): (position, sent_on, tuple(answered or ()))
        for invoice, part, position, sent_on, answered in _rows(sql.SENT_STEPS, {**asked, **lists})
    }


def _items(
    asked: Mapping[str, Any],
    people: Mapping[int, Person],
    absorbed: Mapping[int, int],
    sent: Mapping[tuple[int, int | None], _Sent],
    promises_matter: bool,
) -> dict[tuple[int, str], list[OpenItem]]:
    regions = {pk: people[absorbed.get(pk, pk)].region for pk in asked["ids"]}
    pauses = pauses_of(_rows, asked, regions)
    broken = dict(_rows(sql.BROKEN, asked)) if promises_matter else {}
    groups: dict[tuple[int, str], list[OpenItem]] = {}
    in_parts: dict[int, list[OpenItem]] = {}
    for who, currency, pk, number, entity, issued_on, due_on, left, part, position, kind in _rows(sql.ITEMS, asked):
        step, sent_on, answered = sent.get((pk, part), _NEVER)
        pause = pauses.get(pk)
        item = OpenItem(
            pk, number if part is None else f"{number}/{position}", entity, issued_on, due_on, left,
            0 if kind in CLAIM_KINDS else step, pause, part, kind, sent_on, broken.get(pk), answered,
        )  # fmt: skip
        groups.setdefault((absorbed.get(who, who), currency), []).append(item)
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


def _entity_pause(asked: Mapping[str, Any]) -> HoldFacts | None:
    for reason, until in _rows(sql.ENTITY_PAUSE, asked):
        return HoldFacts(reason, until, "entity")
    return None


def _last_contacts(asked: Mapping[str, Any], absorbed: Mapping[int, int]) -> dict[int, LastContact]:
    made = [(who, LastContact(on, what)) for who, on, what in _rows(sql.LAST_NOTICES, asked)]
    contacts: dict[int, LastContact] = {}
    for who, contact in [*made, *last_manual_contacts(asked["ids"], asked["as_of"]).items()]:
        customer = absorbed.get(who, who)
        if customer not in contacts or contact.on > contacts[customer].on:
            contacts[customer] = contact
    return contacts


def _latest(rows: Iterable[tuple[int, date]], absorbed: Mapping[int, int]) -> dict[int, date]:
    found: dict[int, date] = {}
    for who, day in rows:
        customer = absorbed.get(who, who)
        found[customer] = max(day, found.get(customer, day))
    return found


def _columns(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> dict[str, list[Any]]:
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def _rows(statement: str, asked: Mapping[str, Any]) -> Iterable[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        rows: list[Any] = cursor.fetchall()
        return rows
