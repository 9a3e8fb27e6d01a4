"""D70, D99: damaged and foreign files of open items through the whole import: refused, checked or written, never half.

`make fuzz` looks much longer."""

import gzip
from itertools import islice
from pathlib import Path

import pytest
from django.conf import settings as project
from hypothesis import HealthCheck, event, given, settings

from customers.models import LegalEntity
from tests import factories
from tests.fuzz.import_files import SEEDS
from tests.invoices.bank_formats.damage import damaged
from tests.invoices.import_trials import tried

pytestmark = pytest.mark.django_db

DATA = Path(project.BASE_DIR).parent / "shared/data"
FOREIGN = sorted(
    path for folder in ("importers", "invoices") for path in (DATA / folder).rglob("*") if path.is_file()
)  # fmt: skip
ROWS = 200  # of a large file; whole ones are read in test_import_real_data
_ENCODINGS = ("utf-16", "cp1252", "cp1251", "utf-8-sig")


@pytest.fixture
def selling() -> list[LegalEntity]:
    return [factories.entity("0"), factories.entity("1")]


@pytest.mark.parametrize("content", SEEDS)
def test_every_seed_is_written_whole(content: bytes, selling: list[LegalEntity], tmp_path: Path) -> None:
    assert tried(tmp_path / "seed.csv", content, selling, leave_out_bad=False) == "written"


@settings(max_examples=30, suppress_health_check=list(HealthCheck))  # each example rolls back what it wrote
@given(content=damaged(SEEDS))
def test_d99_nothing_of_a_damaged_file_is_half_written(
    content: bytes, selling: list[LegalEntity], tmp_path_factory: pytest.TempPathFactory
) -> None:
    event(tried(tmp_path_factory.getbasetemp() / "damaged.csv", content, selling))


@pytest.mark.parametrize("path", FOREIGN or [pytest.param(None, marks=pytest.mark.skip("the data is not here"))])
def test_files_of_other_products_end_in_words(path: Path, selling: list[LegalEntity], tmp_path: Path) -> None:
    content = beginning(path)
    tried(tmp_path / path.name, content, selling)
    tried(tmp_path / path.name, content[: len(content) * 2 // 3], selling)
    if path.suffix in (".csv", ".gz"):
        plain = gzip.decompress(content) if path.suffix == ".gz" else content
        for encoding in _ENCODINGS:
            tried(tmp_path / "again.csv", plain.decode("utf-8", "replace").encode(encoding, "replace"), selling)
        middle = len(plain) // 2
        tried(tmp_path / "flipped.csv", plain[:middle] + bytes([plain[middle] ^ 0x80]) + plain[middle + 1 :], selling)


def beginning(path: Path) -> bytes:
    """The file, or the first rows of a large table, packed as the file is."""
    if path.stat().st_size < 50_000 and path.suffix != ".gz":
        return path.read_bytes()
    if path.suffix not in (".csv", ".gz"):
        return path.read_bytes()
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        rows = b"".join(islice(file, ROWS))
    return gzip.compress(rows) if path.suffix == ".gz" else rows
