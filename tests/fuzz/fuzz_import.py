"""D99: a long search for files that break the reader. Only declared refusals may leave it."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.customers.import_sources.test_files import packed, read_whatever, tables

LONG = settings(settings.get_profile("fuzz"))
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
