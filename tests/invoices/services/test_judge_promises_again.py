"""P3: money that is taken back reopens the question whether a promise was kept."""

from datetime import timedelta
from decimal import Decimal

import pytest

from collections_app.audit.models import AuditEntry
from invoices.models import Invoice, Payment, Promise
from invoices.services.charge_back import charge_back
from invoices.services.judge_promises import judge_promises
from invoices.services.make_promise import make_promise
from invoices.services.return_payment import return_payment
from invoices.services.undo_refund import undo_refund
from tests import factories
from tests.factories import DAY

pytestmark = pytest.mark.django_db

PROMISED = DAY + timedelta(days=2)
AFTER = PROMISED + timedelta(days=1)


def promised(*, received_after: int = 1) -> tuple[Promise, Payment]:
    who = factories.customer()
    invoice = factories.invoice(who, "100.00")
    promise = make_promise(
        customer=who, items=[(invoice, None)], promised_on=PROMISED, made_on=DAY, actor=None, by="test"
    )
    paid = factories.payment(who, "100.00", received_on=DAY + timedelta(days=received_after), shares=[(invoice, None)])
    return promise, paid


def state(promise: Promise) -> tuple[str, Decimal | None]:
    promise.refresh_from_db()
    return promise.state, promise.kept_amount


def test_p03_money_returned_while_the_promise_is_open_does_not_keep_it() -> None:
    promise, payment = promised()
    return_payment(payment=payment, returned_on=PROMISED, by="test")
    assert state(promise) == ("open", None)
    judge_promises(on=AFTER)
    assert state(promise) == ("broken", Decimal(0))


def test_p03_a_kept_promise_is_broken_once_its_money_is_charged_back_and_kept_again_when_that_is_won() -> None:
    promise, payment = promised()
    judge_promises(on=AFTER)
    assert state(promise) == ("kept", Decimal(100))
    gone = charge_back(payment=payment, charged_back_on=AFTER + timedelta(days=30), by="test")
    assert state(promise) == ("broken", Decimal(0))
    assert promise.closed_on == AFTER
    undo_refund(refund=gone, on=AFTER + timedelta(days=60), reason="won", by="test")
    assert state(promise) == ("kept", Decimal(100))
    said = AuditEntry.objects.filter(action="promise.judged_again").order_by("pk")
    assert [entry.payload["verdict"] for entry in said] == ["broken", "kept"]


def test_p03_a_part_taken_back_leaves_the_promise_partly_kept() -> None:
    promise, payment = promised()
    judge_promises(on=AFTER)
    return_payment(payment=payment, amount=Decimal("40.00"), returned_on=AFTER, by="test")
    assert state(promise) == ("partly_kept", Decimal(60))


def test_p03_a_newer_promise_for_the_same_invoice_stays_in_force() -> None:
    promise, payment = promised()
    judge_promises(on=AFTER)
    charge_back(payment=payment, charged_back_on=AFTER, by="test")
    invoice = Invoice.objects.get()
    newer = make_promise(
        customer=invoice.customer, items=[(invoice, None)], promised_on=AFTER + timedelta(days=5), made_on=AFTER,
        actor=None, by="test",
    )  # fmt: skip
    assert newer.level == 2
    assert state(newer) == ("open", None)
    assert state(promise)[0] == "broken"
