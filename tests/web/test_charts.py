"""Charts: geometry, words for those who cannot see them, and no way to smuggle markup in."""

import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collections_app.web import charts
from collections_app.web.charts import Bar, Column

SVG = ElementTree.fromstring


def bar(value: str, label: str = "Ada", url: str = "") -> Bar:
    return Bar(label, Decimal(value), f"€{value}", url)


def widths(svg: str, kind: str) -> list[int]:
    return [int(rect.get("width", "0")) for rect in SVG(svg).iter("rect") if kind in rect.get("class", "")]


def test_bars_start_at_zero_and_keep_their_proportion() -> None:
    long, half, none = widths(charts.horizontal_bars("c", "T", "", [bar("100"), bar("50"), bar("0")]), "chart-bar")
    assert (half * 2, none) == (long, 0)


def test_something_above_zero_is_never_invisible_and_a_credit_draws_nothing() -> None:
    assert widths(charts.horizontal_bars("c", "T", "", [bar("1000000"), bar("0.01"), bar("-5")]), "chart-bar")[1:] == [
        1,
        0,
    ]


def test_every_chart_has_a_name_and_a_description() -> None:
    svg = SVG(charts.line_chart("dso", "Days sales outstanding", "Falling.", [bar("1"), bar("2")], str))
    assert svg.get("aria-labelledby") == "dso-t dso-d"
    assert [svg.find("title").text, svg.find("desc").text] == ["Days sales outstanding", "Falling."]  # type: ignore[union-attr]
    assert svg.get("role") == "img"


def test_a_chart_with_links_is_a_group_whose_links_have_names() -> None:
    svg = SVG(charts.horizontal_bars("c", "T", "", [bar("5", url="/accounts/7/")]))
    assert svg.get("role") == "group"
    assert [(a.get("href"), a.get("aria-label")) for a in svg.iter("a")] == [("/accounts/7/", "Ada")]


def test_words_are_escaped() -> None:
    svg = charts.horizontal_bars("c", "<script>", "", [bar("5", label="<b>&")])
    assert "<script>" not in svg
    assert "&lt;b&gt;&amp;" in svg


def test_stacks_add_up_to_their_height() -> None:
    column = Column("Nov", [Decimal(n) for n in (10, 20, 30, 0, 20, 20)], "€100")
    svg = SVG(charts.stacked_columns("c", "T", "", [column], str))
    pieces = [rect for rect in svg.iter("rect") if "age-" in rect.get("class", "")]
    assert len(pieces) == 5
    assert sum(int(rect.get("height", "0")) for rect in pieces) == pytest.approx(192, abs=3)


def test_each_late_step_has_a_pattern_named_for_its_chart_so_that_paper_needs_no_colour() -> None:
    svg = SVG(charts.aging_bar("strip7", "Open by age", [Decimal(1)] * 6))
    named = {pattern.get("id") for pattern in svg.iter("pattern")}
    used = {
        re.sub(r"url\(#(.*)\)", r"\1", rect.get("fill", ""))
        for rect in svg.iter("rect")
        if rect.get("class") == "chart-pattern"
    }
    assert used == named == {f"strip7-p{step}" for step in range(1, 6)}


def test_charts_without_figures_are_still_pictures() -> None:
    for svg in (
        charts.horizontal_bars("c", "T", "", []),
        charts.stacked_columns("c", "T", "", [], str),
        charts.line_chart("c", "T", "", [], str),
        charts.spark("c", "T", []),
        charts.aging_bar("c", "T", [Decimal(0)] * 6),
    ):
        assert SVG(svg).find("title") is not None


def test_no_chart_carries_a_style_attribute_because_the_policy_forbids_it() -> None:
    assert "style=" not in charts.stacked_columns("c", "T", "", [Column("Nov", [Decimal(1)] * 6, "€6")], str)


@pytest.mark.parametrize(
    ("value", "top"), [("0", "1"), ("-3", "1"), ("108000", "120000"), ("100", "100"), ("101", "120"), ("0.03", "0.032")]
)
def test_the_axis_ends_on_a_round_number(value: str, top: str) -> None:
    assert charts.nice_top(Decimal(value)) == Decimal(top)


@given(st.decimals("0.01", "999999999999", places=2))
def test_the_axis_is_never_below_the_value_and_never_twice_as_high(value: Decimal) -> None:
    assert value <= charts.nice_top(value) < value * 2


@given(st.lists(st.decimals("-1000", "100000", places=2), min_size=6, max_size=6))
def test_an_aging_bar_never_leaves_its_frame_by_more_than_rounding(parts: list[Decimal]) -> None:
    assert sum(widths(charts.aging_bar("c", "T", parts), "age-")) <= 1000 + 6


def test_the_table_says_the_same_as_the_bars() -> None:
    assert charts.bars_table([bar("5", url="/x/"), bar("7")]) == [['<a href="/x/">Ada</a>', "€5"], ["Ada", "€7"]]


def test_the_table_says_the_same_as_the_stacks() -> None:
    column = Column("Nov", [Decimal(n) for n in range(6)], "€15")
    assert charts.columns_table([column], str) == [["Nov", "0", "1", "2", "3", "4", "5", "€15"]]
