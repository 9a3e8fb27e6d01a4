"""Two years of books of two entities in three currencies, from a seed: instalments, reversals, back-dated payments,
write-offs, disputes, promises, plans and merges. Every law of the database holds while they are written."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from customers.models import Customer, CustomerMerge, LegalEntity
from invoices.models import (
    Adjustment,
    Allocation,
    CreditNote,
    Dispute,
    Instalment,
    Invoice,
    Payment,
    PaymentPlan,
    PlanItem,
    Promise,
    PromiseItem,
)
from tests import factories

FIRST = date(2024, 1, 1)
DAYS = 700
CURRENCIES = ("EUR", "GBP", "USD")
_CENT = Decimal("0.01")


class SeededBooks:
    """The books of one seed. `write` puts them into the database."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._numbers = iter(range(1, 1_000_000))

    def write(self, customers_per_entity: int = 12, invoices_per_customer: int = 12) -> None:
        """Nothing; afterwards the books are there: entity DE01 in Berlin, US01 in New York."""
        entities = [factories.entity(), factories.entity("US01", time_zone="America/New_York", currency="USD")]
        for entity in entities:
            customers = [factories.customer(of=entity, email=None) for _ in range(customers_per_entity)]
            self._merge(customers)
            for customer in customers:
                self._account(entity, customer, invoices_per_customer)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # tests before this one left numbers behind that are not of these books

    def _merge(self, customers: list[Customer]) -> None:
        """Three customers become one: the second is merged into the first, which is merged into the third later."""
        first, second, third = customers[:3]
        for absorbed, survivor, day in ((second, first, 300), (first, third, 500), (second, third, 500)):
            CustomerMerge.objects.create(
                absorbed=absorbed, survivor=survivor, merged_on=self._day(day), recorded_at=self._recorded(day, (0, 9))
            )
        Customer.objects.filter(pk__in=[first.pk, second.pk]).update(merged_into=third)

    def _account(self, entity: LegalEntity, customer: Customer, count: int) -> None:
        for currency in self._random.sample(CURRENCIES, 2):
            about = {"entity": entity, "customer": customer, "currency": currency}
            invoices = [self._invoice(about) for _ in range(count)]
            for invoice, on in invoices:
                if self._random.random() < 0.8:
                    self._settle(about, invoice, on)
                self._words(about, invoice, on)
            for _ in range(3):
                on = self._random.randrange(DAYS)
                self._source(self._random.choice(("payment", "credit_note")), about, self._amount(), on)

    def _invoice(self, about: dict[str, Any]) -> tuple[Invoice, int]:
        on = self._random.randrange(DAYS)
        due, total = on + self._random.choice((0, 14, 30, 60)), self._amount()
        status = self._random.choices(("issued", "draft", "voided"), (18, 1, 1))[0]
        dates = {"issued_on": self._day(on), "due_on": self._day(due)}
        made = Invoice.objects.create(
            **about, **dates, number=f"N{next(self._numbers)}", status="draft", total=total,
            recorded_at=self._recorded(on, (0, 0, 4)),
        )  # fmt: skip
        if self._random.random() < 0.25 and total > 1:
            first = (total / 3).quantize(_CENT)
            parts = ((due, first), (due + 30, first), (due + 75, total - 2 * first))
            Instalment.objects.bulk_create(
                Instalment(invoice=made, position=position, due_on=self._day(day), amount=amount)
                for position, (day, amount) in enumerate(parts, start=1)
            )
        if status != "draft":
            made.status = status
            made.save()
        return made, on

    def _source(
        self, side: str, about: dict[str, Any], amount: Decimal, on: int, lags: tuple[int, ...] = (0, 3)
    ) -> Any:
        known = {**about, "recorded_at": self._recorded(on, lags)}
        if side == "payment":
            return Payment.objects.create(**known, amount=amount, received_on=self._day(on))
        if side == "adjustment":
            facts = {"kind": "write_off", "reason": "seeded", "effective_on": self._day(on)}
            return Adjustment.objects.create(**known, **facts, amount=amount)
        dates = {"issued_on": self._day(on), "due_on": self._day(on)}
        number = f"K{next(self._numbers)}"
        return CreditNote.objects.create(**known, **dates, number=number, status="issued", total=amount)

    def _settle(self, about: dict[str, Any], invoice: Invoice, on: int) -> None:
        """Some money for the invoice, in one to three portions, some of it taken back, some for a named instalment."""
        if invoice.status != "issued":
            return
        parts = list(invoice.instalments.all())
        for share in self._random.choice(((1,), (2, 2), (3, 4), (5, 5, 5))):
            amount = (invoice.total / share).quantize(_CENT)
            if self._random.random() < 0.15 or amount <= 0:
                continue
            side = self._random.choice(("payment", "payment", "payment", "credit_note", "adjustment"))
            over = Decimal(0) if side == "adjustment" else self._random.choice((Decimal(0), Decimal("12.34")))
            day = on + self._random.randrange(120)
            part = self._random.choice(parts) if parts and self._random.random() < 0.3 else None
            amount = min(amount, _room(invoice, part))
            if amount > 0:
                source = self._source(side, about, amount + over, day, (0, 0, 0, 6, 45))
                self._allocate(source, side, invoice, amount, day, part)

    def _allocate(
        self, source: Any, side: str, invoice: Invoice, amount: Decimal, day: int, part: Instalment | None
    ) -> None:
        ends = {side: source, "invoice": invoice, "instalment": part}
        ends |= {"customer": source.customer, "currency": source.currency}
        made = Allocation.objects.create(
            **ends, amount=amount, effective_on=self._day(day), recorded_at=self._recorded(day, (0, 0, 6, 45))
        )
        if self._random.random() < 0.15:
            back = day + self._random.randrange(60)
            Allocation.objects.create(
                **ends, amount=-amount, effective_on=self._day(back), reverses=made,
                recorded_at=self._recorded(back, (46, 50)),
            )  # fmt: skip

    def _words(self, about: dict[str, Any], invoice: Invoice, on: int) -> None:
        who = {"customer": about["customer"], "currency": about["currency"]}
        for kind in ("dispute", "promise", "plan"):
            if invoice.status != "issued" or self._random.random() > 0.3:
                continue
            begun = on + self._random.randrange(60)
            ended = self._random.choice((None, self._day(begun + self._random.randrange(1, 200))))
            amount = self._random.choice((invoice.total, (invoice.total / 2).quantize(_CENT) or _CENT))
            told = {**who, "recorded_at": self._recorded(begun, (0, 5))}
            day = self._day(begun)
            if kind == "dispute":
                Dispute.objects.create(
                    **told, invoice=invoice, reference=f"D{invoice.pk}", reason="price", amount=amount, opened_on=day,
                    answer_by=day, closed_on=ended, state="rejected" if ended else "open",
                )  # fmt: skip
            elif kind == "promise":
                state = "broken" if ended else "open"
                days = {"made_on": day, "promised_on": day, "closed_on": ended}
                promise = Promise.objects.create(**told, **days, amount=amount, state=state)
                item = {"invoice": invoice, "customer": who["customer"], "amount": amount}
                PromiseItem.objects.create(promise=promise, live=ended is None, **item)
            else:
                state = "cancelled" if ended else "active"
                plan = PaymentPlan.objects.create(**told, agreed_on=day, ended_on=ended, state=state)
                PlanItem.objects.create(plan=plan, invoice=invoice, amount=amount, live=ended is None)

    def _amount(self) -> Decimal:
        return Decimal(self._random.randint(100, 900_000)) / 100

    def _day(self, number: int) -> date:
        return FIRST + timedelta(days=number)

    def _recorded(self, day: int, lags: tuple[int, ...]) -> datetime:
        """Some time of the day so many days later, in UTC: near midnight it is another day in Berlin or New York."""
        at = datetime.combine(self._day(day + self._random.choice(lags)), datetime.min.time(), tzinfo=UTC)
        return at + timedelta(minutes=self._random.choice((5, 90, 600, 1000, 1425)))


def _room(invoice: Invoice, part: Instalment | None) -> Decimal:
    """What may still be put there on any day: what was taken back later is not counted as free."""
    rows = list(Allocation.objects.filter(invoice=invoice, amount__gt=0))
    free = invoice.total - sum((row.amount for row in rows), Decimal(0))
    if part is None:
        return free
    return min(free, part.amount - sum((row.amount for row in rows if row.instalment_id == part.pk), Decimal(0)))
