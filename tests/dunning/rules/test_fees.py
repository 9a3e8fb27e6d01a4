"""How much a reminder may cost: the limits of each country, repeated from docs/algorithms/fees.md (L6 to L8)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from dunning.rules.facts import AskedItem, OpenItem, StepFacts
from dunning.rules.fees import NO_FEE, EarlierFees, Fee, fee_for, fee_left, fee_problems
from dunning.rules.policy_problems import DraftStep
from invoices.country_packs import pack_of, pack_series
from tests.tables import table

ON = date(2022, 9, 1)
CASES = table(
    "algorithms/fees.md", "country", "party", "step's fee", "days late", "days to pay", "fees before", "last fee",
    "fee", "code",
)  # fmt: skip


def lead(days_late: int = 20, sent_step: int = 1) -> AskedItem:
    due = ON - timedelta(days=days_late)
    return AskedItem(OpenItem(17, "R17", 1, due, due, Decimal(500), sent_step), Decimal(500), days_late)


def step(fee: str = "law", amount: str | None = None, days_to_pay: int = 14) -> StepFacts:
    fixed = None if amount is None else Decimal(amount)
    return StepFacts(2, "Second reminder", 14, "email", "late", days_to_pay, fee=fee, fee_amount=fixed)


def fee(
    asked: StepFacts,
    item: AskedItem | None,
    *,
    country: str = "DK",
    party: str = "business",
    earlier: EarlierFees | None = None,
    currency: str = "",
    on: date = ON,
) -> Fee:
    pack = pack_of(country)
    return fee_for(
        asked, item, pack=pack, party=party, series=pack_series(), earlier=earlier or EarlierFees(),
        entity_currency=pack.currency, currency=currency or pack.currency, on=on,
    )  # fmt: skip


@pytest.mark.parametrize(("country", "party", "kind", "late", "to_pay", "before", "last", "expected", "code"), CASES)
def test_l06_l07_the_worked_fees(
    country: str, party: str, kind: str, late: str, to_pay: str, before: str, last: str, expected: str, code: str
) -> None:
    mode, _, amount = kind.partition(" ")
    earlier = EarlierFees(int(before), ON - timedelta(days=int(last)) if last else None)
    asked = step(mode, amount or None, int(to_pay))
    found = fee(asked, lead(int(late), sent_step=int(before)), country=country, party=party, earlier=earlier)
    assert (f"{found.amount:f}", found.code) == (expected, code)
    assert found.why


def test_a_step_without_a_fee_says_nothing() -> None:
    assert fee(step("none"), lead()) == NO_FEE


def test_l06_a_fee_never_comes_before_the_due_date() -> None:
    assert fee(step(), None).code == "not_late"
    assert fee(step(), lead(days_late=0)).code == "not_late"


def test_l06_the_danish_fee_is_lowered_to_what_the_law_allows() -> None:
    found = fee(step("fixed", "150"), lead())
    assert found == Fee(
        Decimal("100.00"), "lowered", f"Lowered to DKK\N{NO-BREAK SPACE}100.00: more is not allowed "
        f"({pack_of('DK').law}).",
    )  # fmt: skip


def test_l06_a_fourth_danish_fee_is_refused_with_the_number_of_the_invoice() -> None:
    found = fee(step(), lead(), earlier=EarlierFees(3, ON - timedelta(days=30)))
    assert (found.amount, found.why) == (Decimal(0), "3 fees were asked for R17; 3 are allowed.")


def test_l07_a_norwegian_limit_that_is_not_in_the_pack_is_said_and_not_guessed() -> None:
    found = fee(step("fixed", "35"), lead(), country="NO", on=date(2026, 5, 4))
    assert (found.amount, found.code) == (Decimal(0), "limit_unknown")
    assert found.why.startswith("The highest Norwegian reminder fee from 1 Jan 2026 is not in the country packs.")


def test_l02_the_reminder_that_puts_a_german_consumer_in_default_is_free() -> None:
    first = fee(step("fixed", "2.50"), lead(sent_step=0), country="DE", party="consumer")
    second = fee(step("fixed", "2.50"), lead(sent_step=1), country="DE", party="consumer")
    assert (first.code, second.amount) == ("first_is_free", Decimal("2.50"))


def test_a_fee_is_never_converted_into_another_currency() -> None:
    assert fee(step("fixed", "5"), lead(), country="DE", currency="USD").code == "other_currency"
    assert fee(step(), lead(), currency="EUR").code == "other_currency"


def test_r19_a_call_that_stands_in_for_a_letter_costs_nothing() -> None:
    pack = pack_of("DK")
    found = fee_for(
        step(), lead(), pack=pack, party="business", series=pack_series(), earlier=EarlierFees(),
        entity_currency="DKK", currency="DKK", on=ON, channel="call_task",
    )  # fmt: skip
    assert (found.amount, found.code) == (Decimal(0), "not_written")


@pytest.mark.parametrize(
    ("country", "draft", "problem"),
    [
        ("DK", DraftStep("A", 7, "email", "late", days_to_pay=9, fee="law"), "it must leave 10 days to pay"),
        ("NO", DraftStep("A", 13, "email", "late", days_to_pay=14, fee="law"), "from 14 days after the due date on"),
    ],
)
def test_a_fee_that_could_never_be_asked_for_is_refused_at_save(country: str, draft: DraftStep, problem: str) -> None:
    [sentence] = fee_problems([draft], pack_of(country))
    assert problem in sentence


@pytest.mark.parametrize(
    ("country", "draft"),
    [
        ("DK", DraftStep("A", 7, "email", "late", days_to_pay=10, fee="law")),
        ("NO", DraftStep("A", 14, "email", "late", days_to_pay=14, fee="law")),
        ("NO", DraftStep("A", 9, "email", "late", anchor="previous_notice", days_to_pay=14, fee="law")),
        ("FR", DraftStep("A", 9, "email", "late", fee="fixed", fee_amount=Decimal(5))),
        ("DK", DraftStep("A", 1, "email", "late", days_to_pay=2)),
        ("DE", DraftStep("A", 13, "email", "late", fee="law")),
    ],
)
def test_a_fee_that_some_customer_may_owe_is_kept(country: str, draft: DraftStep) -> None:
    assert fee_problems([draft], pack_of(country)) == []


def test_r06_at_the_last_look_the_fee_stays_only_if_its_invoice_is_still_asked_for() -> None:
    assert fee_left(Decimal(5), 17, [lead()]) == 5
    assert fee_left(Decimal(5), 18, [lead()]) == 0
    assert fee_left(Decimal(5), 17, [lead(days_late=-3)]) == 0
