"""Bank files become lines once: D71 part by part, questions, refusals and what is kept."""

import io
import threading
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connections

from collections_app.audit.models import AuditEntry
from collections_app.lib.errors import BadInput
from invoices.models import BankAccount, BankFile, BankLine, BankStatement
from invoices.rules import problem_lists
from invoices.services.import_bank_file import READ_AT_ONCE, import_bank_file
from invoices.services.read_bank_file import read_bank_file
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from tests.invoices.bank_files import IBAN, Paid, camt, imported

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_media(settings: Any, tmp_path: Any) -> None:
    """Kept files go to a folder of the test."""
    settings.MEDIA_ROOT = tmp_path


def amounts() -> list[str]:
    return [f"{amount:.2f}" for amount in BankLine.objects.order_by("pk").values_list("amount", flat=True)]


def test_a_statement_becomes_lines_with_its_balances() -> None:
    file = imported(Paid("119.00", "INV 1", bank="A", payer_id="E1"), Paid("-5.00", "Fee", bank="B"))
    assert (file.state, file.format, file.lines_added, file.problems) == ("read", "camt.053.001.08", 2, [])
    statement = BankStatement.objects.get()
    assert (statement.opening, statement.closing, statement.difference) == (Decimal(1000), Decimal(1114), Decimal(0))
    line = BankLine.objects.earliest("pk")
    assert (line.amount, line.booked_on, line.counterparty_name, line.end_to_end_id, line.bank_reference) == (
        Decimal("119.00"), DAY, "Acme Ltd", "E1", "A",
    )  # fmt: skip
    assert line.state == "waiting"
    assert AuditEntry.objects.filter(action="bank_file.read").count() == 1


def test_d71_a_document_type_is_refused_and_the_file_kept() -> None:
    content = camt([Paid("1.00")], doctype='<!DOCTYPE x [<!ENTITY a "b">]>')
    file = import_bank_file(name="../../evil.xml", content=content, entities=[factories.entity()], by="test")
    assert file.state == "refused"
    assert "declares" in file.refusal
    assert file.name == "evil.xml"
    assert file.content.read() == content
    assert not BankLine.objects.exists()


@pytest.mark.parametrize("version", ["02", "08"])
def test_d71_versions_02_and_08_are_read(version: str) -> None:
    assert imported(Paid("10.00"), version=version).format == f"camt.053.001.{version}"
    assert amounts() == ["10.00"]


def test_d71_several_statements_of_several_accounts_stay_apart() -> None:
    second = factories.entity("FR01", iban="FR7630006000011234567890189", currency="EUR")
    one = camt([Paid("10.00")]).decode()
    other = camt([Paid("10.00")], iban=second.iban).decode()
    start, end = other.index("<Stmt>"), other.index("</BkToCstmrStmt>")
    both = one.replace("</BkToCstmrStmt>", other[start:end] + "</BkToCstmrStmt>").encode()
    file = import_bank_file(name="two.xml", content=both, entities=[factories.entity(), second], by="test")
    assert file.lines_added == 2
    assert {account.entity_id for account in BankAccount.objects.all()} == {factories.entity().pk, second.pk}


def test_d71_a_batch_comes_as_its_payments_and_is_not_added_again_as_one_sum() -> None:
    batch = Paid("30.00", bank="BATCH", parts=(("10.00", "E1"), ("20.00", "E2")))
    imported(batch)
    assert amounts() == ["10.00", "20.00"]
    file = imported(Paid("30.00", bank="BATCH"), name="again.xml")
    assert amounts() == ["10.00", "20.00"]
    assert "lines of their own" in file.problems[0]["sentence"]


def test_d71_the_payments_of_a_batch_known_as_one_sum_are_told_and_not_added() -> None:
    imported(Paid("30.00", bank="BATCH"))
    file = imported(Paid("30.00", bank="BATCH", parts=(("10.00", "E1"), ("20.00", "E2"))), name="parts.xml", kind="054")
    assert amounts() == ["30.00"]
    assert "one line with their sum" in file.problems[0]["sentence"]


def test_d71_a_reversal_keeps_its_flag_and_sign() -> None:
    imported(Paid("-40.00", reversal=True))
    line = BankLine.objects.get()
    assert (line.amount, line.is_reversal) == (Decimal(-40), True)


def test_d71_the_same_file_twice_adds_nothing() -> None:
    first = imported(Paid("10.00"), Paid("20.00"))
    again = imported(Paid("10.00"), Paid("20.00"), name="other-name.xml")
    assert again == first
    assert (BankFile.objects.count(), BankStatement.objects.count(), BankLine.objects.count()) == (1, 1, 2)


def test_d71_overlapping_files_add_only_what_is_new() -> None:
    imported(Paid("10.00", bank="A"), Paid("20.00", bank="B"))
    file = imported(Paid("20.00", bank="B"), Paid("30.00", bank="C"))
    assert (file.lines_added, file.lines_known) == (1, 1)
    assert amounts() == ["10.00", "20.00", "30.00"]


def test_d71_two_identical_genuine_payments_in_one_file_stay_two() -> None:
    imported(Paid("10.00"), Paid("10.00"))
    assert list(BankLine.objects.order_by("pk").values_list("occurrence", flat=True)) == [1, 2]
    file = imported(Paid("10.00"), Paid("10.00"), Paid("10.00"))
    assert (file.lines_added, file.lines_known) == (1, 2)


def test_d71_ids_reused_next_year_are_different_lines() -> None:
    imported(Paid("10.00", bank="1", payer_id="E"))
    imported(Paid("10.00", bank="1", payer_id="E", on=date(2027, 3, 2)))
    assert amounts() == ["10.00", "10.00"]


def test_d71_camt_054_and_053_of_one_day_describe_one_entry() -> None:
    imported(Paid("10.00", bank="T1", payer_id="E1"), kind="054")
    file = imported(Paid("10.00", bank="S1", payer_id="E1"))
    assert (file.lines_added, file.lines_known) == (0, 1)


def test_d71_files_in_one_archive_that_overlap_are_compared() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.xml", camt([Paid("10.00", bank="A"), Paid("10.00", bank="A2")]))
        archive.writestr("b.xml", camt([Paid("10.00", bank="A"), Paid("20.00", bank="B")]))
    file = import_bank_file(name="days.zip", content=packed.getvalue(), entities=[factories.entity()], by="test")
    assert (file.lines_added, file.lines_known) == (3, 1)


def test_only_booked_entries_become_lines() -> None:
    imported(Paid("10.00"), Paid("20.00", status="PDNG"))
    assert amounts() == ["10.00"]


def test_a_statement_that_does_not_add_up_is_refused_with_its_place() -> None:
    file = imported(Paid("10.00"), closing="1030.00")
    assert file.state == "refused"
    assert file.refusal.startswith("statement 1")
    assert not BankLine.objects.exists()


def test_a_bad_entry_costs_only_itself_and_the_difference_is_kept_with_the_statement() -> None:
    content = camt([Paid("10.00"), Paid("20.00")]).replace(b'<Amt Ccy="EUR">20.00', b'<Amt Ccy="EUR">2x.00')
    file = import_bank_file(name="a.xml", content=content, entities=[factories.entity()], by="test")
    assert amounts() == ["10.00"]
    assert BankStatement.objects.get().difference == Decimal(20)
    assert "entry 2" in file.problems[0]["position"]


def test_an_unknown_account_is_asked_for_and_then_made() -> None:
    entity = factories.entity()
    content = camt([Paid("10.00")], iban="DE12500105170648489890")
    file = import_bank_file(name="a.xml", content=content, entities=[entity], by="test")
    assert (file.state, file.asked) == ("asking", {"accounts": [["DE12500105170648489890", "EUR"]]})
    assert not BankLine.objects.exists()
    file.answers = {"entities": {"DE12500105170648489890 EUR": entity.pk}}
    file.save()
    assert read_bank_file(file=file, entities=[entity], by="test").lines_added == 1
    assert BankAccount.objects.get().entity == entity


def test_the_account_of_another_teams_entity_is_refused_whoever_says_otherwise() -> None:
    theirs = factories.entity("SE01", team=factories.team("Southern team"), iban="SE4550000000058398257466")
    content = camt([Paid("10.00")], iban=theirs.iban)
    file = import_bank_file(name="a.xml", content=content, entities=[factories.entity()], by="test")
    assert file.state == "refused"
    assert "not one of yours" in file.refusal
    assert not BankAccount.objects.exists()


def test_what_is_no_bank_file_is_kept_with_the_reason() -> None:
    file = import_bank_file(name="cat.png", content=b"\x89PNG123", entities=[factories.entity()], by="test")
    assert file.state == "refused"
    assert "a picture" in file.refusal
    assert AuditEntry.objects.filter(action="bank_file.refused").count() == 1


def test_a_file_that_is_too_large_is_not_kept() -> None:
    with pytest.raises(BadInput, match="at most 50 MB"):
        import_bank_file(name="big", content=b" " * 50_000_001, entities=[factories.entity()], by="test")
    assert not BankFile.objects.exists()


def test_a_large_file_does_not_block_the_request(cast: Cast) -> None:
    content = camt([Paid("10.00", "x" * 140, bank=str(n)) for n in range(READ_AT_ONCE // 600)])
    assert len(content) > READ_AT_ONCE
    file = import_bank_file(
        name="big.xml", content=content, entities=[factories.entity()], wait=False, actor=cast.accountant
    )
    assert file.state == "queued"
    assert not BankLine.objects.exists()


def test_the_same_content_of_another_teams_person_is_their_own_file(cast: Cast) -> None:
    content = camt([Paid("10.00")], iban=IBAN)
    import_bank_file(name="a.xml", content=content, entities=[factories.entity()], actor=cast.accountant)
    other = factories.entity("SE01", team=factories.team("Southern team"), iban="")
    file = import_bank_file(name="a.xml", content=content, entities=[other], actor=cast.stranger)
    assert file.state == "refused"
    assert BankLine.objects.count() == 1


def test_reading_takes_the_same_statements_whatever_the_number_of_entries(
    django_assert_max_num_queries: Any,
) -> None:
    with django_assert_max_num_queries(40):
        imported(*(Paid(f"{n}.00", bank=str(n)) for n in range(1, 900)))


def test_of_many_problems_the_first_are_kept_and_the_others_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(problem_lists, "MOST", 2)
    bad = [Paid("20.00") for _ in range(5)]
    content = camt([Paid("10.00"), *bad]).replace(b'<Amt Ccy="EUR">20.00', b'<Amt Ccy="EUR">2x.00')
    file = import_bank_file(name="a.xml", content=content, entities=[factories.entity()], by="test")
    assert [each["position"][:12] for each in file.problems] == ["statement 1,", "statement 1,", ""]
    # Five entries and the statement, which does not add up without them.
    assert file.problems[2]["sentence"].startswith("4 more problems are not listed.")
    assert AuditEntry.objects.get(action="bank_file.read").payload["problems"] == 6


@pytest.mark.django_db(transaction=True)
def test_d71_one_file_uploaded_twice_at_the_same_moment_adds_its_lines_once() -> None:
    entity, content = factories.entity(), camt([Paid(f"{n}.00") for n in range(1, 40)])
    start, added = threading.Barrier(2), []

    def upload() -> None:
        try:
            start.wait(timeout=10)
            file = import_bank_file(name="a.xml", content=content, entities=[entity], by="test")
            added.append(file.lines_added)
        finally:
            connections.close_all()

    people = [threading.Thread(target=upload) for _ in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join(timeout=60)
    assert sorted(added) in ([0, 39], [39, 39])  # the second took part in the first's file, or made one of its own
    assert BankLine.objects.count() == 39
    assert BankAccount.objects.count() == 1
