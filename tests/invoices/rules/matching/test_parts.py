"""Names, numbers, sums and money that goes out."""

from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoices.rules.matching import CustomerFact, PaymentFact, PaymentIndex, Settings, folded_name, match_lines
from invoices.rules.matching.combinations import combination, pair_exists
from invoices.rules.matching.names import NameIndex
from invoices.rules.matching.numbers import is_one_slip
from invoices.rules.matching.reading import read_line
from tests.invoices.rules.matching.ledger import ASH, index, line


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller Anlagenbau AG", "MUELLER ANLAGENBAU AG"),
        ("Müller Anlagenbau AG", "Muller Anlagenbau AG"),
        ("Petersen Foods B.V.", "PETERSEN FOODS BV"),
        ("Straßen & Wege GmbH", "STRASSEN UND WEGE GMBH".replace("UND ", "")),
        ("Oak Ltd.", "OAK LIMITED"),
    ],
)
def test_ways_to_write_one_name_fold_to_one(one: str, other: str) -> None:
    assert folded_name(one) == folded_name(other)


def test_a_legal_form_parts_two_customers_of_one_name() -> None:
    names = NameIndex([CustomerFact(1, "1", "Ash Pumps GmbH"), CustomerFact(2, "2", "Ash Pumps KG")])
    assert names.customers_like("ASH PUMPS KG") == {2: "name_equal", 1: "name_similar"}
    assert names.customers_like("Ash Pumps") == {1: "name_similar", 2: "name_similar"}


def test_a_missing_legal_form_or_a_cut_end_does_not_hide_a_customer() -> None:
    names = NameIndex(
        [CustomerFact(1, "1", "Kestrel Instruments GmbH & Co. KG"), CustomerFact(2, "2", "Fir Timber AG")]
    )
    assert names.customers_like("Kestrel Instruments") == {1: "name_equal"}
    assert names.customers_like("KESTREL INSTRUMENTS GMBH + C") == {1: "name_similar"}
    assert names.customers_like("Somebody Else") == {}


@pytest.mark.parametrize(
    ("typed", "meant", "slip"),
    [("40132", "40123", True), ("4123", "40123", True), ("401223", "40123", True), ("40128", "40123", True),
     ("40123", "40123", False), ("40321", "40123", False), ("123", "0123", False)],
)  # fmt: skip
def test_one_slip_is_one_digit_or_two_neighbours(typed: str, meant: str, slip: bool) -> None:
    assert is_one_slip(typed, meant) is slip


@given(st.lists(st.integers(1, 60), max_size=9), st.integers(1, 200))
def test_a_combination_is_found_exactly_when_there_is_one(amounts: list[int], target: int) -> None:
    fitting = [
        places
        for size in range(2, len(amounts) + 1)
        for places in combinations(range(len(amounts)), size)
        if sum(amounts[place] for place in places) == target
    ]
    found = combination(amounts, target)
    assert found.places == (fitting[0] if len(fitting) == 1 else None)
    assert found.several == (len(fitting) > 1)
    assert pair_exists(amounts, target) == any(len(places) == 2 for places in fitting)


def test_above_the_bound_no_combination_is_claimed() -> None:
    found = combination([1, 2] + [1000] * 20, 3)
    assert found.places is None
    assert found.several


def test_amounts_days_and_accounts_are_no_numbers() -> None:
    said = read_line(line("1234.50", "1.234,50 EUR vom 12.03.2026 an DE89 3704 0044 0532 0130 00 1234.50 RG 40123"))
    assert [word for word in said.words if word.isdigit()] == ["40123"]


def payment(pk: int, amount: str, **more: Any) -> PaymentFact:
    return PaymentFact(
        pk,
        ASH,
        Decimal(amount),
        "EUR",
        date(2026, 11, 2),
        account=more.pop("account", "DE1"),
        name="Ash Pumps GmbH",
        **more,
    )


def test_a_returned_payment_is_known_by_its_id() -> None:
    known = PaymentIndex([payment(1, "70.00", end_to_end_id="E1"), payment(2, "70.00", end_to_end_id="E2")])
    returned = line("-70.00", "Rückgabe", end_to_end_id="E2", is_reversal=True)
    (answer,) = match_lines([returned], index(), Settings(), known)
    assert answer.certain
    assert answer.best is not None
    assert answer.best.takes_back == 2


def test_without_an_id_amount_and_account_only_suggest() -> None:
    known = PaymentIndex([payment(1, "70.00", account="DE1"), payment(2, "70.00", account="DE9")])
    (answer,) = match_lines([line("-70.00", account="DE1")], index(), Settings(), known)
    assert not answer.certain
    assert [suggestion.takes_back for suggestion in answer.suggestions] == [1]


def test_the_same_payment_is_taken_back_once() -> None:
    known = PaymentIndex([payment(1, "70.00", end_to_end_id="E1")])
    lines = [line("-70.00", end_to_end_id="E1", id=1), line("-70.00", end_to_end_id="E1", id=2)]
    first, second = match_lines(lines, index(), Settings(), known)
    assert first.certain
    assert second.suggestions == ()


@pytest.mark.parametrize("none", ["NotProvided", "NOREF", "unknown", " "])
def test_words_that_banks_write_for_no_id_take_back_nothing(none: str) -> None:
    known = PaymentIndex([payment(1, "70.00", account="DE1", end_to_end_id=none, bank_reference=none)])
    paid_out = line("-70.00", "Supplier", account="DE5", end_to_end_id=none, bank_reference=none)
    (answer,) = match_lines([paid_out], index(), Settings(), known)
    assert answer.suggestions == ()


@pytest.mark.parametrize("text", ["Kontoführung Q3", "SWIFT FEE 12"])
def test_a_fee_takes_back_nothing(text: str) -> None:
    known = PaymentIndex([payment(1, "12.00", account="")])
    (answer,) = match_lines([line("-12.00", text)], index(), Settings(), known)
    assert answer.suggestions == ()


def test_money_cannot_be_taken_back_before_it_came_nor_more_than_came() -> None:
    known = PaymentIndex([payment(1, "70.00", end_to_end_id="E1")])
    early = line("-70.00", end_to_end_id="E1", received_on=date(2026, 11, 1))
    more = line("-71.00", end_to_end_id="E1")
    assert [answer.suggestions for answer in match_lines([early, more], index(), Settings(), known)] == [(), ()]
