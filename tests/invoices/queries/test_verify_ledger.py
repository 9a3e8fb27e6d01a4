"""Each law of the books, broken as only the owner of the database can, is told with the row that breaks it."""

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from collections_app.accounts.roles import Role
from customers.models import Customer
from invoices.models import (
    Adjustment,
    AgingSnapshot,
    Allocation,
    Approval,
    BankAccount,
    BankFile,
    BankLine,
    BankPosting,
    BankStatement,
    CreditNote,
    Instalment,
    Payment,
    Refund,
)
from invoices.queries.ledger_laws import LAWS
from invoices.queries.verify_ledger import violations
from invoices.services.approve import approve
from invoices.services.issue_credit_note import issue_credit_note
from invoices.services.request_approval import request_approval
from invoices.services.reverse_allocation import reverse_allocation
from invoices.services.take_aging_snapshot import take_aging_snapshot
from tests import factories
from tests.factories import DAY

pytestmark = pytest.mark.django_db


def as_superuser(sql: str, *values: Any) -> None:
    """Runs SQL with triggers off, as after a broken restore."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("SET session_replication_role = DEFAULT")


@pytest.fixture
def who() -> Customer:
    """A customer with a paid, a credited and a partly paid invoice, a reversed allocation, a refund and a snapshot."""
    who = factories.customer()
    factories.entity("GB01")
    paid = factories.invoice(who, "100.00")
    payment = factories.payment(who, "130.00", shares=[(paid, None)])
    refund = Refund.objects.create(entity=who.entity, customer=who, currency="EUR", amount=Decimal(30), paid_on=DAY)
    Allocation.objects.create(
        customer=who, payment=payment, refund=refund, currency="EUR", amount=Decimal(30), effective_on=DAY
    )
    credited = factories.invoice(who, "40.00")
    issue_credit_note(
        entity=who.entity, customer=who, number="K1", issued_on=DAY, total=Decimal(40), currency="EUR",
        corrects=credited, by="test",
    )  # fmt: skip
    returned = factories.payment(who, "20.00", shares=[(factories.invoice(who, "50.00"), None)])
    reverse_allocation(allocation=returned.allocations.get(), effective_on=DAY, reason="returned", actor=None)
    _written_off_with_four_eyes(who)
    _named_instalment(who)
    _bank_line(who)
    take_aging_snapshot(entity=who.entity, as_of=DAY)
    with (
        connection.cursor() as cursor
    ):  # what is checked at the commit is checked now, before anything is tampered with
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    # Rows written shortly before a snapshot may or may not have been seen by it; these were, an hour ago.
    as_superuser("UPDATE invoices_agingsnapshot SET taken_at = taken_at + interval '1 hour'")
    return who


def _written_off_with_four_eyes(who: Customer) -> None:
    lost = factories.invoice(who, "70.00")
    asked = request_approval(
        kind="write_off", entity=who.entity, customer=who, currency="EUR", shares=[(lost, Decimal(70))],
        effective_on=DAY, reason="Insolvent", actor=factories.user(Role.MANAGER),
    )  # fmt: skip
    approve(approval=asked, actor=factories.user(Role.MANAGER))


def _named_instalment(who: Customer) -> None:
    parts = [(DAY, Decimal(10)), (DAY + timedelta(days=30), Decimal(20))]
    invoice = factories.invoice(who, "30.00", due_on=DAY + timedelta(days=30), issued_on=DAY, instalments=parts)
    Allocation.objects.create(
        customer=who, payment=factories.payment(who, "20.00"), invoice=invoice, currency="EUR", amount=Decimal(20),
        instalment=invoice.instalments.get(position=2), effective_on=DAY,
    )  # fmt: skip


def _bank_line(who: Customer) -> None:
    account = BankAccount.objects.create(entity=who.entity, identification="DE02120300000000202051", currency="EUR")
    file = BankFile.objects.create(name="day.xml", digest="0" * 64, size=1, state=BankFile.State.READ)
    statement = BankStatement.objects.create(file=file, account=account)
    line = BankLine.objects.create(
        account=account, statement=statement, position="entry 1", booked_on=DAY, value_on=DAY, amount=Decimal(20),
        currency="EUR", fingerprint="f", occurrence=1,
    )  # fmt: skip
    BankPosting.objects.create(line=line, payment=Payment.objects.filter(amount=20).latest("pk"))


def of_instalment() -> str:
    return f"invoices.instalment {Instalment.objects.get(position=2).pk}"


def of_instalment_invoice() -> str:
    return f"invoices.invoice {Instalment.objects.get(position=2).invoice_id}"


def of_adjustment() -> str:
    return f"invoices.adjustment {Adjustment.objects.get().pk}"


def of_approval() -> str:
    return f"invoices.approval {Approval.objects.get().pk}"


def of_bank_line() -> str:
    return f"invoices.bankline {BankLine.objects.get().pk}"


def of_invoice() -> str:
    return f"invoices.invoice {Allocation.objects.filter(invoice__isnull=False).earliest('pk').invoice_id}"


def of_refund_source() -> str:
    return f"invoices.payment {Allocation.objects.get(refund__isnull=False).payment_id}"


def of_credit_note() -> str:
    return f"invoices.creditnote {CreditNote.objects.get().pk}"


def of_returned_payment() -> str:
    return f"invoices.payment {Allocation.objects.get(reverses__isnull=False).payment_id}"


def of_refund() -> str:
    return f"invoices.refund {Refund.objects.get().pk}"


def of_reversal() -> str:
    return f"invoices.allocation {Allocation.objects.get(reverses__isnull=False).pk}"


def of_refund_allocation() -> str:
    return f"invoices.allocation {Allocation.objects.get(refund__isnull=False).pk}"


def of_customer() -> str:
    return f"customers.customer {Customer.objects.get().pk}"


def of_snapshot() -> str:
    return f"invoices.agingsnapshot {AgingSnapshot.objects.get().pk}"


def of_snapshot_day() -> str:
    return f"invoices.agingsnapshot of {DAY.isoformat()}"


WITHOUT_ITS_CHECK = """SET CONSTRAINTS ALL IMMEDIATE;
    ALTER TABLE invoices_agingsnapshot DROP CONSTRAINT aging_snapshot_buckets_sum"""
OF_RETURNED = "WHERE reverses_id IS NULL AND amount = 20 AND instalment_id IS NULL"
TOO_LARGE = "SET amount = 21 WHERE position = 2"
BREACHES: list[tuple[str, str, Callable[[], str]]] = [
    ("i1_open_within_total", "UPDATE invoices_invoice SET total = total / 2", of_invoice),
    ("i2_unapplied_not_negative", "UPDATE invoices_payment SET amount = amount - 1", of_refund_source),
    ("i2_open_credit_not_negative", "UPDATE invoices_creditnote SET total = 39", of_credit_note),
    (
        "allocation_same_sides",
        "UPDATE invoices_allocation SET currency = 'GBP' WHERE refund_id IS NOT NULL",
        of_refund_allocation,
    ),
    (
        "allocation_same_entity",
        "UPDATE invoices_refund SET entity_id = (SELECT max(id) FROM customers_legalentity)",
        of_refund_allocation,
    ),
    ("reversal_mirrors", "UPDATE invoices_allocation SET amount = -19 WHERE reverses_id IS NOT NULL", of_reversal),
    (
        "reversal_mirrors",
        "UPDATE invoices_allocation SET effective_on = effective_on - 1 WHERE reverses_id IS NOT NULL",
        of_reversal,
    ),
    ("i3_control_account", "UPDATE invoices_invoice SET status = 'voided' WHERE total = 100", of_customer),
    ("refund_fully_used", "UPDATE invoices_refund SET amount = 31", of_refund),
    ("i1_instalment_within_amount", "UPDATE invoices_instalment SET amount = 19 WHERE position = 2", of_instalment),
    (
        "instalments_sum_to_total",
        "UPDATE invoices_instalment SET amount = 21 WHERE position = 2",
        of_instalment_invoice,
    ),
    ("i2_adjustment_within_amount", "UPDATE invoices_adjustment SET amount = 60", of_adjustment),
    ("adjustment_fully_used", "UPDATE invoices_adjustment SET amount = 80", of_adjustment),
    ("four_eyes", "UPDATE invoices_approval SET amount = 80", of_approval),
    ("bank_line_within_amount", "UPDATE invoices_bankline SET amount = 19", of_bank_line),
    (
        "allocation_not_before_its_documents",
        "UPDATE invoices_refund SET paid_on = paid_on + 1",
        of_refund_allocation,
    ),
    (
        "i2_unapplied_not_negative",
        f"UPDATE invoices_allocation SET effective_on = effective_on + 5 {OF_RETURNED}",
        of_returned_payment,
    ),
    (
        "snapshot_buckets_sum",
        f"{WITHOUT_ITS_CHECK}; UPDATE invoices_agingsnapshot SET total = total + 1",
        of_snapshot,
    ),
    (
        "i4_snapshot_is_recomputation",
        "UPDATE invoices_agingsnapshot SET not_due = not_due + 1, total = total + 1",
        of_snapshot_day,
    ),
]


def test_books_in_order_break_no_law(who: Customer) -> None:
    assert violations() == []


# Broken in tests/invoices/test_money_laws.py and beside this file, in test_laws_of_money_here_once.py.
ELSEWHERE = {"exchange_adds_up", "displacement_same_target", "undone_posting_cleared", "exchanged_money_once",
             "merges_agree"}  # fmt: skip


def test_every_law_is_broken_by_one_of_these_tests() -> None:
    broken = {code for code, _, _ in BREACHES} | ELSEWHERE
    assert {law.code for law in LAWS} | {"i4_snapshot_is_recomputation"} == broken


@pytest.mark.parametrize(
    ("code", "sql", "row"), BREACHES, ids=[f"{code}-{n}" for n, (code, _, _) in enumerate(BREACHES)]
)
def test_a_broken_law_is_told_with_its_row(who: Customer, code: str, sql: str, row: Callable[[], str]) -> None:
    as_superuser(sql)
    told = [found for found in violations() if found["law"] == code]
    assert row() in [found["row"] for found in told]
    assert all(found["sentence"] and found["detail"] for found in told)


def test_d50_a_tampered_snapshot_is_told_with_customer_and_both_figures(who: Customer) -> None:
    as_superuser("UPDATE invoices_agingsnapshot SET not_due = 49, total = 49")
    (told,) = violations()
    assert f"customer {who.pk} with DE01 in EUR says 49" in str(told["detail"])
    assert "gives 40" in str(told["detail"])


def test_d50_a_snapshot_that_lost_a_customer_is_told(who: Customer) -> None:
    tomorrow = DAY + timedelta(days=1)
    factories.invoice(factories.customer(), issued_on=tomorrow, due_on=tomorrow)
    take_aging_snapshot(entity=who.entity, as_of=tomorrow)
    as_superuser("UPDATE invoices_agingsnapshot SET taken_at = taken_at + interval '1 hour'")
    as_superuser("DELETE FROM invoices_agingsnapshot WHERE as_of > %s AND customer_id = %s", DAY, who.pk)
    assert [found["row"] for found in violations()] == [f"invoices.agingsnapshot of {tomorrow}"]


def test_d80_an_altered_audit_entry_is_told_with_the_books(who: Customer) -> None:
    as_superuser("UPDATE audit_auditentry SET actor_label = 'nobody'")
    assert "audit_entry_unchanged" in {found["law"] for found in violations()}


def test_the_command_prints_json_alone_and_ends_with_1_when_something_is_wrong(who: Customer) -> None:
    printed = StringIO()
    call_command("verify_ledger", format="json", stdout=printed)
    assert json.loads(printed.getvalue()) == {"ok": True, "violations": []}
    as_superuser("UPDATE invoices_refund SET amount = 31")
    for style in ("json", "text"):
        printed = StringIO()
        with pytest.raises(SystemExit) as ended:
            call_command("verify_ledger", format=style, stdout=printed)
        assert ended.value.code == 1
        assert of_refund() in printed.getvalue()
