"""The import pages: upload, format, columns, preview, confirm. Nothing is written before the last step."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from customers.models import ImportBatch
from invoices.models import Invoice
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

FILE = (
    "Kunde;Rechnung;Rechnungsdatum;Fällig am;Betrag\n"
    "C1;R1;05.01.2026;04.02.2026;1.234,56\nC2;R2;13.01.2026;12.02.2026;7,00\n"
)


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def accountant(client: Client, cast: Cast) -> Client:
    factories.entity()
    client.force_login(cast.accountant)
    return client


def upload(client: Client, content: str | bytes = FILE, name: str = "items.csv") -> ImportBatch:
    data = content.encode("cp1252") if isinstance(content, str) else content
    answer = client.post(reverse("imports"), {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 302, answer.content.decode()
    return ImportBatch.objects.get()


def to_columns(client: Client, batch: ImportBatch) -> dict[str, Any]:
    page = client.get(reverse("import_format", args=[batch.pk]))
    form = page.context["form"]
    chosen = {name: form.initial.get(name) or "" for name in form.fields}
    chosen["entity"] = form.initial["entity"].pk
    answer = client.post(reverse("import_format", args=[batch.pk]), chosen)
    assert answer.status_code == 302
    columns = client.get(answer["Location"]).context["form"]
    return {name: value for name, value in columns.initial.items() if value}


def test_u64_a_german_file_goes_from_upload_to_ledger(accountant: Client) -> None:
    batch = upload(accountant)
    chosen = to_columns(accountant, batch)
    assert (chosen["map_customer"], chosen["map_amount"]) == ("Kunde", "Betrag")
    assert (chosen["date_order"], chosen["decimal_mark"], chosen["currency"]) == ("dmy", ",", "EUR")
    answer = accountant.post(reverse("import_columns", args=[batch.pk]), chosen)
    assert answer.status_code == 302
    page = accountant.get(answer["Location"]).content.decode()
    assert "1,234.56" in page
    assert not Invoice.objects.exists()  # U68
    done = accountant.post(reverse("import_preview", args=[batch.pk]))
    assert done.status_code == 302
    assert Invoice.objects.count() == 2
    assert "Imported" in accountant.get(reverse("imports")).content.decode()


def test_u65_the_mapping_is_remembered_for_the_same_headers(accountant: Client) -> None:
    batch = upload(accountant, FILE.replace("Rechnung;", "Dings;"))
    chosen = {**to_columns(accountant, batch), "map_number": "Dings"}
    accountant.post(reverse("import_columns", args=[batch.pk]), chosen)
    accountant.post(reverse("import_preview", args=[batch.pk]))
    again = FILE.replace("Rechnung;", "Dings;").encode("cp1252")
    accountant.post(reverse("imports"), {"file": SimpleUploadedFile("b.csv", again)})
    assert to_columns(accountant, ImportBatch.objects.latest("pk"))["map_number"] == "Dings"


def test_ambiguous_dates_and_amounts_are_asked(accountant: Client) -> None:
    batch = upload(accountant, "Customer,Invoice,Invoice date,Due date,Amount\nC1,R1,03/04/2026,05/06/2026,1.234\n")
    chosen = to_columns(accountant, batch)
    answer = accountant.post(reverse("import_columns", args=[batch.pk]), chosen)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"date_order", "decimal_mark"}


def test_u67_bad_rows_are_grouped_and_can_be_downloaded_safely(accountant: Client) -> None:
    bad = FILE + "=1+1;R3;99.99.2026;01.02.2026;-5,00\n"
    batch = upload(accountant, bad)
    accountant.post(reverse("import_columns", args=[batch.pk]), to_columns(accountant, batch))
    assert "Import the 2 good rows" in accountant.get(reverse("import_preview", args=[batch.pk])).content.decode()
    rows = accountant.get(reverse("import_bad_rows", args=[batch.pk])).content.decode("utf-8-sig").splitlines()
    assert len(rows) == 2
    assert "'=1+1" in rows[1]
    assert accountant.post(reverse("import_preview", args=[batch.pk])).status_code == 422
    assert not Invoice.objects.exists()
    assert accountant.post(reverse("import_preview", args=[batch.pk]), {"good_rows": "yes"}).status_code == 302
    assert Invoice.objects.count() == 2


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"\x00\x01" * 500, b"PK\x03\x04broken"])
def test_files_that_are_no_table_are_told_in_the_form(accountant: Client, content: bytes) -> None:
    answer = accountant.post(reverse("imports"), {"file": SimpleUploadedFile("a.xlsx", content)})
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]
    assert not ImportBatch.objects.exists()


def test_d73_a_hostile_file_name_is_only_shown(accountant: Client, tmp_path: Path) -> None:
    batch = upload(accountant, name="..\\..\\x\u202egpj.csv")
    assert batch.file_name == "xgpj.csv"
    assert Path(batch.file.path).is_relative_to(tmp_path)
    assert "x" not in Path(batch.file.path).stem


def test_an_import_is_confirmed_once(accountant: Client) -> None:
    batch = upload(accountant)
    accountant.post(reverse("import_columns", args=[batch.pk]), to_columns(accountant, batch))
    accountant.post(reverse("import_preview", args=[batch.pk]))
    assert accountant.post(reverse("import_preview", args=[batch.pk])).status_code == 404
    assert accountant.get(reverse("import_preview", args=[batch.pk])).status_code == 200


def test_strangers_find_nothing_and_viewers_may_not(accountant: Client, cast: Cast) -> None:
    batch = upload(accountant)
    for name in ("import_preview", "import_format", "import_columns", "import_bad_rows"):
        accountant.force_login(cast.stranger)
        assert accountant.get(reverse(name, args=[batch.pk])).status_code == 404
        accountant.force_login(cast.viewer)
        assert accountant.get(reverse(name, args=[batch.pk])).status_code == 403
