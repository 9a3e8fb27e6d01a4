"""Reliability (K7, F38), by the worked table of docs/algorithms/promises.md, which is read from the page itself."""

import re
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings

from invoices.rules.reliability import MINIMUM, WINDOW_DAYS, JudgedPromise, Reliability, reliability, weight

ON = date(2026, 6, 30)
ROW = re.compile(r"^\| (\d{4}-\d\d-\d\d) \| (\d+) \| (\S+) \| (\w[\w ]*) \| ([\d.]+) \| ([\d.]+) \|", re.MULTILINE)
PAGE = (settings.BASE_DIR / "docs" / "algorithms" / "promises.md").read_text()


def judged(state: str, days_ago: int, amount: str = "100", arrived: str = "0") -> JudgedPromise:
    return JudgedPromise(state, Decimal(amount), Decimal(arrived), ON - timedelta(days=days_ago))


def rows() -> list[tuple[str, ...]]:
    return ROW.findall(PAGE)


def table() -> list[JudgedPromise]:
    return [
        JudgedPromise(state.replace(" ", "_"), Decimal(amount), Decimal(arrived), date.fromisoformat(day))
        for day, _, _, state, amount, arrived in rows()
    ]


def test_k07_the_worked_table_comes_out_as_the_page_says() -> None:
    found = reliability(table(), ON)
    assert (found.kept, found.partly_kept, found.broken, found.judged) == (3, 1, 1, 5)
    shares = [f"{100 * share:.1f} %" for share in (found.by_number, found.partly_by_number, found.by_amount) if share]
    assert shares == ["47.8 %", "17.4 %", "46.4 %"]
    assert all(share in PAGE for share in shares)


def test_k07_the_weights_and_ages_of_the_page_are_those_of_the_rule() -> None:
    assert len(rows()) == 6
    for day, ago, shown, *_ in rows():
        closed_on = date.fromisoformat(day)
        assert (ON - closed_on).days == int(ago)
        if shown != "–":
            whole, _, divisor = shown.partition("/")
            assert weight(closed_on, ON) == Decimal(whole) / Decimal(divisor or 1)
    assert int(rows()[-1][1]) == WINDOW_DAYS


def test_k07_with_too_few_promises_nothing_is_said() -> None:
    few = [judged("broken", 1)] * (MINIMUM - 1)
    assert reliability(few, ON) == Reliability(broken=MINIMUM - 1)
    assert reliability([*few, judged("broken", 1)], ON).by_number == 0


def test_k07_withdrawn_promises_do_not_come_in_and_later_ones_are_not_known_yet() -> None:
    later = JudgedPromise("broken", Decimal(1), Decimal(0), ON + timedelta(days=1))
    assert reliability([judged("kept", 0)] * 3 + [later], ON).by_number == 1


def test_k07_amounts_without_a_rate_count_by_number_only() -> None:
    unknown = JudgedPromise("broken", None, None, ON)
    found = reliability([judged("kept", 0), judged("kept", 0), unknown], ON)
    assert (found.by_number, found.by_amount) == (Decimal(2) / 3, Decimal(1))
    assert reliability([unknown] * 3, ON).by_amount is None
