"""Interest and lump sums by the country packs: the published values, and laws of the arithmetic (L1 to L9)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoices import country_packs
from invoices.country_packs import NOWHERE, pack_of, pack_series, packs
from invoices.rules.country_pack import BUSINESS, CONSUMER, PUBLIC
from invoices.rules.statutory_interest import Accrued, Debt, accrue, interest_begins, lump_sum, stretches, sum_of
from tests.tables import table

SERIES = pack_series()
PERIODS = table("algorithms/fees.md", "country", "party", "due", "until", "open", "interest")
RATES = table("algorithms/fees.md", "country", "party", "from", "to", "percent")
LUMPS = table("algorithms/fees.md", "country", "party", "open", "late since", "lump sum")


def interest(
    country: str, amount: str, due: date, until: date, *, party: str = BUSINESS, currency: str = "", **more: object
) -> Accrued:
    pack = pack_of(country)
    debt = Debt(due, [(due - timedelta(days=30), Decimal(amount))])
    return accrue(
        pack, party, SERIES, [debt], issued_on=due - timedelta(days=30), currency=currency or pack.currency, last=until,
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


def test_l04_the_published_british_examples_come_out_of_the_pack_itself() -> None:
    due = date(2026, 2, 1)
    found = interest("GB", "10000", due, due + timedelta(days=60))
    assert [part.percent for part in found.slices] == [Decimal("11.75")]
    fixed, _ = lump_sum(pack_of("GB"), BUSINESS, SERIES, debt=Decimal(10000), issued_on=due, on=due, currency="GBP")
    assert (found.total, fixed, found.total + fixed) == (Decimal("193.15"), Decimal(100), Decimal("293.15"))


def test_l04_the_daily_rate_is_not_rounded_first() -> None:
    due = date(2025, 8, 1)
    found = interest("GB", "5000", due, due + timedelta(days=101))
    assert found.total == Decimal("169.49")
    assert found.total != Decimal("169.68")


@pytest.mark.parametrize(("country", "party", "due", "until", "opened", "expected"), PERIODS)
def test_l01_l02_the_worked_periods(country: str, party: str, due: str, until: str, opened: str, expected: str) -> None:
    found = interest(country, opened, date.fromisoformat(due), date.fromisoformat(until), party=party)
    assert f"{found.total:f}" == expected


@pytest.mark.parametrize(("country", "party", "first", "last", "percent"), RATES)
def test_l01_l02_l03_the_published_rates_of_half_years(
    country: str, party: str, first: str, last: str, percent: str
) -> None:
    for day in (date.fromisoformat(first), date.fromisoformat(last)):
        found = interest(country, "1000", day - timedelta(days=1), day, party=party)
        assert [f"{part.percent:f}" for part in found.slices] == [percent], day


@pytest.mark.parametrize(("country", "party", "opened", "since", "expected"), LUMPS)
def test_l01_l03_lump_sums_by_the_size_of_the_debt(
    country: str, party: str, opened: str, since: str, expected: str
) -> None:
    pack, day = pack_of(country), date.fromisoformat(since)
    amount, why = lump_sum(pack, party, SERIES, debt=Decimal(opened), issued_on=day, on=day, currency=pack.currency)
    assert f"{amount:f}" == expected
    assert bool(why) == (amount == 0)


def test_l02_a_moving_rate_splits_the_period_at_the_half_year() -> None:
    found = interest("DE", "1000", date(2025, 5, 31), date(2025, 8, 29))
    told = [
        [f"{part.first}", f"{part.last}", f"{part.days}", f"{part.open_amount:f}", f"{part.reference:f}",
         f"{part.percent:f}"]
        for part in found.slices
    ]  # fmt: skip
    assert told == table("algorithms/interest.md", "first", "last", "days", "open", "base rate", "percent")
    assert found.total == Decimal("26.15")


def test_l02_consumers_owe_five_points_and_no_lump_sum() -> None:
    found = interest("DE", "1000", date(2025, 7, 31), date(2025, 8, 10), party=CONSUMER)
    assert found.slices[0].percent == Decimal("6.27")
    assert found.remarks == (
        "A consumer owes interest from a reminder or an agreed date on. Check that before you claim.",
    )
    amount, why = lump_sum(
        pack_of("DE"), CONSUMER, SERIES, debt=Decimal(1000), issued_on=date(2025, 7, 1), on=date(2025, 8, 1),
        currency="EUR",
    )  # fmt: skip
    assert (amount, why) == (Decimal(0), "§ 288 (5) BGB gives no lump sum against consumers.")


def test_l02_claims_from_before_28_july_2014_keep_eight_points() -> None:
    old, new = (interest("DE", "100", day, day + timedelta(days=5)) for day in (date(2014, 8, 1), date(2014, 9, 15)))
    assert (old.slices[0].percent, new.slices[0].percent) == (Decimal("7.27"), Decimal("8.27"))


def test_l03_the_british_rate_stays_for_the_debt_however_the_bank_rate_moves() -> None:
    found = interest("GB", "1000", date(2024, 6, 15), date(2026, 3, 1))
    assert {part.percent for part in found.slices} == {Decimal("13.25")}


def test_l03_interest_that_begins_on_the_first_of_july_takes_the_rate_of_30_june() -> None:
    before, after = (interest("GB", "1000", day, date(2025, 9, 1)) for day in (date(2025, 6, 29), date(2025, 6, 30)))
    assert (before.slices[0].percent, after.slices[0].percent) == (Decimal("12.75"), Decimal("12.25"))


def test_l03_the_british_act_is_not_for_consumers() -> None:
    found = interest("GB", "1000", date(2025, 6, 30), date(2025, 9, 1), party=CONSUMER)
    assert found.total == 0
    assert "contract" in found.remarks[0]


def test_a_rate_that_is_not_in_the_pack_is_named_and_never_guessed() -> None:
    found = interest("DE", "1000", date(2026, 6, 10), date(2026, 8, 1))
    assert found.days == (date(2026, 6, 11), date(2026, 6, 30))
    assert found.missing == (
        "The base rate (§ 247 BGB) from 1 Jul 2026 is not in the country packs. Add it under Settings, Rates of the "
        "law."
    )


def test_an_added_rate_continues_the_pack_for_its_half_year_only() -> None:
    added = SERIES["de_base"].with_added([(date(2026, 7, 1), Decimal("1.50"), "Bundesanzeiger")])
    pack = pack_of("DE")
    debt = Debt(date(2026, 6, 10), [(date(2026, 5, 1), Decimal(1000))])
    found = accrue(
        pack, BUSINESS, {"de_base": added}, [debt], issued_on=date(2026, 5, 1), currency="EUR", last=date(2027, 2, 1)
    )
    assert [part.percent for part in found.slices] == [Decimal("10.27"), Decimal("10.50")]
    assert "from 1 Jan 2027" in found.missing


def test_an_added_rate_corrects_the_pack() -> None:
    added = SERIES["de_base"].with_added([(date(2025, 7, 1), Decimal("1.30"), "Bundesanzeiger")])
    value = added.at(date(2025, 9, 1))
    assert value is not None
    assert (value.amount, value.added) == (Decimal("1.30"), True)
    before, after = added.at(date(2025, 6, 30)), added.at(date(2026, 1, 1))
    assert before is not None
    assert after is not None
    assert (before.amount, after.amount) == (Decimal("2.27"), Decimal("1.27"))


def test_l01_without_an_agreed_date_interest_begins_after_thirty_days() -> None:
    terms = pack_of("IE").terms_for(BUSINESS)
    first, why = interest_begins(terms, issued_on=date(2025, 3, 1), due_on=date(2025, 3, 1), assumed=True)
    assert first == date(2025, 4, 1)
    assert "No due date was agreed" in why


def test_l01_a_public_body_owes_interest_after_its_longest_term() -> None:
    terms = pack_of("IE").terms_for(PUBLIC)
    first, why = interest_begins(terms, issued_on=date(2025, 3, 1), due_on=date(2025, 6, 1))
    assert (first, why) == (
        date(2025, 5, 1), "A public body pays within 60 days: interest counts after 30 Apr 2025."
    )  # fmt: skip


def test_l01_a_business_term_over_sixty_days_is_remarked_upon_only() -> None:
    first, why = interest_begins(pack_of("IE").terms_for(BUSINESS), issued_on=date(2025, 3, 1), due_on=date(2025, 6, 1))
    assert first == date(2025, 6, 2)
    assert "longer than 60 days" in why


def test_instalments_have_no_longest_term_because_a_schedule_is_agreed() -> None:
    terms = pack_of("IE").terms_for(PUBLIC)
    first, why = interest_begins(terms, issued_on=date(2025, 3, 1), due_on=date(2025, 9, 1), is_part=True)
    assert (first, why) == (date(2025, 9, 2), "")


def test_l08_the_united_states_have_no_statutory_rate_until_one_was_agreed() -> None:
    found = interest("US", "1000", date(2026, 1, 31), date(2026, 3, 1))
    assert found.total == 0
    assert found.missing.startswith("The rate agreed in your terms from 1 Feb 2026 is not in the country packs.")


def test_a_country_without_a_pack_owes_nothing_and_says_so() -> None:
    found = interest("BR", "1000", date(2026, 1, 31), date(2026, 3, 1))
    assert pack_of("BR").code == NOWHERE
    assert found.remarks == ("There is no pack for the seller's country. Claim agreed interest by hand.",)


def test_the_lump_sum_is_not_converted_into_another_currency() -> None:
    amount, why = lump_sum(
        pack_of("DE"),
        BUSINESS,
        SERIES,
        debt=Decimal(9),
        issued_on=date(2026, 1, 1),
        on=date(2026, 2, 1),
        currency="USD",
    )
    assert (amount, why) == (
        Decimal(0), "The lump sum is in EUR, the invoice in USD. Claim a fee by hand if you want."
    )  # fmt: skip


@pytest.mark.parametrize("code", sorted(packs()))
def test_every_pack_says_its_law_its_source_and_when_it_was_checked(code: str) -> None:
    pack = packs()[code]
    assert pack.law
    assert pack.source
    assert pack.checked_on >= date(2026, 11, 1)
    for party in (BUSINESS, CONSUMER, PUBLIC):
        terms, fees = pack.terms_for(party), pack.fee_law(party)
        assert (terms.reference in SERIES) != bool(terms.why_no_interest)
        assert not terms.lump_series or terms.lump_series in SERIES
        assert bool(terms.bands or terms.lump_series) != bool(terms.why_no_lump_sum or not terms.reference)
        assert fees.allowed != bool(fees.why_not)
        assert not fees.most_series or fees.most_series in SERIES


def test_a_slip_of_the_pen_in_a_pack_is_refused_and_not_passed_over() -> None:
    with pytest.raises(ValueError, match="reference_rate"):
        country_packs._terms({"reference_rate": "de_base"})


@pytest.mark.parametrize("code", sorted(SERIES))
def test_every_series_has_a_source_and_values_in_order(code: str) -> None:
    days = [value.starts_on for value in SERIES[code].values]
    assert SERIES[code].source
    assert days == sorted(set(days))
    assert all(value.until is None or value.until >= value.starts_on for value in SERIES[code].values)


CUTS = st.lists(st.integers(1, 300), min_size=1, max_size=5, unique=True).map(sorted)
AMOUNTS = st.decimals("0.01", "250000", places=2)


@given(
    amount=AMOUNTS, cuts=CUTS, due=st.dates(date(2023, 1, 1), date(2025, 3, 1)), country=st.sampled_from(["DE", "GB"])
)
def test_l09_claims_over_adjacent_days_add_up_to_one_claim_but_for_half_a_cent_each(
    amount: Decimal, cuts: list[int], due: date, country: str
) -> None:
    last = due + timedelta(days=320)
    ends = [*(due + timedelta(days=cut) for cut in cuts), last]
    whole = interest(country, str(amount), due, last).total
    parts, begin = Decimal(0), due + timedelta(days=1)
    for end in ends:
        parts += interest(country, str(amount), due, end, first=begin).total
        begin = end + timedelta(days=1)
    assert abs(parts - whole) <= Decimal("0.005") * (len(ends) + 1)


@given(amount=AMOUNTS, gap=st.tuples(st.integers(1, 100), st.integers(0, 100)))
def test_l09_days_taken_out_bear_no_interest_and_the_rest_comes_in_stretches(
    amount: Decimal, gap: tuple[int, int]
) -> None:
    due, last = date(2025, 2, 10), date(2025, 10, 31)
    days = (due + timedelta(days=gap[0]), due + timedelta(days=gap[0] + gap[1]))
    found = interest("DE", str(amount), due, last, without=[days])
    groups = stretches(found.slices, [days])
    assert sum(part.days for part in found.slices) == (last - due).days - gap[1] - 1
    assert [part for group in groups for part in group] == sorted(found.slices)
    assert all(part.last < days[0] or part.first > days[1] for part in found.slices)
    total = sum((sum_of(group, pack_of("DE"), "EUR") for group in groups), Decimal(0))
    assert abs(total - found.total) <= Decimal("0.01")
