"""Structured payment references of Europe: check digits, and finding them in what payers write."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from collections_app.lib.references import rf_reference
from collections_app.lib.structured_references import (
    find_references,
    is_reference,
    kid11_check,
    ogm_reference,
    qr_reference,
    read_reference,
    viite_check,
)

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "data" / "references" / "structured_references.json"
KINDS = {"iso11649": ("rf",), "ch_esr_or_qrr": ("qrr",), "ch_qrr": ("qrr",), "be_ogm": ("ogm",), "fi_viite": ("viite",)}


@pytest.mark.skipif(not SAMPLES.exists(), reason="the shared reference samples are not here")
def test_every_public_sample_is_judged_as_its_file_says() -> None:
    wrong = []
    for sample in json.loads(SAMPLES.read_text(encoding="utf-8")):
        kinds = KINDS.get(sample["kind"]) or (("kid10",) if "MOD10" in sample["note"] else ("kid11",))
        if any(is_reference(sample["value"], kind) for kind in kinds) != sample["valid"]:
            wrong.append(sample)
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "kind", "value", "payload"),
    [
        ("RF18 5390 0754 7034", "rf", "RF18539007547034", "539007547034"),
        ("rf18539007547034", "rf", "RF18539007547034", "539007547034"),
        ("21 00000 00003 13947 14300 09017", "qrr", "210000000003139471430009017", "21000000000313947143000901"),
        ("+++010/8068/17183+++", "ogm", "010806817183", "0108068171"),
        ("1234561", "viite", "1234561", "123456"),
        ("2345676", "kid10", "2345676", "234567"),
        ("12345678903", "kid11", "12345678903", "1234567890"),
        ("5979711471049-", "kid11", "5979711471049-", "5979711471049"),
    ],
)
def test_a_reference_is_read_with_its_payload(text: str, kind: str, value: str, payload: str) -> None:
    readings = {reading.kind: reading for reading in read_reference(text)}
    assert (readings[kind].value, readings[kind].payload) == (value, payload)


@pytest.mark.parametrize("text", ["", "RF", "RF18", "RF17539007547034", "010/8068/17180", "0" * 27, "Miete", "٣٤٥٦٧٨٩"])
def test_what_is_no_reference_has_no_reading(text: str) -> None:
    assert read_reference(text) == ()


def test_a_swedish_reference_needs_its_length_digit_to_agree() -> None:
    body = "4012351"  # six digits of payload, then the length digit: 8 in all would be 8
    right = "4012358" + str(luhn.calc_check_digit("4012358"))
    wrong = body + str(luhn.calc_check_digit(body))
    assert is_reference(right, "ocr")
    assert not is_reference(wrong, "ocr")
    assert is_reference(wrong, "kid10")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Zahlung RF18 5390 0754 7034 vielen Dank", ["RF18539007547034"]),
        ("/ROC/RF18539007547034/", ["RF18539007547034"]),
        ("mededeling +++010/8068/17183+++ factuur", ["010806817183"]),
        ("***010/8068/17183***", ["010806817183"]),
        ("Ref 210000000003139471430009017", ["210000000003139471430009017"]),
        ("KID: 2345676 faktura", ["2345676"]),
        ("Viite 1234561", ["1234561"]),
        ("2345676 without a label", []),
        ("RF19 5390 0754 7034", []),
        ("TARIF1853", []),
    ],
)
def test_references_are_found_in_free_text(text: str, values: list[str]) -> None:
    assert [reference.value for reference in find_references(text)] == values


@given(st.integers(min_value=1, max_value=9_999_999_999))
def test_every_belgian_and_swiss_reference_we_make_is_valid(number: int) -> None:
    assert is_reference(ogm_reference(number), "ogm")
    assert is_reference(qr_reference(str(number)), "qrr")


@given(st.from_regex(r"[1-9][0-9]{3,17}", fullmatch=True), st.integers(0, 16))
def test_one_wrong_digit_never_passes(digits: str, place: int) -> None:
    place %= len(digits)
    other = digits[:place] + str((int(digits[place]) + 1) % 10) + digits[place + 1 :]
    assert viite_check(other) != viite_check(digits)
    assert kid11_check(other) != kid11_check(digits)
    assert rf_reference(other)[:4] != rf_reference(digits)[:4]


@given(st.text(max_size=200))
def test_no_text_at_all_makes_the_search_crash(text: str) -> None:
    for reference in find_references(text):
        assert is_reference(reference.value, reference.kind)
    read_reference(text)
