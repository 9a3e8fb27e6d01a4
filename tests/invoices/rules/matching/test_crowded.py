"""A ledger made to mislead: sixty customers with the same few prices, numbers without gaps, half of the invoices paid
already, payers who mistype, pay twice or in advance and name several invoices. What posts by itself must be right."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from collections_app.demo.bank_noise import loosely, mistyped
from invoices.rules.matching import CustomerFact, Index, Line, OpenItem, Payers, Settings, match_lines

_KINDS = ("named", "loose", "mistyped", "wordless", "paid_twice", "in_advance", "two", "short")


@dataclass
class Crowd:
    """The ledger, with the invoices that are paid already beside the open ones."""

    random: Random
    names: list[str] = field(default_factory=list)
    open: list[OpenItem] = field(default_factory=list)
    paid: list[OpenItem] = field(default_factory=list)

    def index(self) -> Index:
        settled: dict[int, set[str]] = {}
        for item in self.paid:
            settled.setdefault(item.customer_id, set()).add(item.number[3:])
        known = {f"DE{n}": {n: 3} for n in range(60) if n % 5}
        facts = [CustomerFact(n, f"{10_000 + n}", name) for n, name in enumerate(self.names)]
        return Index(self.open, facts, Payers(known), settled)


def crowd(seed: int) -> Crowd:
    """Ten months of one invoice a customer and month."""
    made = Crowd(Random(seed))
    random = made.random
    roots, trades = ("Ash", "Elm", "Fir", "Oak", "Yew"), ("Pumps", "Foods", "Timber", "Energy")
    made.names = [f"{random.choice(roots)} {random.choice(trades)} {n} GmbH" for n in range(60)]
    prices = [random.choice((49, 49, 99, 120, 250, 500, 1000, 1000)) for _ in range(60)]
    for n in range(600):
        month, customer = n // 60 + 1, n % 60
        amount = Decimal(prices[customer] if random.random() < 0.7 else random.randint(20, 400) * 5)
        issued = date(2026, month, 1)
        item = OpenItem(
            40_001 + n, customer, f"NW-{40_001 + n}", issued + timedelta(30), amount, "EUR", issued_on=issued
        )
        is_paid = random.random() < (0.95 if month < 7 else 0.6 if month < 10 else 0)
        (made.paid if is_paid else made.open).append(item)
    return made


def lines_of(made: Crowd) -> Iterator[tuple[Line, dict[int, Decimal] | None]]:
    """Lines with what they pay; None where only a person can know."""
    random = made.random
    for place in range(150):
        kind = random.choice(_KINDS)
        item = random.choice(made.paid if kind == "paid_twice" else made.open)
        amount, text = item.open_amount, item.number
        truth: dict[int, Decimal] | None = {item.id: amount}
        if kind == "loose":
            text = f"RE {loosely(item.number, random)}"
        elif kind in ("mistyped", "paid_twice") and random.random() < 0.7:
            text = mistyped(item.number, random)
        elif kind == "wordless":
            text = "danke"
        elif kind == "in_advance":
            amount, text, truth = Decimal(random.choice((49, 99, 100, 250, 500, 1000))), "a conto", None
        elif kind == "short":
            amount -= random.randint(1, 10)
            truth = {item.id: amount}
        elif kind == "two":
            other = random.choice([each for each in made.open if each.customer_id == item.customer_id])
            if other.id == item.id:
                continue
            amount += other.open_amount
            truth = {item.id: item.open_amount, other.id: other.open_amount}
            text = random.choice((f"{item.number}+{other.number}", f"{item.number}/{other.number[-2:]}"))
        yield (
            Line(
                place, date(2026, 11, 20), amount, "EUR", text=text,
                name=made.names[item.customer_id].upper() if random.random() < 0.8 else "",
                account=f"DE{item.customer_id}" if random.random() < 0.8 else "",
            ),
            None if kind == "paid_twice" else truth,
        )  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_in_a_misleading_ledger_nothing_wrong_posts_by_itself(seed: int) -> None:
    made = crowd(seed)
    told = list(lines_of(made))
    came: Counter[str] = Counter()
    wrong = []
    for (line, truth), answer in zip(
        told, match_lines([line for line, _ in told], made.index(), Settings()), strict=True
    ):
        if not answer.certain:
            came["waits"] += 1
            continue
        paid = {share.item.id: share.amount for share in answer.suggestions[0].shares}
        came["right" if paid == truth else "wrong"] += 1
        if paid != truth:
            wrong.append((line.text, line.name, line.account, str(line.amount), sorted(answer.suggestions[0].codes)))
    assert wrong == []
    assert came["right"] > 30
