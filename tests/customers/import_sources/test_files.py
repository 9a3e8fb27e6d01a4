"""Files as they come: encodings, delimiters, quotes, bombs. Each is parsed, asked about, or refused in words."""

import codecs
import gzip
import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from collections_app.lib.errors import Refusal
from customers.import_sources import files
from customers.import_sources.base import FileRefused, ItemRow, MoreNeeded, Options, Outcome, Table
from customers.import_sources.files import open_table
from customers.import_sources.generic import GenericTable
from customers.rules.import_problems import RowProblem, SkippedRow

HEADER = "Customer,Name,Invoice,Invoice date,Due date,Amount,Currency"
ROW = "C1,Müller & Söhne,R1,2026-01-05,2026-02-04,100.00,EUR"


def opened(tmp_path: Path, content: bytes | str, name: str = "items.csv", **options: str) -> Table:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_table(path, Options(**options))  # type: ignore[arg-type]


def outcomes(table: Table, **options: object) -> list[Outcome]:
    source = GenericTable()
    return list(source.read(table, source.complete(table, Options(**options))))  # type: ignore[arg-type]


def only(table: Table, **options: object) -> ItemRow:
    (row,) = outcomes(table, **options)
    assert isinstance(row, ItemRow), row
    return row


@pytest.mark.parametrize(
    "content",
    [
        codecs.BOM_UTF8 + f"{HEADER}\n{ROW}\n".encode(),
        f"{HEADER}\n{ROW}\n".encode("utf-16"),
        f"{HEADER}\n{ROW}\n".encode("utf-16-le"),
        f"{HEADER}\r\n{ROW}\r\n".encode("cp1252"),
        f"{HEADER}\r{ROW}\r".encode(),
        f"{HEADER}\n{ROW}\n".replace(",", ";").encode(),
        f"{HEADER}\n{ROW}\n".replace(",", "\t").encode(),
        f"{HEADER}\n{ROW}\n".replace(",", "|").encode(),
        gzip.compress(f"{HEADER}\n{ROW}\n".encode()),
        f"\n\n{HEADER}\n\n{ROW}\n,,,,,,\n".encode(),
    ],
    ids=["bom", "utf-16", "utf-16 without mark", "cp1252", "cr", "semicolon", "tab", "bar", "gz", "blank lines"],
)
def test_d70_encodings_and_delimiters_are_detected(tmp_path: Path, content: bytes) -> None:
    row = only(opened(tmp_path, content))
    assert (row.customer.name, row.number, str(row.amount)) == ("Müller & Söhne", "R1", "100.00")


def test_d70_quoted_newlines_stay_in_their_cell_and_lines_are_counted(tmp_path: Path) -> None:
    text = f'{HEADER}\nC1,"Two\nlines",R1,2026-01-05,2026-02-04,1.50,EUR\nC2,B,R2,soon,2026-02-04,1.50,EUR\n'
    first, second = outcomes(opened(tmp_path, text))
    assert isinstance(first, ItemRow)
    assert first.customer.name == "Two\nlines"
    assert isinstance(second, RowProblem)
    assert (second.line, second.code, second.column, second.found) == (4, "not_a_date", "Invoice date", "soon")


def test_d70_a_nul_in_a_cell_is_a_row_error(tmp_path: Path) -> None:
    text = f"{HEADER}\n{ROW}\n" + f"{ROW}\n" * 200 + ROW.replace("R1", "R\0")
    assert [row.code for row in outcomes(opened(tmp_path, text)) if isinstance(row, RowProblem)] == ["unstorable"]


@pytest.mark.parametrize("quote", ["", '"'])
def test_d70_a_cell_of_ten_megabytes_is_refused(tmp_path: Path, quote: str) -> None:
    text = f"{HEADER}\nC1,{quote}{'x' * 10_000_000}{quote},R1,2026-01-05,2026-02-04,1.50,EUR\n"
    with pytest.raises(FileRefused, match=r"characters|cannot be read"):
        outcomes(opened(tmp_path, text))


def test_d70_a_quote_that_is_never_closed_names_the_line(tmp_path: Path) -> None:
    text = f'{HEADER}\n{ROW}\nC2,"open,R2,2026-01-05\n' + f"{ROW}\n" * 4000
    with pytest.raises(FileRefused, match="line 3 cannot be read"):
        outcomes(opened(tmp_path, text))


def test_d70_duplicate_and_empty_headers_get_names_of_their_own(tmp_path: Path) -> None:
    assert opened(tmp_path, "Amount,Amount,,Amount\n1,2,3,4\n").headers == (
        "Amount", "Amount (2)", "Column 3", "Amount (3)",
    )  # fmt: skip


def test_d70_ten_thousand_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="10,000 columns"):
        opened(tmp_path, ",".join(f"c{n}" for n in range(10_000)) + "\n")


@pytest.mark.parametrize(("amount", "mark", "read"), [("1.234,56", ",", "1234.56"), ("1,234.56", ".", "1234.56")])
def test_d70_both_ways_to_write_thousands_are_told_apart(tmp_path: Path, amount: str, mark: str, read: str) -> None:
    row = only(opened(tmp_path, f'{HEADER}\nC1,A,R1,2026-01-05,2026-02-04,"{amount}",EUR\n'))
    assert str(row.amount) == read


def test_d70_what_can_be_read_in_two_ways_is_asked(tmp_path: Path) -> None:
    text = f'{HEADER}\nC1,A,R1,03/04/2026,05/06/2026,"1,234",EUR\n'
    with pytest.raises(MoreNeeded) as asked:
        outcomes(opened(tmp_path, text))
    assert set(asked.value.fields) == {"date_order", "decimal_mark"}
    assert only(opened(tmp_path, text), date_order="mdy", decimal_mark=".").issued_on.month == 3


def test_a_wrong_encoding_chosen_by_hand_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="not utf-8"):
        list(opened(tmp_path, f"{HEADER}\n{ROW}\n".encode("cp1252"), encoding="utf-8").rows())


def test_zero_amounts_are_skipped_with_their_reason(tmp_path: Path) -> None:
    (row,) = outcomes(opened(tmp_path, f"{HEADER}\nC1,A,R1,2026-01-05,2026-02-04,0.00,EUR\n"))
    assert isinstance(row, SkippedRow)


def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "items.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Items")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for column, header in enumerate(HEADER.split(",")):
        sheet.write(2, column, header)
    sheet.write_row(3, 0, ["C1", "Müller", 4711.0])
    sheet.write_number(3, 3, 46027, day)
    sheet.write_number(3, 4, 46057, day)
    sheet.write_number(3, 5, 0.1 + 0.2)
    sheet.write(3, 6, "EUR")
    book.close()
    return path


def test_a_spreadsheets_typed_cells_are_exact(tmp_path: Path) -> None:
    row = only(open_table(workbook(tmp_path), Options()))
    assert (row.line, row.number, str(row.amount)) == (4, "4711", "0.30")
    assert (row.issued_on.isoformat(), row.due_on.isoformat()) == ("2026-01-05", "2026-02-04")


def packed(parts: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return content.getvalue()


def test_d72_a_bomb_is_refused_from_the_zip_directory(tmp_path: Path) -> None:
    bomb = packed({"[Content_Types].xml": b"", "xl/sharedStrings.xml": b"\0" * 30_000_000})
    with pytest.raises(FileRefused, match="unpacks to far more"):
        opened(tmp_path, bomb, "bomb.xlsx")


def test_d72_macros_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="macros"):
        opened(tmp_path, packed({"[Content_Types].xml": b"", "xl/vbaProject.bin": b"x"}), "m.xlsm")


def test_d72_an_encrypted_spreadsheet_is_refused(tmp_path: Path) -> None:
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(FileRefused, match="password"):
        opened(tmp_path, content, "e.xlsx")


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04 broken", packed({"a.txt": b"x"}), b"\x1f\x8bbroken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-1.7",
     b"\x89PNG", b"\x01\x02\x03" * 99, b""],
)  # fmt: skip
def test_what_is_no_table_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(FileRefused):
        opened(tmp_path, content)


def test_a_gz_may_not_unpack_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_UNPACKED", 1_000_000)
    with pytest.raises(FileRefused, match="holds more than"):
        list(opened(tmp_path, gzip.compress((ROW + "\n").encode() * 50_000), "b.csv.gz").rows())


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r"nope\.csv cannot be read"):
        open_table(tmp_path / "nope.csv", Options())


def read_whatever(path: Path, content: bytes) -> None:
    """Nothing; every outcome but a declared refusal, problem or row is an error of the reader."""
    path.write_bytes(content)
    try:
        for outcome in outcomes(open_table(path, Options()), currency="EUR"):
            assert isinstance(outcome, ItemRow | RowProblem | SkippedRow)
    except Refusal:
        return


cells = st.one_of(
    st.sampled_from(
        ["C1", "R1", "2026-01-05", "05.01.2026", "1.234,56", "-7", "", '"', "NaN", "1e15", "EUR", "\x00", "=1"]
    ),
    st.text(max_size=12),
)
tables = st.lists(st.lists(cells, max_size=9), max_size=6).map(
    lambda rows: "\n".join([HEADER, *(",".join(row) for row in rows)]).encode("utf-8", "surrogatepass")
)


@given(content=st.one_of(st.binary(max_size=400), tables, tables.map(gzip.compress)))
def test_d99_only_declared_refusals_leave_the_reader(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    read_whatever(tmp_path_factory.getbasetemp() / "whatever.csv", content)
