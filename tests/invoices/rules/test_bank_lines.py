"""When entries of bank files are one movement (D71)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from invoices.rules.bank_lines import (
    Movement,
    batch_places,
    file_kind,
    fingerprint,
    known_places,
    movement_words,
    plain_id,
)

DAY = date(2026, 3, 2)
PAID = Movement(DAY, DAY, Decimal("119.00"), "EUR", "BANK-1", "E2E-1", "NL91|ACME|", "camt.053")


def test_d71_the_same_entry_again_is_known() -> None:
    assert known_places([PAID], [PAID]) == {0}


def test_d71_two_identical_genuine_payments_of_one_file_stay_two() -> None:
    twice = [replace(PAID, bank_reference="", end_to_end_id="")] * 2
    assert known_places(twice, []) == set()
    assert known_places(twice, twice[:1]) == {0}
    assert known_places(twice, twice) == {0, 1}


def test_d71_an_id_that_is_used_again_next_year_names_another_movement() -> None:
    later = replace(PAID, booked_on=date(2027, 3, 2), value_on=date(2027, 3, 2))
    assert known_places([later], [PAID]) == set()
    assert fingerprint(later) != fingerprint(PAID)


def test_d71_another_reference_of_the_bank_in_the_same_kind_of_file_is_another_movement() -> None:
    assert known_places([replace(PAID, bank_reference="BANK-2")], [PAID]) == set()


def test_d71_camt_054_and_053_tell_of_one_movement_even_under_two_references() -> None:
    notice = replace(PAID, kind="camt.054", bank_reference="TX-9")
    assert known_places([PAID], [notice]) == {0}
    assert known_places([PAID], [replace(notice, bank_reference="")]) == {0}
    assert known_places([PAID], [replace(notice, end_to_end_id="E2E-2")]) == set()


def test_d71_without_ids_the_words_decide() -> None:
    bare = replace(PAID, bank_reference="", end_to_end_id="")
    assert known_places([bare], [bare]) == {0}
    assert known_places([replace(bare, words="NL91|ACME|INVOICE2")], [bare]) == set()
    assert known_places([replace(bare, amount=Decimal("-119.00"))], [bare]) == set()


def test_d71_two_statements_of_which_one_goes_on_where_the_other_ends_do_not_overlap() -> None:
    bare = replace(PAID, bank_reference="", end_to_end_id="")
    morning = replace(bare, opening=Decimal(100), closing=Decimal(219))
    noon = replace(bare, opening=Decimal(219), closing=Decimal(338))
    assert known_places([noon], [morning]) == set()
    assert known_places([morning], [noon]) == set()
    assert known_places([noon], [morning, noon]) == {0}
    whole_day = replace(bare, opening=Decimal(100), closing=Decimal(338))
    assert known_places([whole_day, whole_day], [morning, noon]) == {0, 1}
    assert known_places([replace(noon, bank_reference="B1")], [replace(morning, bank_reference="B1")]) == {0}


def test_the_best_evidence_is_used_first() -> None:
    alike = replace(PAID, bank_reference="BANK-2")
    assert known_places([alike], [PAID, alike]) == {0}
    assert known_places([PAID, alike], [alike]) == {1}


def test_a_value_date_bridges_two_booking_days_only_under_the_banks_reference() -> None:
    moved = replace(PAID, booked_on=date(2026, 3, 3))
    assert known_places([moved], [PAID]) == {0}
    assert known_places([replace(moved, bank_reference="")], [replace(PAID, bank_reference="")]) == set()


def test_d71_a_batch_known_as_one_sum_is_not_added_again_as_its_payments() -> None:
    parts = [replace(PAID, amount=Decimal(100)), replace(PAID, amount=Decimal(19), end_to_end_id="E2E-2")]
    assert batch_places(parts, [PAID]) == [(0, 1)]
    assert batch_places([PAID], parts) == [(0,)]
    assert batch_places(parts, [replace(PAID, amount=Decimal(120))]) == []
    assert batch_places([replace(part, bank_reference="") for part in parts], [PAID]) == []


def test_amounts_that_are_equal_have_one_fingerprint() -> None:
    assert fingerprint(PAID) == fingerprint(replace(PAID, amount=Decimal("119.0000"), words="other", kind="x"))
    assert fingerprint(PAID) != fingerprint(replace(PAID, amount=Decimal("119.01")))


def test_words_are_folded_and_empty_ids_are_none() -> None:
    one = movement_words(name="Acme  B.V.", account="NL91 ABNA", reference="", text="Invoice 2026-1")
    other = movement_words(name="ACME BV", account="NL91ABNA", reference="", text="invoice 20261")
    assert one == other
    assert [plain_id(text) for text in ("NOTPROVIDED", " nonref ", "ab 1", "")] == ["", "", "AB1", ""]
    assert file_kind("camt.053.001.08") == "camt.053"
    assert file_kind("MT940") == "MT940"
