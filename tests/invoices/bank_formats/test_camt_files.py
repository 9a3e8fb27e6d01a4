"""camt as a file: encodings, namespaces, envelopes, what is refused and where, and damage of every kind (D71, D99)."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given

from invoices.bank_formats.camt import CAMT
from invoices.bank_formats.contract import Refused
from invoices.bank_formats.registry import read
from tests.invoices.bank_formats.camt_files import camt, entry, namespace, payment, statement
from tests.invoices.bank_formats.damage import FOLDER, damaged, parsed_or_refused

GOOD = camt(
    statement(
        entry("10.00", payment(amount="4.00", debtor="<Pty><Nm>Müller</Nm></Pty>"), payment(amount="6.00")),
        entry("3.00", side="DBIT", flag="true"),
        opening="1.00", closing="8.00",
    )
)  # fmt: skip
OLD = camt(statement(entry("10.00", status="BOOK"), opening="0", closing="10.00"), version="02")
DTD = '<!DOCTYPE Document [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>\n'
OUTSIDE = '<!DOCTYPE Document SYSTEM "file:///etc/passwd">\n'
ODD = {
    "camt053.v2.all-balance-types.xml": "lead to 9.86, not to the closing balance 4.04",
    "camt053.v2.five.decimals.xml": "lead to 27.00, not to the closing balance 27.05",
    "camt053.v2.wrong.xml": "holds no statement",
    "camt054.v8-with-UETR.xml": "neither a booking date nor a value date",
    "oca_camt053.xml": "lead to 15555.28, not to the closing balance 15121.12",
    "oca_camt053.zip": "lead to 15625.28, not to the closing balance 15121.12",
}
SAMPLES = sorted(FOLDER.glob("camt/*"))


def refused(content: bytes) -> Refused:
    """The refusal of the content."""
    with pytest.raises(Refused) as caught:
        CAMT.parse(content)
    assert caught.value.sentence.endswith(".")
    return caught.value


@pytest.mark.parametrize("head", [DTD, OUTSIDE, "<!DOCTYPE Document>\n"])
def test_d71_a_document_type_is_refused_with_its_line(head: str) -> None:
    refusal = refused(camt(statement(entry()), head=head))
    assert "document type" in refusal.sentence
    assert refusal.position == "line 2"


@pytest.mark.parametrize("version", ["01", "14", "99"])
def test_versions_that_are_not_known_are_refused_by_name(version: str) -> None:
    content = camt(statement(entry()), version=version)
    assert CAMT.sniff(content)
    assert f"camt.053.001.{version} is a version that is not known here" in refused(content).sentence


@pytest.mark.parametrize(
    "content",
    [
        GOOD.replace(namespace().encode(), b"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"),
        GOOD.replace(namespace().encode(), b"somewhere"),
        GOOD.replace(b"Document", b"Dokument"),
        b"<html><body>Your session has ended, camt.053 is not here.</body></html>",
    ],
)
def test_other_xml_is_refused_by_what_it_begins_with(content: bytes) -> None:
    assert "no account statement known here. Ask the bank for camt.053" in refused(content).sentence


def test_other_messages_are_not_recognised() -> None:
    assert not CAMT.sniff(b'<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"/>')
    assert not CAMT.sniff(b"camt.053 is what we asked the bank for")


def test_a_file_without_statements_is_refused() -> None:
    assert "The file holds no statement" in refused(camt()).sentence


@pytest.mark.parametrize(
    ("only", "sentence"),
    [
        (statement(entry(), account=""), "names no account"),
        (statement(entry(), currency="EURO"), "is kept in “EURO”, which is no currency"),
        (statement(currency=""), "neither a currency, nor a balance, nor an entry"),
        (statement(entry("NaN"), currency=""), "“NaN” is not an amount"),
    ],
)
def test_statements_that_nobody_can_own_are_problems_and_refuse_the_file_when_alone(only: str, sentence: str) -> None:
    refusal = refused(camt(only))
    assert sentence in refusal.sentence
    assert refusal.position.startswith("statement 1, ")
    parsed = CAMT.parse(camt(only, statement(entry("5.00"))))
    assert len(parsed.statements) == 1
    assert sentence in parsed.problems[0].sentence


def test_broken_xml_is_refused_with_line_and_column() -> None:
    refusal = refused(GOOD.replace(b"</Ntry>", b"</Entry>", 1))
    assert "The XML breaks here (mismatched tag)" in refusal.sentence
    assert refusal.position.startswith("line 6, column ")


def test_a_file_that_breaks_off_is_refused() -> None:
    assert "cut off" in refused(GOOD[: len(GOOD) // 2]).sentence


@pytest.mark.parametrize("encoding", ["UTF-8", "ISO-8859-1", "windows-1252", "ISO-8859-15", "UTF-16", "windows-1250"])
def test_the_declared_encoding_is_honoured(encoding: str) -> None:
    payer = payment(debtor="<Nm>Müller &amp; Söhne</Nm>")
    content = camt(statement(entry("1.00", payer)), encoding=encoding)
    assert CAMT.sniff(content)
    assert CAMT.parse(content).statements[0].entries[0].counterparty_name == "Müller & Söhne"


def test_utf16_is_read_without_a_mark_and_utf8_with_one() -> None:
    text = GOOD.decode().replace('encoding="UTF-8"', "")
    for content in (text.encode("utf-16-le"), text.encode("utf-16-be"), text.encode("utf-8-sig")):
        assert CAMT.sniff(content)
        assert CAMT.parse(content).statements == CAMT.parse(GOOD).statements


def test_the_padding_of_mainframes_is_no_part_of_the_xml() -> None:
    assert CAMT.parse(GOOD + b"\0" * 80 + b"\x1a\r\n").statements == CAMT.parse(GOOD).statements


def test_ascii_is_taken_for_the_utf8_that_banks_mean() -> None:
    content = GOOD.replace(b'encoding="UTF-8"', b'encoding="US-ASCII"')
    assert CAMT.parse(content).statements == CAMT.parse(GOOD).statements


def test_bytes_that_are_not_what_the_file_declares_are_refused_with_their_line() -> None:
    refusal = refused(GOOD.replace("ü".encode(), b"\xfc"))
    assert "says that it is written in utf-8" in refusal.sentence
    assert refusal.position == "line 6"


@pytest.mark.parametrize("name", ["no-such-thing", "base64", "zip", "rot13", "unicode_escape", "idna", "utf-7"])
def test_what_is_no_character_set_is_refused(name: str) -> None:
    content = GOOD.replace(b'encoding="UTF-8"', f'encoding="{name}"'.encode())
    assert "is no character set known here" in refused(content).sentence


def test_namespaces_may_be_prefixed_and_the_document_may_be_in_an_envelope() -> None:
    prefixed = re.sub(r"<(/?)(?=[A-Z])", r"<\1c:", GOOD.decode()).replace("xmlns=", "xmlns:c=")
    assert CAMT.parse(prefixed.encode()).statements == CAMT.parse(GOOD).statements
    declaration, _, document = GOOD.decode().partition("\n")
    wrapped = f"{declaration}<Envelope xmlns='urn:some:bank'><AppHdr/>\n{document}</Envelope>"
    assert CAMT.sniff(wrapped.encode())
    assert CAMT.parse(wrapped.encode()).statements == CAMT.parse(GOOD).statements


def test_deep_nesting_and_floods_of_elements_are_refused() -> None:
    deep = camt(statement("<a>" * 100_000 + "</a>" * 100_000))
    assert "nested more than 60 deep" in refused(deep).sentence
    assert refused(camt(statement("<a/>" * 2_000_001))).code == "file_too_large"


@given(content=damaged([GOOD, OLD, camt(statement(entry("10.00")), encoding="UTF-16")]))
def test_d99_damaged_files_are_parsed_or_refused_in_bounded_time(content: bytes) -> None:
    started = time.monotonic()
    parsed_or_refused(CAMT, content)
    assert time.monotonic() - started < 5


@pytest.mark.skipif(not SAMPLES, reason="The bank samples are not here.")
@given(content=damaged([path.read_bytes() for path in SAMPLES if path.suffix == ".xml"] or [b""]))
def test_d99_damaged_samples_are_parsed_or_refused(content: bytes) -> None:
    parsed_or_refused(CAMT, content)


@pytest.mark.skipif(not SAMPLES, reason="The bank samples are not here.")
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_samples_lead_from_opening_to_closing_or_are_refused_with_the_reason(path: Path) -> None:
    content = path.read_bytes()
    if path.name in ODD:
        with pytest.raises(Refused, match=ODD[path.name]):
            read(content, name=path.name)
        return
    parsed = read(content, name=path.name)
    assert all(not each.difference for each in parsed.statements)
    assert any(each.entries for each in parsed.statements)
