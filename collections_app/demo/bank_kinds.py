"""The kinds of lines of the demo's bank file, each with its truth. One function per kind; each gives no line when the
world has nothing left for it."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from collections_app.demo.bank_noise import iban, loosely, mistyped, stranger, text_for
from collections_app.demo.bank_truth import Maker, Payer, TrueLine, World, is_told_by_amount, scaled
from collections_app.lib.money import round_amount
from collections_app.lib.references import rf_reference
from invoices.bank_formats.contract import Entry
from invoices.rules.matching import OpenItem


def bank_truth(world: World, *, seed: int, count: int) -> list[TrueLine]:
    """About `count` lines in the usual mix, in no order of kinds; fewer when the world has not as many open items."""
    return lines_of(world, scaled(count), seed=seed)


def lines_of(world: World, wanted: Mapping[str, int], *, seed: int) -> list[TrueLine]:
    """So many lines of each kind, as far as the world has open items for them."""
    maker = Maker(world, seed)
    made: list[TrueLine] = []
    # What needs a customer without any other line, or several items, comes first; plain numbers take what is left.
    for kind in sorted(wanted, key=lambda kind: (kind not in ("everything", "known_account", "many_to_one"), kind)):
        for _ in range(wanted[kind]):
            made += KINDS[kind](maker)
    maker.random.shuffle(made)
    return made


def _payer(maker: Maker, item: OpenItem) -> Payer:
    return maker.world.payers[item.customer_id]


def _paid(kind: str, entry: Entry, items: Sequence[OpenItem], rest: Decimal = Decimal(0)) -> list[TrueLine]:
    return [TrueLine(kind, entry, tuple((item.id, item.open_amount) for item in items), rest)]


def _number(maker: Maker) -> list[TrueLine]:
    if (item := maker.take()) is None:
        return []
    by = _payer(maker, item)
    text = text_for("number", by.language, maker.words([item]), maker.random)
    in_id = item.number if maker.random.random() < 0.05 else ""
    return _paid("number", maker.entry(item.open_amount, text, by, end_to_end_id=in_id), [item])


def _loose_number(maker: Maker) -> list[TrueLine]:
    if (item := maker.take()) is None:
        return []
    by = _payer(maker, item)
    words = maker.words([item], loosely(item.number, maker.random))
    return _paid(
        "loose_number", maker.entry(item.open_amount, text_for("number", by.language, words, maker.random), by), [item]
    )


def _rf_reference(maker: Maker) -> list[TrueLine]:
    if (item := maker.take()) is None:
        return []
    by, reference = _payer(maker, item), rf_reference(item.number)
    if maker.random.random() < 0.7:
        return _paid("rf_reference", maker.entry(item.open_amount, "", by, reference=reference), [item])
    spaced = " ".join(reference[start : start + 4] for start in range(0, len(reference), 4))
    return _paid("rf_reference", maker.entry(item.open_amount, f"Ref. {spaced}", by), [item])


def _many_to_one(maker: Maker) -> list[TrueLine]:
    items = maker.take_several()
    if not items:
        return []
    by = _payer(maker, items[0])
    text = text_for("number", by.language, maker.words(items), maker.random)
    total = sum((item.open_amount for item in items), Decimal(0))
    return _paid("many_to_one", maker.entry(total, text, by), items)


def _known_account(maker: Maker) -> list[TrueLine]:
    """Nothing said but who pays. Where the customer's items leave a choice, a person decides."""
    if (item := maker.take(fresh=True)) is None:
        return []
    by = _payer(maker, item)
    text = text_for("wordless", by.language, maker.words([item]), maker.random)
    entry = maker.entry(item.open_amount, text, by, account=by.account)
    if maker.is_torn(by) or not is_told_by_amount(item, maker.of_customer[item.customer_id]):
        return [TrueLine("known_account", entry)]
    return _paid("known_account", entry, [item])


def _everything(maker: Maker) -> list[TrueLine]:
    items = maker.take_all()
    if not items:
        return []
    by = _payer(maker, items[0])
    total = sum((item.open_amount for item in items), Decimal(0))
    text = text_for("wordless", by.language, maker.words(items), maker.random)
    entry = maker.entry(total, text, by, account=by.account)
    return [TrueLine("everything", entry)] if maker.is_torn(by) else _paid("everything", entry, items)


def _short_pay(maker: Maker) -> list[TrueLine]:
    if (item := maker.take(wanted=lambda item: item.open_amount > 50)) is None:
        return []
    by = _payer(maker, item)
    missing = round_amount(item.open_amount * maker.random.randint(3, 20) / 100, item.currency)
    text = text_for("short", by.language, maker.words([item], missing=missing), maker.random)
    paid = item.open_amount - missing
    return [TrueLine("short_pay", maker.entry(paid, text, by, account=by.account), ((item.id, paid),))]


def _early_discount(maker: Maker) -> list[TrueLine]:
    def in_time(item: OpenItem) -> bool:
        return item.discount_until is not None and (item.discount_until - maker.world.on).days > 3

    if (item := maker.take(wanted=in_time)) is None:
        return []
    by = _payer(maker, item)
    paid = item.open_amount - item.discount
    text = text_for("early", by.language, maker.words([item], missing=item.discount), maker.random)
    return [TrueLine("early_discount", maker.entry(paid, text, by), ((item.id, paid),))]


def _overpaid(maker: Maker) -> list[TrueLine]:
    if (item := maker.take()) is None:
        return []
    by = _payer(maker, item)
    over = maker.random.choice((100 - item.open_amount % 100, Decimal(maker.random.randint(5, 80)), Decimal(10)))
    text = text_for("number", by.language, maker.words([item]), maker.random)
    entry = maker.entry(item.open_amount + over, text, by, account=by.account)
    return [TrueLine("overpaid", entry, ((item.id, item.open_amount),), over)]


def _order_only(maker: Maker) -> list[TrueLine]:
    if (item := maker.take(wanted=lambda item: bool(item.po_number))) is None:
        return []
    by = _payer(maker, item)
    text = text_for("order", by.language, maker.words([item]), maker.random)
    return _paid("order_only", maker.entry(item.open_amount, text, by), [item])


def _typo(maker: Maker) -> list[TrueLine]:
    if (item := maker.take()) is None:
        return []
    by = _payer(maker, item)
    words = maker.words([item], mistyped(item.number, maker.random))
    return _paid(
        "typo", maker.entry(item.open_amount, text_for("number", by.language, words, maker.random), by), [item]
    )


def _third_party(maker: Maker) -> list[TrueLine]:
    """Somebody else pays and says for which invoice."""
    if (item := maker.take()) is None:
        return []
    by = _payer(maker, item)
    text = text_for("number", by.language, maker.words([item]), maker.random)
    name, account = stranger(maker.random), iban("DE", maker.random.randint(10**16, 10**17))
    return _paid("third_party", maker.entry(item.open_amount, text, by, name=name, account=account), [item])


def _equal_pair(maker: Maker) -> list[TrueLine]:
    """The same invoice paid twice: one of the two pays it, the other is a person's business."""
    if (item := maker.take(fresh=True)) is None:
        return []
    by = _payer(maker, item)
    text = text_for("number", by.language, maker.words([item]), maker.random)
    first, second = (maker.entry(item.open_amount, text, by) for _ in range(2))
    paid = TrueLine("equal_pair", first, ((item.id, item.open_amount),), pair=item.id)
    return [paid, TrueLine("equal_pair", second, pair=item.id)]


def _amount_only(maker: Maker) -> list[TrueLine]:
    if (item := maker.take()) is None:
        return []
    text = text_for("wordless", _payer(maker, item).language, maker.words([item]), maker.random)
    entry = maker.entry(item.open_amount, text, None, name=stranger(maker.random), account="")
    return [TrueLine("amount_only", entry)]


def _similar_names(maker: Maker) -> list[TrueLine]:
    """A name that fits several customers, and an amount that one of them owes."""
    firsts = [by.name.split()[0] for by in maker.world.payers.values()]
    if (item := maker.take(wanted=lambda item: firsts.count(_payer(maker, item).name.split()[0]) > 1)) is None:
        return []
    by = _payer(maker, item)
    name = f"{by.name.split()[0]} {maker.random.choice(('Gruppe', 'Holding', 'Services', ''))}".strip()
    text = text_for("wordless", by.language, maker.words([item]), maker.random)
    return [TrueLine("similar_names", maker.entry(item.open_amount, text, by, name=name, account=""))]


def _unknown_payer(maker: Maker) -> list[TrueLine]:
    amount = Decimal(maker.random.randint(2_000, 900_000)) / 100
    text = maker.random.choice(("Rechnung 2231/A", "Spende", "Miete", "Invoice A-117", "", "Refund order 88712"))
    name, account = stranger(maker.random), iban("DE", maker.random.randint(10**16, 10**17))
    return [TrueLine("unknown_payer", maker.entry(amount, text, None, name=name, account=account))]


def _returned(maker: Maker) -> list[TrueLine]:
    if not maker.payments:
        return []
    payment = maker.payments.pop()
    by = maker.world.payers[payment.customer_id]
    words = maker.words([maker.world.items[0]])
    text = text_for("returned", by.language, words, maker.random) + payment.end_to_end_id
    entry = maker.entry(-payment.amount, text, by, end_to_end_id=payment.end_to_end_id, is_reversal=True)
    return [TrueLine("returned", entry, takes_back=payment.id)]


def _returned_without_id(maker: Maker) -> list[TrueLine]:
    if not maker.payments:
        return []
    payment = maker.payments.pop()
    by = maker.world.payers[payment.customer_id]
    return [TrueLine("returned_without_id", maker.entry(-payment.amount, "RUECKGABE", by, end_to_end_id="NOTPROVIDED"))]


def _bank_fee(maker: Maker) -> list[TrueLine]:
    text = maker.random.choice(("Kontofuehrung", "SWIFT charges", "Entgelt Auslandszahlung", "Account fee"))
    return [TrueLine("bank_fee", maker.entry(-Decimal(maker.random.randint(150, 4500)) / 100, text, None, name=""))]


def _own_transfer(maker: Maker) -> list[TrueLine]:
    amount = Decimal(maker.random.randint(5, 40) * 1000)
    entry = maker.entry(amount, "Umbuchung", None, name="Cash pool", account=maker.world.own_account)
    return [TrueLine("own_transfer", entry)]


KINDS: dict[str, Callable[[Maker], list[TrueLine]]] = {
    "number": _number, "loose_number": _loose_number, "rf_reference": _rf_reference, "many_to_one": _many_to_one,
    "known_account": _known_account, "everything": _everything, "short_pay": _short_pay,
    "early_discount": _early_discount, "overpaid": _overpaid, "order_only": _order_only, "typo": _typo,
    "third_party": _third_party, "equal_pair": _equal_pair, "amount_only": _amount_only,
    "similar_names": _similar_names, "unknown_payer": _unknown_payer, "returned": _returned,
    "returned_without_id": _returned_without_id, "bank_fee": _bank_fee, "own_transfer": _own_transfer,
}  # fmt: skip
