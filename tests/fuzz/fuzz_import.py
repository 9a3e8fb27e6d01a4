"""D70, D99: a long search for files that break the import. Only declared refusals may leave the readers, and whatever a
file holds, the ledger has all of what the report says or nothing."""

import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from customers.models import LegalEntity
from tests import factories
from tests.customers.import_sources.test_files import packed, read_whatever, tables
from tests.fuzz import import_files
from tests.invoices.bank_formats.damage import damaged
from tests.invoices.import_trials import tried

LONG = settings(settings.get_profile("fuzz"))
# The two companies are the same for all examples: each of them rolls back what it wrote.
WITH_DATABASE = settings(LONG, max_examples=1000, suppress_health_check=list(HealthCheck))
parts = st.dictionaries(
    st.sampled_from(["[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"]),
    st.binary(max_size=300),
)
magic = st.sampled_from(
    [b"", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]
)


@LONG
@given(content=st.one_of(st.tuples(magic, st.binary(max_size=3000)).map(b"".join), tables, tables.map(gzip.compress)))
def test_d99_text_and_bytes(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    read_whatever(tmp_path_factory.getbasetemp() / "fuzzed.csv", content)


@LONG
@given(held=parts)
def test_d99_spreadsheets(held: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> None:
    path: Path = tmp_path_factory.getbasetemp() / "fuzzed.xlsx"
    read_whatever(path, packed(held))


@LONG
@given(content=damaged(import_files.SEEDS))
def test_d99_damaged_tables_are_read_or_refused(content: bytes) -> None:
    import_files.read_whatever(content)


@pytest.fixture
def selling() -> list[LegalEntity]:
    return [factories.entity("0"), factories.entity("1")]


@pytest.mark.django_db
@WITH_DATABASE
@given(content=st.one_of(damaged(import_files.SEEDS), tables), leave_out_bad=st.booleans())
def test_d99_nothing_is_half_written(
    content: bytes, leave_out_bad: bool, selling: list[LegalEntity], tmp_path_factory: pytest.TempPathFactory
) -> None:
    event(tried(tmp_path_factory.getbasetemp() / "tried.csv", content, selling, leave_out_bad=leave_out_bad))
