"""The guard over old data: what it holds, what it leaves alone, and how it counts days."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from dunning.rules.facts import AskedItem, Decision, OpenItem, StepFacts
from dunning.rules.staleness import Limits, guarded, too_old, working_days_since

FRIDAY, MONDAY, TUESDAY = date(2026, 2, 27), date(2026, 3, 2), date(2026, 3, 3)
STEP = StepFacts(2, "First reminder", 1, "email", "early")


def proposal(*entities: int) -> Decision:
    asked = tuple(
        AskedItem(OpenItem(n, f"R{n}", entity, FRIDAY, FRIDAY, Decimal(5)), Decimal(5), 3)
        for n, entity in enumerate(entities)
    )
    return Decision("propose", {}, STEP, "email", asked, Decimal(5))


@pytest.mark.parametrize(
    ("newest", "on", "days"),
    [
        (MONDAY, MONDAY, 0),
        (FRIDAY, MONDAY, 1),  # a weekend makes nothing older
        (FRIDAY, TUESDAY, 2),
        (date(2026, 4, 2), date(2026, 4, 7), 1),  # Good Friday and Easter Monday
        (TUESDAY, MONDAY, 0),
    ],
)
def test_age_is_counted_in_working_days(newest: date, on: date, days: int) -> None:
    assert working_days_since(newest, on, "DE") == days


def test_data_up_to_the_limit_are_new_enough_and_older_are_not() -> None:
    limits = Limits(bank_days=1)
    told = {"bank_on": FRIDAY, "invoices_on": None, "region": "DE"}
    assert too_old(limits, on=MONDAY, **told) == {}  # type: ignore[arg-type]
    assert too_old(limits, on=TUESDAY, **told) == {"source": "Bank data", "newest": FRIDAY, "limit": 1}  # type: ignore[arg-type]


def test_a_source_that_an_entity_does_not_have_holds_nothing() -> None:
    assert too_old(Limits(1, 1), bank_on=None, invoices_on=None, on=TUESDAY, region="DE") == {}


def test_without_a_limit_data_may_be_of_any_age() -> None:
    long_ago = MONDAY - timedelta(days=900)
    assert too_old(Limits(), bank_on=long_ago, invoices_on=long_ago, on=MONDAY, region="DE") == {}


def test_only_a_proposal_that_names_an_affected_entity_is_held() -> None:
    stale = {7: {"source": "Bank data"}}
    assert guarded(proposal(1, 7), stale).code == "stale_data"
    assert guarded(proposal(1), stale).code == "propose"
    assert guarded(Decision("on_hold", {}), stale).code == "on_hold"
