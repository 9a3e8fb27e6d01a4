"""The demo company's accounts as a bank sees them on a past day: what was open, who had paid before, what may come
back. Reads only; payments and postings made since do not change it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count

from collections_app.demo.bank_truth import Payer, World, in_groups, payer
from collections_app.lib.money import round_amount
from customers.models import Customer, LegalEntity
from invoices.models import Invoice, Payment
from invoices.queries.match_facts import open_items
from invoices.rules.matching import CustomerFact, Index, OpenItem, Payers, PaymentFact, PaymentIndex, folded_name
from invoices.rules.matching.numbers import digit_keys

_BACK = timedelta(days=40)
OPENING = Decimal(250_000)  # of the account, above zero whatever goes out
_EARLY_SHARE = 4  # every fourth customer may keep 2 % back within 14 days, where the demo's terms give none


@dataclass(frozen=True, slots=True)
class Known:
    """What matching may use of a world: the index with the payers learned so far, and the payments."""

    index: Index
    payments: PaymentIndex


def bank_worlds(on: date, *, seed: int) -> list[tuple[World, Known]]:
    """The world of each account and currency of the demo with anything open on that day, and what is known of it."""
    payers = all_payers(seed)
    found = []
    for entity in LegalEntity.objects.order_by("code"):
        currencies = Invoice.objects.filter(entity=entity).order_by("currency").values_list("currency", flat=True)
        for currency in currencies.distinct():
            items = tuple(_with_discount(item) for item in open_items(entity.pk, currency, as_of=on))
            payments = _payments(entity, currency, on, payers)
            times = _times(entity, on)
            regular = frozenset(pk for pk, count in times.items() if count > 1)
            world = World(on, entity.iban, currency, paid_at_once(items), payers, regular, payments)
            if world.items:
                found.append((world, _known(world, items, times, _settled(items, entity, on))))
    return found


def all_payers(seed: int) -> dict[int, Payer]:
    """Every customer as its bank shows it, the same for the same seed."""
    rows = Customer.objects.order_by("pk").values_list("pk", "number", "name", "language", "country")
    return in_groups({row[0]: payer(*row, seed=seed) for row in rows})


def paid_at_once(items: Iterable[OpenItem]) -> tuple[OpenItem, ...]:
    """Those of customers who have nothing in instalments: the truth of a line is told per invoice."""
    told = tuple(items)
    in_parts = {item.customer_id for item in told if item.instalment_id is not None}
    return tuple(item for item in told if item.customer_id not in in_parts)


def _with_discount(item: OpenItem) -> OpenItem:
    assert item.issued_on is not None
    if item.discount or item.customer_id % _EARLY_SHARE or item.instalment_id is not None:
        return item
    discount = round_amount(item.open_amount * 2 / 100, item.currency)
    return replace(item, discount=discount, discount_until=item.issued_on + timedelta(days=14))


def _payments(entity: LegalEntity, currency: str, on: date, payers: Mapping[int, Payer]) -> tuple[PaymentFact, ...]:
    rows = Payment.objects.filter(entity=entity, currency=currency, received_on__range=(on - _BACK, on)).order_by("pk")
    return tuple(
        PaymentFact(
            id=row.pk,
            customer_id=row.customer_id,
            amount=row.amount,
            currency=currency,
            received_on=row.received_on,
            entity_id=entity.pk,
            account=payers[row.customer_id].account,
            name=payers[row.customer_id].bank_name,
            end_to_end_id=f"DD{row.pk:08}",
            text=row.reference,
        )
        for row in rows
    )


def _times(entity: LegalEntity, on: date) -> dict[int, int]:
    """How often each customer had paid this entity by then."""
    payments = Payment.objects.filter(entity=entity, received_on__lte=on).order_by()
    return dict(payments.values_list("customer_id").annotate(Count("pk")))


def _known(world: World, items: Sequence[OpenItem], times: Mapping[int, int], settled: Mapping[int, set[str]]) -> Known:
    """What matching has learned by then: the accounts and names of those who pay regularly."""
    accounts: dict[str, dict[int, int]] = defaultdict(dict)
    names: dict[str, dict[int, int]] = defaultdict(dict)
    for pk in sorted(world.regular):
        accounts[world.payers[pk].account][pk] = times[pk]
        names[folded_name(world.payers[pk].bank_name)][pk] = times[pk]
    customers = [CustomerFact(by.id, by.number, by.name) for by in world.payers.values() if by.id in times]
    index = Index(items, customers, Payers(accounts, names), settled)
    return Known(index, PaymentIndex(world.payments))


def _settled(items: Iterable[OpenItem], entity: LegalEntity, on: date) -> dict[int, set[str]]:
    open_ids = {item.id for item in items}
    rows = Invoice.objects.filter(entity=entity, issued_on__lte=on).values_list("pk", "number", "customer_id")
    found: dict[int, set[str]] = defaultdict(set)
    for pk, number, customer in rows:
        if pk not in open_ids:
            found[customer].update(digit_keys(number))
    return found
