"""References and account numbers that carry check digits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iso11649

from collections_app.lib.errors import BadInput
from collections_app.lib.references import format_iban, is_iban, rf_reference


@pytest.mark.parametrize(
    ("text", "reference"), [("539007547034", "RF18539007547034"), ("inv-2026/17", "RF43INV202617"), ("C 1", None)]
)
def test_a_number_becomes_a_creditor_reference(text: str, reference: str | None) -> None:
    assert iso11649.is_valid(rf_reference(text))
    assert reference is None or rf_reference(text) == reference


@given(st.text(alphabet="0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=21))
def test_every_reference_has_right_check_digits(text: str) -> None:
    assert iso11649.is_valid(rf_reference(text))


@pytest.mark.parametrize("text", ["", "-", "Ä1", "٣", "1" * 22, "a\x00b"])
def test_what_cannot_be_a_reference_is_refused_not_cut(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        rf_reference(text)
    assert refused.value.code == "no_reference"


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("DE89 3704 0044 0532 0130 00", True),
        ("de89370400440532013000", True),
        ("GB29NWBK60161331926819", True),
        ("DE89 3704 0044 0532 0130 01", False),
        ("DE8937040044053201300", False),
        ("XX89370400440532013000", False),
        ("", False),
        ("DE", False),
        ("DE٣٣", False),
        ("\x00", False),
    ],
)
def test_an_iban_is_checked_to_the_last_digit(text: str, valid: bool) -> None:
    assert is_iban(text) is valid


@given(st.text(max_size=34))
def test_no_text_at_all_makes_the_check_crash(text: str) -> None:
    assert is_iban(text) in (True, False)


def test_an_iban_is_printed_in_groups_of_four() -> None:
    assert format_iban("de89370400440532013000") == "DE89 3704 0044 0532 0130 00"
    with pytest.raises(BadInput):
        format_iban("DE00")
