"""Writes two years of invoices, payments, credit notes and allocations for the demo, by set, through the same laws that
guard the real ledger. Days are offsets from the demo's today."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from collections_app.demo.build_people import SEED, Cast
from collections_app.demo.characters import Story, stories
from collections_app.lib.money import round_amount, split
from customers.models import Customer
from invoices.models import Allocation, CreditNote, Invoice, Payment

_GOODS = (
    "Gear motors, series 40", "Pump housings", "Seal kits", "Couplings, keyed", "Maintenance, quarterly",
    "Bearings 6204",    "Drive belts", "Control cabinets", "Spare parts as ordered", "Commissioning on site",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """One invoice with the story it came from."""

    customer: Customer
    invoice: Invoice
    story: Story


def build_ledger(cast: Cast, *, today: date) -> list[Told]:
    """The invoices just written, oldest first, with their stories; payments, credits and allocations beside them."""
    told = _invoices(cast, today)
    money = [
        (item, _day(today, paid.on), part)
        for item in told
        for paid, part in zip(item.story.paid, _parts(item), strict=True)
    ]
    payments = Payment.objects.bulk_create([_payment(item, on, part) for item, on, part in money], batch_size=2000)
    allocations = [_allocation(item, payment, part) for (item, _, part), payment in zip(money, payments, strict=True)]
    Allocation.objects.bulk_create(allocations, batch_size=4000)
    _credit_settled_disputes(told, today)
    return told


def at_noon(day: date) -> datetime:
    """Noon in UTC of that day: when the demo says that something was recorded."""
    return datetime.combine(day, time(12), UTC)


def _day(today: date, offset: int) -> date:
    return today + timedelta(days=offset)


def _invoices(cast: Cast, today: date) -> list[Told]:
    random = Random(SEED + 1)
    drafts: list[tuple[Customer, Story, Decimal, list[dict[str, str]]]] = []
    for customer in cast.customers:
        for story in stories(cast.characters[customer.pk], random):
            total = round_amount(cast.usual[customer.pk] * story.weight, customer.currency)
            drafts.append((customer, story, total, _lines(random, total, customer.currency)))
    drafts.sort(key=lambda draft: (draft[1].issued, draft[0].number))
    numbers: dict[str, int] = defaultdict(lambda: 40_000)
    rows = []
    for customer, story, total, lines in drafts:
        prefix = "NW" if customer.entity.code == "DE01" else "NB"
        numbers[prefix] += 1
        issued = _day(today, story.issued)
        rows.append(
            Invoice(
                entity=customer.entity,
                customer=customer,
                number=f"{prefix}-{numbers[prefix]}",
                po_number=f"PO {random.randint(2000, 9999)}" if random.random() < 0.5 else "",
                status=Invoice.Status.ISSUED,
                issued_on=issued,
                due_on=_day(today, story.due),
                currency=customer.currency,
                total=total,
                tax_total=round_amount(total * Decimal("0.16"), customer.currency),
                lines=lines,
                text=lines[0]["text"],
                recorded_at=at_noon(issued),
            )
        )
    written = Invoice.objects.bulk_create(rows, batch_size=2000)
    return [Told(draft[0], invoice, draft[1]) for draft, invoice in zip(drafts, written, strict=True)]


def _lines(random: Random, total: Decimal, currency: str) -> list[dict[str, str]]:
    count = random.randint(1, 3)
    parts = split(total, currency, [random.randint(1, 4) for _ in range(count)])
    goods = random.sample(_GOODS, count)
    return [{"text": text, "quantity": "1", "amount": str(part)} for text, part in zip(goods, parts, strict=True)]


def _parts(item: Told) -> list[Decimal]:
    """What each payment of the story brings; the one that completes the invoice takes the rest."""
    parts: list[Decimal] = []
    told = Decimal(0)
    for paid in item.story.paid:
        told += paid.share
        whole = item.invoice.total - sum(parts)
        parts.append(whole if told == 1 else round_amount(item.invoice.total * paid.share, item.invoice.currency))
    return parts


def _payment(item: Told, received: date, amount: Decimal) -> Payment:
    if item.story.overpaid:
        amount = round_amount(amount + (100 - amount % 100), item.invoice.currency)
    return Payment(
        entity=item.invoice.entity,
        customer=item.customer,
        currency=item.invoice.currency,
        amount=amount,
        received_on=received,
        reference=f"{item.invoice.number} {item.customer.name}"[:140],
        recorded_at=at_noon(received),
    )


def _allocation(item: Told, payment: Payment, amount: Decimal) -> Allocation:
    return Allocation(
        customer=item.customer,
        payment=payment,
        invoice=item.invoice,
        currency=payment.currency,
        amount=amount,
        effective_on=payment.received_on,
        recorded_at=payment.recorded_at,
    )


def _credit_settled_disputes(told: list[Told], today: date) -> None:
    settled = [item for item in told if item.story.disputed and item.story.disputed.closed is not None]
    notes, days, amounts = [], [], []
    for position, item in enumerate(settled):
        disputed = item.story.disputed
        assert disputed is not None
        assert disputed.closed is not None
        day = _day(today, disputed.closed)
        days.append(day)
        amounts.append(item.invoice.total - sum(_parts(item)))
        notes.append(
            CreditNote(
                entity=item.invoice.entity,
                customer=item.customer,
                number=f"CN-{7_000 + position}",
                status=Invoice.Status.ISSUED,
                corrects=item.invoice,
                issued_on=day,
                due_on=day,
                currency=item.invoice.currency,
                total=amounts[-1],
                text=f"Complaint about {item.invoice.number} accepted",
                recorded_at=at_noon(day),
            )
        )
    written = CreditNote.objects.bulk_create(notes, batch_size=2000)
    Allocation.objects.bulk_create(
        [
            Allocation(
                customer=item.customer,
                credit_note=note,
                invoice=item.invoice,
                currency=note.currency,
                amount=amount,
                effective_on=day,
                recorded_at=at_noon(day),
            )
            for item, note, day, amount in zip(settled, written, days, amounts, strict=True)
        ],
        batch_size=4000,
    )
