"""The one way into bank files: recognising, archives, sizes, and statements that do not add up (D71, D72)."""

import io
import zipfile
from dataclasses import replace
from decimal import Decimal

import pytest
from django.test import override_settings

from invoices.bank_formats import registry
from invoices.bank_formats.camt import CAMT
from invoices.bank_formats.contract import Problem, Refused
from invoices.bank_formats.gaps import without_gaps
from invoices.bank_formats.registry import bank_formats, read, recognise
from tests.invoices.bank_formats.camt_files import OWN, camt, entry, statement
from tests.invoices.bank_formats.test_ofx import GOOD as OFX_FILE

FIRST = camt(statement(entry("5.00"), opening="0.00", closing="5.00", number="1"))
SECOND = camt(statement(entry("7.00"), opening="5.00", closing="12.00", number="2"), version="02")
GAP = camt(statement(entry("5.00"), opening="1.00", closing="7.00", number="3"))


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def refused(content: bytes, **options: str) -> Refused:
    """The refusal of the content."""
    with pytest.raises(Refused) as caught:
        read(content, **options)  # type: ignore[arg-type]  # only names and formats are given
    assert caught.value.sentence.endswith(".")
    return caught.value


def test_every_format_of_the_settings_loads_and_is_called_by_its_code() -> None:
    formats = bank_formats()
    assert formats.problems == ()  # type: ignore[attr-defined]  # the registry behind the mapping
    assert all(code == each.code and each.name for code, each in formats.items())
    assert {"camt", "ofx"} <= set(formats)


def test_the_first_format_that_recognises_a_file_reads_it() -> None:
    assert recognise(FIRST).code == "camt"
    assert recognise(OFX_FILE).code == "ofx"
    assert read(FIRST).format == "camt.053.001.08"


def test_a_format_can_be_named() -> None:
    assert read(FIRST, format="camt").statements == read(FIRST).statements
    assert "no complete <OFX> element" in refused(FIRST, format="ofx").sentence
    assert "“telex” is not enabled here" in refused(FIRST, format="telex").sentence


@override_settings(BANK_FORMATS=["invoices.bank_formats.ofx.OFX"])
def test_the_settings_decide_which_formats_there_are() -> None:
    assert "known here: OFX." in refused(FIRST).sentence


@pytest.mark.parametrize(
    ("content", "beginning"),
    [
        (b"%PDF-1.7 statement of account", "The file is a PDF, not a bank statement"),
        (b"\x89PNG\r\n\x1a\n", "The file is a picture, not a bank statement"),
        (b"\x1f\x8b\x08\x00", "The file is an archive, not a bank statement"),
        (b"<pain/>", "The file is not a bank statement in a format known here: camt.053 and camt.054,"),
    ],
)
def test_what_nobody_recognises_is_refused_with_what_to_ask_the_bank_for(content: bytes, beginning: str) -> None:
    refusal = refused(content)
    assert refusal.sentence.startswith(beginning)
    assert "OFX" in refusal.sentence
    assert "Ask the bank for camt.053" in refusal.sentence


@pytest.mark.parametrize("content", [b"", b" \r\n", b"\xef\xbb\xbf", b"\0\0\0"])
def test_an_empty_file_is_refused_by_name(content: bytes) -> None:
    assert refused(content, name="november.xml").sentence.startswith("The file “november.xml” is empty")


def test_a_file_beyond_50_mb_is_refused_before_it_is_read() -> None:
    content = FIRST + b" " * (registry.MAX_FILE - len(FIRST) + 1)
    assert "50 MB; at most 50 MB can be read" in refused(content).sentence
    assert read(content[:-1]).format == "camt.053.001.08"


def test_an_archive_is_read_file_by_file_with_names_in_every_place() -> None:
    bad = camt(statement(entry("NaN"), entry("1.00")))
    content = packed({"1.xml": FIRST, "folder/": b"", "__MACOSX/1.xml": b"?", "2.xml": SECOND, "bad.xml": bad})
    parsed = read(content)
    assert parsed.format == "camt.053.001.08, camt.053.001.02"
    assert [each.number for each in parsed.statements] == ["1", "2", "7"]
    assert parsed.statements[1].entries[0].position == "2.xml, statement 1, entry 1, line 6"
    assert [problem.position for problem in parsed.problems] == ["bad.xml, statement 1, entry 1, line 6"]


def test_files_in_an_archive_are_told_apart_whatever_they_are_called() -> None:
    names = ["a, 1.xml", "a  1.xml", f"{'x' * 99}/one.xml", f"{'y' * 99}/one.xml", "\u202e.xml"]
    parsed = read(packed(dict.fromkeys(names, FIRST)))
    labels = [each.entries[0].position.partition(", ")[0] for each in parsed.statements]
    assert labels == ["a 1.xml", "a 1.xml (2)", "x" * 32 + "/one.xml", "y" * 32 + "/one.xml", ".xml"]


def test_a_refused_file_in_an_archive_is_a_problem_and_loses_no_other() -> None:
    parsed = read(packed({"a.xml": FIRST[:200], "b.xml": FIRST, "c.txt": b"hello", "d.xml": GAP, "e.xml": b""}))
    assert len(parsed.statements) == 1
    places = [problem.position.split(",")[0] for problem in parsed.problems]
    assert places == ["a.xml", "c.txt", "d.xml", "e.xml"]


def test_an_archive_of_refused_files_is_refused_with_the_place_of_the_first() -> None:
    refusal = refused(packed({"a.xml": GAP, "b.txt": b"hello"}))
    assert refusal.position == f"a.xml, statement 1, account {OWN}, no. 3"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (packed({}), "The archive is empty"),
        (packed({"__MACOSX/x": b"1"}), "The archive is empty"),
        (packed({"a.xml": FIRST})[:-40], "The archive is damaged"),
        (b"PK\x03\x04 and nothing more", "The archive is damaged"),
        (packed({f"{number}.xml": b"x" for number in range(501)}), "holds too many files"),
        (packed({"a.xml": b"<" * 30_000_000}), "unpacks to far more than it weighs"),
        (packed({str(number): b"\0" * 1_900_000 for number in range(106)}), "unpacks to far more than it weighs"),
        (packed({"inner.zip": packed({"a.xml": FIRST})}), "holds another archive"),
    ],
    ids=["empty", "nothing of use", "cut", "magic only", "many", "bomb", "many small bombs", "archive in archive"],
)
def test_d72_archives_that_cannot_be_trusted_are_refused_from_their_directory(content: bytes, sentence: str) -> None:
    assert sentence in refused(content).sentence


def test_d72_a_directory_that_lies_about_sizes_is_refused() -> None:
    content = bytearray(packed({"a.xml": b"<" * 3_000_000}))
    at = content.rindex(b"PK\x01\x02") + 24  # the unpacked size in the directory
    content[at : at + 4] = (1_000).to_bytes(4, "little")
    assert "The archive is damaged" in refused(bytes(content)).sentence


def test_a_protected_archive_is_refused() -> None:
    content = bytearray(packed({"a.xml": FIRST}))
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    assert "protected by a password" in refused(bytes(content)).sentence


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_archives_of_every_method_are_read(method: int) -> None:
    assert len(read(packed({"a.xml": FIRST}, method)).statements) == 1


def test_a_statement_that_does_not_add_up_is_refused_with_both_figures() -> None:
    refusal = refused(GAP)
    assert "The opening balance 1.00 and the booked entries lead to 6.00" in refusal.sentence
    assert "not to the closing balance 7.00 EUR" in refusal.sentence
    assert refusal.position == f"statement 1, account {OWN}, no. 3"


def test_beside_good_statements_it_is_a_problem_and_left_out() -> None:
    good = statement(entry("5.00"), opening="0.00", closing="5.00", number="1")
    bad = statement(entry("5.00"), opening="1.00", closing="7.00", number="2")
    parsed = read(camt(good, bad))
    assert [each.number for each in parsed.statements] == ["1"]
    assert [problem.position for problem in parsed.problems] == [f"statement 2, account {OWN}, no. 2"]
    assert parsed.problems[0].sentence.endswith("Nothing of this statement was taken.")


def test_where_an_entry_is_bad_the_others_stay_and_the_difference_is_told() -> None:
    parsed = read(camt(statement(entry("5.00"), entry("NaN"), opening="1.00", closing="7.00")))
    assert parsed.statements[0].difference == Decimal("1.00")
    assert [problem.position for problem in parsed.problems] == [
        "statement 1, entry 2, line 7", f"statement 1, account {OWN}, no. 7"
    ]  # fmt: skip


def test_a_problem_that_lost_no_entry_excuses_no_gap() -> None:
    good, bad = statement(entry("5.00"), opening="0.00", closing="5.00"), statement(opening="1.00", closing="7.00")
    only_told = Problem("line 9", "A trailer is wrong. Ask the bank.", explains_gap=False)
    parsed = CAMT.parse(camt(good, bad))
    held = without_gaps(replace(parsed, problems=(only_told,)))
    assert held.statements == parsed.statements[:1]
    assert [problem.position for problem in held.problems] == ["line 9", f"statement 2, account {OWN}, no. 7"]
