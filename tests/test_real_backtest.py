"""B11 on the real files: the list against ranking by amount, by age and by amount × age, replayed without knowledge of
what came later. The margins are what was measured, less a little; docs/algorithms/priority.md has the figures."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.real_files import FILES, RealFile
from worklist.queries.past_lists import FilePast, replayed_days
from worklist.rules.captured import averaged, captured

ABSENT = [file.path.name for file in FILES if not file.path.exists()]
pytestmark = pytest.mark.skipif(bool(ABSENT), reason=f"the real data is not beside the project: {', '.join(ABSENT)}")


def months(file: RealFile) -> list[dict[str, Any]]:
    past = FilePast(file.path, source=file.dataset, known_on=file.known_on)
    days = replayed_days(past, every="month", since=None, until=None)
    return [{"as_of": day, **captured(past.day(day))} for day in days]


@pytest.fixture(scope="module")
def sap() -> list[dict[str, Any]]:
    return months(FILES[0])


@pytest.fixture(scope="module")
def ibm() -> list[dict[str, Any]]:
    return months(FILES[1])


def ahead(days: list[dict[str, Any]], outcome: str, share: str) -> Mapping[str, Decimal]:
    found: Mapping[str, Decimal] = averaged(days)[outcome][share]["ahead"]
    return found


def test_b11_sap_the_first_tenth_holds_five_points_more_of_the_money_over_30_days_late_than_amount(
    sap: list[dict[str, Any]],
) -> None:
    assert [day["as_of"] for day in sap] == [date(2018, month, 1) for month in range(1, 9)]
    margins = ahead(sap, "late_30", "top_10")
    assert margins["amount"] >= Decimal("0.05")
    assert min(margins.values()) >= Decimal("0.05")
    assert all(day["late_30"]["top_10"]["score"] > day["late_30"]["top_10"]["amount"] for day in sap)


def test_b11_sap_with_half_a_year_of_history_nearly_all_that_can_be_known_is_in_the_first_tenth(
    sap: list[dict[str, Any]],
) -> None:
    late = averaged(sap[-5:])
    assert late["late_30"]["top_10"]["score"] >= Decimal("0.84")
    assert late["unpaid_30"]["top_10"]["score"] >= Decimal("0.805")
    assert late["late_30"]["top_20"]["score"] >= Decimal("0.92")


def test_b11_the_list_is_ahead_of_all_three_in_the_first_fifth_whatever_is_called_late(
    sap: list[dict[str, Any]], ibm: list[dict[str, Any]]
) -> None:
    for days in (sap, ibm):
        for outcome in ("late_30", "unpaid_30", "late"):
            assert min(ahead(days, outcome, "top_20").values()) > 0, outcome


def test_b11_ibm_the_list_is_five_points_ahead_in_the_first_fifth(ibm: list[dict[str, Any]]) -> None:
    for outcome in ("late_30", "unpaid_30", "late"):
        assert min(ahead(ibm, outcome, "top_20").values()) >= Decimal("0.05"), outcome


def test_a_day_of_the_real_file_scores_the_same_when_everything_after_it_is_torn_out(tmp_path: Path) -> None:
    file = FILES[1]
    on = date(2012, 10, 1)
    lines = file.path.read_text().splitlines()
    columns = lines[0].split(",")
    issued, settled = columns.index("InvoiceDate"), columns.index("SettledDate")

    def known(line: str) -> str | None:
        cells = line.split(",")
        day, paid = (
            date(int(year), int(month), int(number)) if text else None
            for text in (cells[issued], cells[settled])
            for month, number, year in [(text or "1/1/1").split("/")]
        )
        if day and day > on:
            return None
        return ",".join([*cells[:settled], "" if paid and paid > on else cells[settled], *cells[settled + 1 :]])

    torn = tmp_path / "torn.csv"
    torn.write_text("\n".join([lines[0], *(row for line in lines[1:] if (row := known(line)))]))
    whole = {row.customer: row.score for row in FilePast(file.path, source="ibm").day(on)}
    assert len(whole) > 50
    assert {row.customer: row.score for row in FilePast(torn, source="ibm").day(on)} == whole


def test_any_day_can_be_replayed_not_only_the_first_of_a_month() -> None:
    past = FilePast(FILES[1].path, source="ibm", known_on=FILES[1].known_on)
    begin = date(2012, 6, 1)
    days = replayed_days(past, every="day", since=begin, until=begin + timedelta(days=60))
    rows = [replace(row, customer=f"{day}/{row.customer}") for day in days for row in past.day(day)]
    assert len(days) == 61
    assert len(rows) > 61 * 30
