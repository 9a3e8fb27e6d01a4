"""The pages of remittance advices: what was understood, what was not, and what follows for a waiting line."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from invoices.models import RemittanceAdvice
from invoices.services.match_waiting_lines import match_waiting_lines
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from tests.invoices.bank_files import account_of, bank_line

pytestmark = pytest.mark.django_db
HOME = "/cash/bank/advices/"
TABLE = b"Invoice;Amount;Deduction\n2026-1;70.00;\n2026-2;30.00;5.00\n"


@pytest.fixture
def desk(client: Client, cast: Cast, settings: Any, tmp_path: Any) -> Client:
    settings.MEDIA_ROOT = tmp_path
    client.force_login(cast.accountant)
    return client


def send(desk: Client, content: bytes, **more: str) -> Any:
    return desk.post(HOME, {"file": SimpleUploadedFile("advice.csv", content), "currency": "eur", **more})


def test_an_advice_is_read_and_its_invoices_found(desk: Client) -> None:
    acme = factories.customer(number="K-1", name="Acme Ltd")
    factories.invoice(acme, "70.00", number="2026-1")
    place = send(desk, TABLE, customer="K-1").headers["Location"]
    page = desk.get(place).content.decode()
    assert "2026-1" in page
    assert "not found by this number" in page
    assert "€5.00" in page
    assert "EUR" in desk.get(HOME).content.decode()
    assert send(desk, TABLE).headers["Location"] == place


def test_a_waiting_line_over_its_total_is_matched_again(desk: Client) -> None:
    account_of(factories.entity(), post_certain=False)
    acme = factories.customer(number="K-1", name="Acme Ltd")
    for number, total in (("2026-1", "70.00"), ("2026-2", "30.00")):
        factories.invoice(acme, total, number=number)
    line = bank_line("95.00", "see advice")
    match_waiting_lines(now=timezone.now())
    send(desk, TABLE, paid_on=str(DAY))
    assert match_waiting_lines(now=timezone.now()).lines == 1
    assert {share["invoice"] for share in line.suggestions.get(rank=1).shares} == set(
        acme.invoices.values_list("pk", flat=True)
    )


def test_what_cannot_be_read_is_said_at_the_form(desk: Client) -> None:
    wrong = send(desk, b"hello")
    assert wrong.status_code == 422
    assert "Nothing in this advice can be used" in wrong.content.decode()
    assert send(desk, TABLE, currency="euro?").status_code == 422
    assert send(desk, TABLE, customer="nobody").status_code == 422
    assert not RemittanceAdvice.objects.exists()


def test_d53_another_teams_advice_is_404(desk: Client, cast: Cast) -> None:
    place = send(desk, TABLE).headers["Location"]
    desk.force_login(cast.lead)
    assert desk.get(place).status_code == 200
    desk.force_login(cast.stranger)
    assert desk.get(place).status_code == 404
    assert "advice.csv" not in desk.get(HOME).content.decode()
