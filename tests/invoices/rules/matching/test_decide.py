"""Which lines post by themselves, alone and beside others of the same file."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collections_app.lib.references import rf_reference
from collections_app.lib.structured_references import ogm_reference, qr_reference, viite_check
from invoices.rules.matching import AdviceRow, Answer, OpenItem, Settings, Tolerance, match_lines
from tests.invoices.rules.matching.ledger import ASH, ELM, FIR, index, item, line

TOLERANT = Settings(tolerances={"EUR": Tolerance(under=Decimal("1.00"), over=Decimal("0.50"))})


def paid(answer: Answer) -> list[tuple[str, str]]:
    """Number and amount of each share of the best suggestion."""
    assert answer.best is not None
    return [(share.item.number, f"{share.amount:.2f}") for share in answer.best.shares]


@pytest.mark.parametrize(
    "reference",
    [
        rf_reference("NW-40123"),
        ogm_reference(40123),
        qr_reference("40123"),
        qr_reference("10007" + "000000" + "40123"),
        "40123" + viite_check("40123"),
    ],
)
def test_a_structured_reference_and_the_amount_are_enough(reference: str) -> None:
    one = index(item(ASH, "NW-40123", "70.00"), item(ASH, "NW-40124", "70.00"))
    (answer,) = match_lines([line("70.00", reference=reference)], one, Settings())
    assert answer.certain
    assert paid(answer) == [("NW-40123", "70.00")]
    assert answer.best is not None
    assert "reference" in answer.best.codes


def test_a_reference_that_was_given_to_an_item_names_it() -> None:
    one = index(item(ASH, "NW-40123", "70.00", references=("210000000003139471430009017",)))
    (answer,) = match_lines([line("70.00", "Zahlung 21 00000 00003 13947 14300 09017")], one, Settings())
    assert answer.certain


def test_two_open_invoices_of_one_amount_wait_unless_the_number_tells() -> None:
    two = index(item(ASH, "NW-40123", "70.00"), item(ASH, "NW-40199", "70.00"))
    unnamed, named = match_lines(
        [line("70.00", account="DE1"), line("70.00", "NW-40199", account="DE1")], two, Settings()
    )
    assert not unnamed.certain
    assert named.certain
    assert paid(named) == [("NW-40199", "70.00")]


def test_what_one_line_left_over_does_not_make_the_other_certain() -> None:
    two = index(item(ASH, "NW-40123", "70.00"), item(ASH, "NW-40199", "70.00"))
    answers = match_lines([line("70.00", "NW-40123"), line("70.00", account="DE1")], two, Settings())
    assert [answer.certain for answer in answers] == [True, False]
    assert paid(answers[1]) == [("NW-40199", "70.00")]


@pytest.mark.parametrize("text", ["NW-40123", ""])
def test_the_second_of_two_equal_payments_gets_nothing_that_the_first_took(text: str) -> None:
    one = index(item(ASH, "NW-40123", "70.00"))
    lines = [line("70.00", text, account="DE1", id=1), line("70.00", text, account="DE1", id=2)]
    first, second = match_lines(lines, one, Settings())
    assert first.certain
    assert not second.certain
    assert second.best is not None
    assert second.best.shares == ()
    assert second.best.customer_id == ASH
    assert second.best.rest == 70


def test_the_line_with_the_number_takes_the_item_though_it_stands_below() -> None:
    one = index(item(ASH, "NW-40123", "70.00"), item(ASH, "NW-40124", "30.00"))
    by_amount, by_number = match_lines([line("70.00", account="DE1"), line("70.00", "NW-40123")], one, Settings())
    assert by_number.certain
    assert not by_amount.certain


def test_a_number_that_was_paid_already_is_no_slip_of_another() -> None:
    fixed = item(ASH, "NW-40223", "70.00")
    text = line("70.00", "NW-40123", account="DE1", name="Ash Pumps GmbH")
    (slip,) = match_lines([text], index(fixed), Settings())
    (twice,) = match_lines([text], index(fixed, settled={ASH: {"40123"}}), Settings())
    assert slip.certain
    assert not twice.certain


def test_a_slip_that_hits_somebody_elses_item_is_still_seen_as_a_slip() -> None:
    items = index(item(ASH, "NW-40123", "70.00"), item(ELM, "NW-40132", "95.00"))
    (answer,) = match_lines([line("70.00", "NW-40132", account="DE1", name="Ash Pumps GmbH")], items, Settings())
    assert answer.certain
    assert paid(answer) == [("NW-40123", "70.00")]


def test_another_payers_account_speaks_against() -> None:
    (answer,) = match_lines(
        [line("70.00", "NW-40123", account="GB2")], index(item(ASH, "NW-40123", "70.00")), Settings()
    )
    assert not answer.certain
    assert answer.best is not None
    assert "other_account" in answer.best.codes


def test_only_items_of_the_lines_currency_and_entity_are_looked_at() -> None:
    items = index(item(ASH, "NW-40123", "70.00", currency="USD"), item(ASH, "NB-40123", "70.00", entity_id=2, id=2))
    (answer,) = match_lines([line("70.00", "40123", entity_id=1)], items, Settings())
    assert answer.suggestions == ()


def test_a_discount_is_taken_in_time_only() -> None:
    two_percent = item(ASH, "NW-40123", "100.00", discount=Decimal(2), discount_until=date(2026, 11, 10))
    for day, short_kind, certain in ((10, "early_payment_discount", True), (11, "late_discount", True)):
        in_time = line("98.00", "NW-40123", account="DE1", received_on=date(2026, 11, day))
        (answer,) = match_lines([in_time], index(two_percent), Settings())
        assert answer.best is not None
        assert (answer.best.short, answer.best.short_kind, answer.certain) == (Decimal(2), short_kind, certain)


@pytest.mark.parametrize(
    ("amount", "short", "rest", "kind"),
    [("99.00", "1.00", "0.00", "small_difference"), ("98.99", "1.01", "0.00", "deduction"),
     ("100.50", "0.00", "0.50", ""), ("100.51", "0.00", "0.51", "")],
)  # fmt: skip
def test_d16_a_difference_within_tolerance_is_named_as_such(amount: str, short: str, rest: str, kind: str) -> None:
    (answer,) = match_lines([line(amount, "NW-40123", account="DE1")], index(item(ASH, "NW-40123", "100.00")), TOLERANT)
    assert answer.best is not None
    assert (f"{answer.best.short:.2f}", f"{answer.best.rest:.2f}", answer.best.short_kind) == (short, rest, kind)
    assert ("amount_tolerance" in answer.best.codes) == (amount in ("99.00", "100.50"))


def test_two_sums_that_fit_are_no_evidence() -> None:
    clear = index(item(ASH, "NW-40001", "10.00"), item(ASH, "NW-40002", "23.00"), item(ASH, "NW-40003", "51.00"))
    torn = index(
        *(item(ASH, f"NW-4000{place}", amount) for place, amount in enumerate(("10.00", "20.00", "30.00", "40.00")))
    )
    (one,) = match_lines([line("61.00", account="DE1", name="Ash Pumps GmbH")], clear, Settings())
    (two,) = match_lines([line("50.00", account="DE1", name="Ash Pumps GmbH")], torn, Settings())
    assert one.best is not None
    assert two.best is not None
    assert "amount_combination" in one.best.codes
    assert "amount_combination" not in two.best.codes


def test_a_range_is_everything_between_when_the_amount_says_so() -> None:
    items = index(*(item(ASH, f"NW-4012{place}", f"{10 + place}.00") for place in range(3, 7)))
    (whole,) = match_lines([line("58.00", "Rechnungen 40123-40126", account="DE1")], items, Settings())
    assert [number for number, _ in paid(whole)] == ["NW-40123", "NW-40124", "NW-40125", "NW-40126"]
    assert whole.certain
    (ends,) = match_lines([line("29.00", "NW-40123 - NW-40126", account="DE1")], items, Settings())
    assert [number for number, _ in paid(ends)] == ["NW-40123", "NW-40126"]


def test_a_remittance_advice_names_the_items() -> None:
    items = index(item(ASH, "NW-40123", "70.00"), item(ASH, "NW-40124", "30.00"), item(ASH, "NW-40125", "30.00"))
    advice = (AdviceRow("NW-40123", Decimal(70)), AdviceRow("40124", Decimal(30)))
    (answer,) = match_lines([line("100.00", account="DE1", advice=advice)], items, Settings())
    assert answer.certain
    assert [number for number, _ in paid(answer)] == ["NW-40123", "NW-40124"]


def test_instalments_of_a_named_invoice_are_filled_oldest_first() -> None:
    parts = [item(ASH, "NW-40123", "50.00", instalment_id=place, due_on=date(2026, 11 + place, 1)) for place in (0, 1)]
    (answer,) = match_lines([line("50.00", "NW-40123", account="DE1")], index(*parts), Settings())
    assert answer.best is not None
    assert [(share.item.instalment_id, share.amount) for share in answer.best.shares] == [(0, Decimal(50))]


def test_a_positive_line_that_the_bank_calls_a_reversal_waits() -> None:
    (answer,) = match_lines(
        [line("70.00", "NW-40123", account="DE1", is_reversal=True)], index(item(ASH, "NW-40123", "70.00")), Settings()
    )
    assert not answer.certain


def test_the_settings_decide_how_certain_is_certain() -> None:
    one = index(item(ASH, "NW-40123", "70.00"))
    (strict,) = match_lines([line("70.00", account="DE1")], one, Settings(certain=100))
    (loose,) = match_lines([line("70.00", account="DE1")], one, Settings(certain=90))
    assert (strict.certain, loose.certain) == (False, True)


_AMOUNT = st.integers(1, 40).map(lambda count: f"{count * 10}.00")
_ITEMS = st.lists(st.tuples(st.sampled_from((ASH, ELM, FIR)), st.integers(40100, 40160), _AMOUNT), max_size=14)
_TEXT = st.one_of(
    st.integers(40100, 40160).map(lambda n: f"NW-{n}"),
    st.integers(40100, 40160).map(str),
    st.just(""),
    st.text(max_size=30),
)
_LINES = st.lists(
    st.tuples(_AMOUNT, _TEXT, st.sampled_from(("DE1", "GB2", "")), st.sampled_from(("Ash Pumps GmbH", "Elm", ""))),
    max_size=8,
)


@settings(max_examples=150, deadline=None)
@given(_ITEMS, _LINES)
def test_no_item_is_overpaid_and_no_cent_is_lost(
    wanted: list[tuple[int, int, str]], said: list[tuple[str, str, str, str]]
) -> None:
    by_number: dict[int, OpenItem] = {number: item(who, f"NW-{number}", amount) for who, number, amount in wanted}
    lines = [
        line(amount, text, account=account, name=name, id=place)
        for place, (amount, text, account, name) in enumerate(said)
    ]
    taken: dict[int, Decimal] = {}
    for answer, asked in zip(match_lines(lines, index(*by_number.values()), TOLERANT), lines, strict=True):
        strengths = [suggestion.strength for suggestion in answer.suggestions]
        assert strengths == sorted(strengths, reverse=True)
        for suggestion in answer.suggestions:
            assert sum(share.amount for share in suggestion.shares) + suggestion.rest == asked.amount
            assert suggestion.strength == sum(reason.points for reason in suggestion.reasons)
            assert {share.item.customer_id for share in suggestion.shares} <= {suggestion.customer_id}
        if answer.certain and answer.best:
            for share in answer.best.shares:
                taken[share.item.id] = taken.get(share.item.id, Decimal(0)) + share.amount
    assert all(amount <= by_number[pk].open_amount for pk, amount in taken.items())


def test_money_for_an_invoice_that_is_paid_is_first_suggested_to_stay_with_its_payer() -> None:
    items = index(item(ASH, "NW-40123", "70.00"), item(ELM, "NW-40124", "70.00"))
    lines = [line("70.00", "NW-40123", account="DE1", id=1), line("70.00", "NW-40123", account="DE1", id=2)]
    _, second = match_lines(lines, items, Settings())
    assert second.best is not None
    assert (second.best.customer_id, second.best.shares) == (ASH, ())
    assert "already_paid" in second.best.codes
