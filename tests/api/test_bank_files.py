"""Bank files and lines over the API: pushed by a machine, looked at by one."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from invoices.models import BankLine
from tests import factories
from tests.invoices.bank_files import Paid, bank_line, camt

pytestmark = pytest.mark.django_db
FILES, LINES = "/api/v1/bank-files/", "/api/v1/bank-lines/"


@pytest.fixture(autouse=True)
def own_media(settings: Any, tmp_path: Any) -> None:
    """Kept files go to a folder of the test."""
    settings.MEDIA_ROOT = tmp_path


def push(client: APIClient, content: bytes, name: str = "a.xml") -> Any:
    return client.post(f"{FILES}?name={name}", content, content_type="application/octet-stream")


def test_a_pushed_file_becomes_lines_once(erp: APIClient) -> None:
    factories.entity()
    first = push(erp, camt([Paid("119.00", "INV 1"), Paid("-5.00", "Fee")]))
    assert first.status_code == 200, first.content
    assert (first.json()["state"], first.json()["lines_added"]) == ("read", 2)
    assert push(erp, camt([Paid("119.00", "INV 1"), Paid("-5.00", "Fee")])).json()["id"] == first.json()["id"]
    assert BankLine.objects.count() == 2
    lines = erp.get(f"{LINES}?state=waiting&sort=-id").json()["results"]
    assert [(line["amount"], line["text"], line["payments"]) for line in lines] == [
        ("-5.00", "Fee", []), ("119.00", "INV 1", []),
    ]  # fmt: skip
    assert erp.get(FILES).json()["results"][0]["format"] == "camt.053.001.08"


def test_what_cannot_be_read_is_told_and_kept(erp: APIClient) -> None:
    answer = push(erp, b"hello")
    assert answer.status_code == 200
    assert answer.json()["state"] == "refused"
    assert "not a bank statement" in answer.json()["refusal"]
    assert push(erp, b"").json()["state"] == "refused"


def test_a_reader_may_look_but_not_push(reader: APIClient) -> None:
    bank_line("5.00")
    assert len(reader.get(LINES).json()["results"]) == 1
    assert push(reader, camt([Paid("1.00")])).status_code == 403


def test_another_teams_lines_and_files_are_not_there(foreign: APIClient) -> None:
    bank_line("5.00")
    assert foreign.get(LINES).json()["results"] == []
    assert foreign.get(FILES).json()["results"] == []


def test_json_is_no_bank_file(erp: APIClient) -> None:
    assert erp.post(FILES, {"a": 1}, format="json").status_code == 415
    assert erp.get(f"{LINES}?colour=red").status_code == 400
