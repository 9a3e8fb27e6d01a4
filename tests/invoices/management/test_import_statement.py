"""`import_statement`: files into lines from the shell, and the tasks that read and match behind the pages."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from invoices.models import BankFile, BankLine, MatchSuggestion
from invoices.services.import_bank_file import import_bank_file
from invoices.services.match_waiting_lines import match_waiting_lines
from invoices.services.post_line import post_line
from invoices.tasks import match_waiting_bank_lines, read_waiting_bank_files
from tests import factories
from tests.conftest import Cast
from tests.invoices.bank_files import Paid, bank_line, camt

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_media(settings: Any, tmp_path: Any) -> None:
    """Kept files go to a folder of the test."""
    settings.MEDIA_ROOT = tmp_path / "media"


def run(path: Path, *options: str) -> dict[str, Any]:
    out = StringIO()
    call_command("import_statement", str(path), "--format", "json", *options, stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def test_a_file_becomes_lines_and_the_certain_one_posts_by_itself(tmp_path: Path) -> None:
    customer = factories.customer(name="Acme Ltd")
    invoice = factories.invoice(customer, "119.00", number="2026-10417")
    path = tmp_path / "a.xml"
    path.write_bytes(camt([Paid("119.00", "Invoice 2026-10417"), Paid("7.00", "thanks", name="Nobody")]))
    report = run(path)
    assert (report["state"], report["added"], report["matched"]["posted"]) == ("read", 2, 1)
    assert invoice.allocations.count() == 1
    assert run(path)["matched"]["lines"] == 0


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    factories.entity()
    path = tmp_path / "a.xml"
    path.write_bytes(camt([Paid("119.00")]))
    assert run(path, "--dry-run")["added"] == 1
    assert not BankLine.objects.exists()
    assert not BankFile.objects.exists()
    assert not [each for each in (tmp_path / "media").rglob("*") if each.is_file()]


def test_an_unknown_account_is_given_to_the_entity_that_is_named(tmp_path: Path) -> None:
    factories.entity("DE01", iban="")
    path = tmp_path / "a.xml"
    path.write_bytes(camt([Paid("119.00")]))
    with pytest.raises(CommandError, match="legal entity"):
        run(path)
    assert run(path, "--entity", "DE01")["added"] == 1
    path.write_bytes(camt([Paid("119.00")], iban="DE12500105170648489890"))
    with pytest.raises(CommandError, match="no legal entity XX"):
        run(path, "--entity", "XX")


def test_what_cannot_be_read_is_an_error_with_its_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with pytest.raises(CommandError, match="cannot be read"):
        run(path)
    path.write_bytes(b"hello")
    with pytest.raises(CommandError, match="not a bank statement"):
        run(path)


def test_a_queued_file_is_read_by_the_task_with_the_rights_of_its_person(cast: Cast) -> None:
    factories.entity()
    content = camt([Paid("10.00", "x" * 140, bank=str(n)) for n in range(1800)])
    file = import_bank_file(
        name="big.xml", content=content, entities=[factories.entity()], wait=False, actor=cast.accountant
    )
    assert file.state == "queued"
    assert read_waiting_bank_files() == 1
    file.refresh_from_db()
    assert (file.state, file.lines_added) == ("read", 1800)
    assert read_waiting_bank_files() == 0


def test_lines_are_matched_once_and_again_a_day_later_or_when_facts_changed() -> None:
    customer = factories.customer(name="Acme Ltd")
    factories.invoice(customer, "50.00")
    first, second = bank_line("50.00", "hello"), bank_line("50.00", "hello again")
    assert match_waiting_bank_lines() == 2
    assert match_waiting_bank_lines() == 0
    assert set(MatchSuggestion.objects.values_list("line", flat=True)) == {first.pk, second.pk}
    post_line(line=first, customer=customer, shares=[(customer.invoices.get(), None)])
    assert match_waiting_bank_lines() == 1
    assert match_waiting_lines(now=timezone.now() + timedelta(days=2)).lines == 1
