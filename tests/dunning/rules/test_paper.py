"""Addresses stay inside the window of the envelope, whatever they are; and the sheet is the sender's country's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning.rules.paper import DIN_5008_B, US_NUMBER_10, cut, fitted, sheet_for, width_of

POINT = 0.352_778
LINES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.just(" "), max_size=220)


@pytest.mark.parametrize(("country", "code"), [("DE", "din"), ("US", "us"), ("us", "us"), ("FR", "din"), ("", "din")])
def test_the_senders_country_chooses_the_sheet(country: str, code: str) -> None:
    assert sheet_for(country).code == code


def test_the_din_field_is_where_the_standard_says() -> None:
    window = DIN_5008_B.window
    assert window.left - 5 == pytest.approx(20)
    assert window.top + window.height == pytest.approx(90)
    assert DIN_5008_B.text_top == pytest.approx(98.46)


def test_the_us_window_is_seen_however_the_sheet_lies() -> None:
    """Window: 7/8 inch from the left, 4 1/2 wide; 1/2 from the bottom, 1 1/8 high; the sheet's third is 3 2/3 high."""
    inch, window = 25.4, US_NUMBER_10.window
    third = 11 / 3
    for rise in (0.0, 0.25):  # the sheet lies on the envelope's bottom, or a quarter of an inch higher
        seen_from, seen_to = (third - 1.625 + rise) * inch, (third - 0.5 + rise) * inch
        assert seen_from <= window.top
        assert window.top + window.height <= seen_to
    assert 0.875 * inch <= window.left
    assert window.left + window.width <= (0.875 + 4.5 - 1.0) * inch  # and pushed an inch to the right


def test_a_usual_address_has_the_letters_own_size() -> None:
    made = fitted("Meyer Anlagenbau GmbH", "Werkstraße 5\n80331 München", DIN_5008_B.window)
    assert (list(made.lines), made.size) == (["Meyer Anlagenbau GmbH", "Werkstraße 5", "80331 München"], 10.0)


def test_a_long_address_becomes_smaller_and_keeps_every_word() -> None:
    name = "Gesellschaft für innovative Anlagentechnik und Gebäudemanagement Norddeutschland mbH & Co. KG"
    made = fitted(
        name,
        "z. Hd. Frau Dr.-Ing. Annegret Musterfrau-Beispielhaft\nIndustriestraße 5\n80331 München\nD",
        DIN_5008_B.window,
    )
    assert " ".join(made.lines).startswith(name)
    assert made.lines[-2:] == ["80331 München", "D"]
    assert made.size < 10


@given(LINES, st.lists(LINES, max_size=12))
@pytest.mark.parametrize("sheet", [DIN_5008_B, US_NUMBER_10])
def test_any_address_stays_inside(sheet: object, name: str, rest: list[str]) -> None:
    window = sheet.window  # type: ignore[attr-defined]
    made = fitted(name, "\n".join(rest), window)
    assert len(made.lines) * made.leading * POINT <= window.height + 0.001
    assert all(width_of(line, made.size) <= window.width for line in made.lines)


def test_the_senders_line_is_cut_with_an_ellipsis() -> None:
    assert cut("Nordwind · Hamburg", size=6.5, width=80) == "Nordwind · Hamburg"
    short = cut("Nordwind Handelsgesellschaft · " * 5, size=6.5, width=80)
    assert short.endswith("…")
    assert width_of(short, 6.5) <= 80
