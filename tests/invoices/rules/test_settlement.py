"""How documents of one day settle each other: exactly, credits first, never more than either end."""

from collections import defaultdict
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from invoices.rules.settlement import Settled, Settlement, Share, settle

amounts = st.decimals(min_value="0.01", max_value="99999", places=2)
days = st.lists(st.tuples(amounts, st.booleans()), min_size=1, max_size=12).map(
    lambda rows: [Settled(number, amount, is_credit) for number, (amount, is_credit) in enumerate(rows)]
)


def test_one_invoice_is_paid_by_one_payment() -> None:
    found = settle([Settled(1, Decimal(80), False)])
    assert found == Settlement((Share(None, 1, Decimal(80)),), Decimal(80), Decimal(0))


def test_a_credit_uses_up_the_oldest_invoice_and_money_pays_the_rest() -> None:
    found = settle([Settled(1, Decimal(20), False), Settled(2, Decimal(80), False), Settled(3, Decimal(30), True)])
    assert found.shares == (
        Share(3, 1, Decimal(20)), Share(3, 2, Decimal(10)), Share(None, 2, Decimal(70)),
    )  # fmt: skip
    assert [found.paid, found.refunded] == [70, 0]


def test_what_is_left_of_credits_is_refunded() -> None:
    found = settle([Settled(1, Decimal(10), False), Settled(2, Decimal(15), True), Settled(3, Decimal(2), True)])
    assert found.shares[-2:] == (Share(2, None, Decimal(5)), Share(3, None, Decimal(2)))
    assert [found.paid, found.refunded] == [0, 7]


@given(documents=days)
def test_every_document_is_allocated_exactly_its_amount(documents: list[Settled]) -> None:
    found = settle(documents)
    credited: dict[int | None, Decimal] = defaultdict(Decimal)
    claimed: dict[int | None, Decimal] = defaultdict(Decimal)
    for share in found.shares:
        assert share.amount > 0
        assert share.credit_id is not None or share.invoice_id is not None
        credited[share.credit_id] += share.amount
        claimed[share.invoice_id] += share.amount
    for document in documents:
        assert (credited if document.is_credit else claimed)[document.id] == document.amount
    assert (credited[None], claimed[None]) == (found.paid, found.refunded)
    assert not (found.paid and found.refunded)
