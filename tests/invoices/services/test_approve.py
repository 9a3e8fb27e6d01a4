"""Four eyes: who decides, what is posted, and what is refused."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from collections_app.accounts.models import User
from collections_app.accounts.roles import Role
from collections_app.audit.models import AuditEntry
from collections_app.lib.errors import BadInput, Conflict, NotAllowed
from invoices.models import Adjustment, Approval, Invoice
from invoices.queries.open_amounts import open_amount_now
from invoices.rules.approvals import fingerprint
from invoices.services.approve import approve
from invoices.services.edit_approval import edit_approval
from invoices.services.reject_approval import reject_approval
from invoices.services.request_approval import request_approval
from invoices.services.withdraw_approval import withdraw_approval
from tests import factories
from tests.factories import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk() -> User:
    return factories.user(Role.ACCOUNTANT)


@pytest.fixture
def chief() -> User:
    return factories.user(Role.MANAGER)


@pytest.fixture
def invoice() -> Invoice:
    return factories.invoice(factories.customer(), "100.00")


def asked(invoice: Invoice, person: User, amount: str = "80.00", **more: Any) -> Approval:
    facts: dict[str, Any] = {"kind": "write_off", "effective_on": DAY, "reason": "Insolvent", **more}
    return request_approval(
        entity=invoice.entity, customer=invoice.customer, currency=invoice.currency,
        shares=[(invoice, Decimal(amount))], actor=person, **facts,
    )  # fmt: skip


def left(invoice: Invoice) -> Decimal:
    return open_amount_now([invoice.pk])[invoice.pk]


@contextmanager
def behind_the_programs_back() -> Iterator[Any]:
    """A cursor for which no trigger fires, as a superuser has it."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield cursor
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")


def test_a_request_posts_nothing_until_a_second_person_approves_it(invoice: Invoice, clerk: User, chief: User) -> None:
    request = asked(invoice, clerk)
    assert left(invoice) == Decimal("100.00")
    made = approve(approval=request, actor=chief)
    assert left(invoice) == Decimal("20.00")
    assert (made.kind, made.amount, made.effective_on, made.reason) == ("write_off", Decimal(80), DAY, "Insolvent")
    assert made.approval_id == request.pk
    assert (request.state, request.decided_by) == ("posted", chief)


def test_the_person_who_asked_cannot_approve_or_reject(invoice: Invoice, chief: User) -> None:
    request = asked(invoice, chief)
    with pytest.raises(NotAllowed, match="yourself"):
        approve(approval=request, actor=chief)
    with pytest.raises(NotAllowed, match="yourself"):
        reject_approval(approval=request, reason="No", actor=chief)


@pytest.mark.parametrize("role", [Role.ACCOUNTANT, Role.ANALYST, Role.VIEWER])
def test_people_without_the_right_cannot_decide(invoice: Invoice, clerk: User, role: Role) -> None:
    with pytest.raises(NotAllowed, match="Ask a manager"):
        approve(approval=asked(invoice, clerk), actor=factories.user(role))
    assert left(invoice) == Decimal("100.00")


def test_the_database_knows_that_it_takes_two(invoice: Invoice, clerk: User) -> None:
    request = asked(invoice, clerk)
    with pytest.raises(IntegrityError, match="approval_by_a_second_person"), transaction.atomic():
        Approval.objects.filter(pk=request.pk).update(state="posted", decided_by=clerk, decided_at="2026-03-02T12:00Z")


def test_less_open_by_now_leaves_the_request_waiting(invoice: Invoice, clerk: User, chief: User) -> None:
    request = asked(invoice, clerk)
    factories.payment(invoice.customer, "50.00", shares=[(invoice, None)])
    with pytest.raises(Conflict, match=r"EUR.50\.00"):
        approve(approval=request, actor=chief)
    request.refresh_from_db()
    assert (request.state, left(invoice)) == ("requested", Decimal("50.00"))


def test_one_invoice_is_not_asked_for_twice(invoice: Invoice, clerk: User) -> None:
    asked(invoice, clerk)
    with pytest.raises(Conflict, match="wait for approval"):
        asked(invoice, clerk, "30.00")
    assert asked(invoice, clerk, "20.00").amount == Decimal("20.00")


def test_rejecting_needs_a_reason_and_posts_nothing(invoice: Invoice, clerk: User, chief: User) -> None:
    request = asked(invoice, clerk)
    with pytest.raises(BadInput, match="Say why"):
        reject_approval(approval=request, reason=" ", actor=chief)
    reject_approval(approval=request, reason="They can pay", actor=chief)
    assert (request.state, request.note, left(invoice)) == ("rejected", "They can pay", Decimal("100.00"))
    with pytest.raises(Conflict, match="decided before"):
        approve(approval=request, actor=factories.user(Role.ADMINISTRATOR))


def test_only_the_person_who_asked_withdraws(invoice: Invoice, clerk: User, chief: User) -> None:
    request = asked(invoice, clerk)
    with pytest.raises(NotAllowed, match="Only the person who asked"):
        withdraw_approval(approval=request, actor=chief)
    assert withdraw_approval(approval=request, actor=clerk).state == "void"


def test_editing_voids_the_request_and_the_editor_cannot_approve(invoice: Invoice, clerk: User, chief: User) -> None:
    request = asked(invoice, clerk)
    again = edit_approval(
        approval=request, kind="settlement", shares=[(invoice, Decimal("90.00"))], effective_on=DAY, reason="Agreed",
        actor=chief,
    )  # fmt: skip
    assert (request.state, again.state, again.replaces_id) == ("void", "requested", request.pk)
    with pytest.raises(NotAllowed):
        approve(approval=again, actor=chief)
    with pytest.raises(Conflict, match="decided before"):
        approve(approval=request, actor=factories.user(Role.MANAGER))
    assert left(invoice) == Decimal("100.00")


def test_a_posted_request_cannot_be_edited(invoice: Invoice, clerk: User, chief: User) -> None:
    request = asked(invoice, clerk)
    approve(approval=request, actor=chief)
    with pytest.raises(Conflict, match="decided before"):
        edit_approval(
            approval=request, kind="write_off", shares=[(invoice, Decimal("20.00"))], effective_on=DAY, reason="More",
            actor=clerk,
        )  # fmt: skip
    assert left(invoice) == Decimal("20.00")


@pytest.mark.parametrize("with_digest", [False, True])
def test_a_request_changed_by_raw_sql_is_refused_and_logged(
    invoice: Invoice, clerk: User, chief: User, with_digest: bool
) -> None:
    request = asked(invoice, clerk, "10.00")
    payload = {**request.payload, "shares": [[invoice.pk, "100.00"]]}
    digest = fingerprint(payload) if with_digest else request.digest
    with behind_the_programs_back() as cursor:
        cursor.execute(
            "UPDATE invoices_approval SET payload = %s, digest = %s, amount = 100 WHERE id = %s",
            [json.dumps(payload), digest, request.pk],
        )
    request.refresh_from_db()
    with pytest.raises(Conflict, match="not any more what was asked for"):
        approve(approval=request, actor=chief)
    assert left(invoice) == Decimal("100.00")
    assert AuditEntry.objects.filter(action="approval.tampered", subject_id=request.pk).exists()


@pytest.mark.parametrize(
    "change",
    [
        "payload = '{}'",
        "digest = 'x'",
        "amount = 1",
        "reason = 'x'",
        "requested_by_id = requested_by_id + 0, kind = 'x'",
    ],
)
def test_d18_what_was_asked_for_never_changes(invoice: Invoice, clerk: User, change: str) -> None:
    request = asked(invoice, clerk)
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE invoices_approval SET {change} WHERE id = {request.pk}")


@pytest.mark.parametrize("verb", ["UPDATE {} SET note = 'x'", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_d18_a_decided_request_never_changes(invoice: Invoice, clerk: User, chief: User, verb: str) -> None:
    reject_approval(approval=asked(invoice, clerk), reason="No", actor=chief)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match=r"Cannot (update|delete|truncate)"), transaction.atomic():
            cursor.execute(verb.format("invoices_approval"))


@pytest.mark.django_db(transaction=True)
def test_of_two_approvers_at_once_one_posts() -> None:
    invoice, clerk = factories.invoice(factories.customer(), "100.00"), factories.user(Role.ACCOUNTANT)
    request = asked(invoice, clerk, "50.00")
    approvers = [factories.user(Role.MANAGER) for _ in range(6)]
    barrier = Barrier(6)

    def decide(person: User) -> str:
        try:
            barrier.wait(timeout=20)
            approve(approval=Approval.objects.get(pk=request.pk), actor=person)
        except Conflict:
            return "conflict"
        finally:
            connection.close()
        return "posted"

    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(decide, approvers))
    assert (results.count("posted"), results.count("conflict")) == (1, 5)
    assert Adjustment.objects.count() == 1
    assert left(invoice) == Decimal("50.00")
