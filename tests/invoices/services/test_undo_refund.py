"""Money that comes back: a won dispute pays what the payment paid before, as far as it is still open."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from collections_app.lib.errors import Conflict
from invoices.models import Refund
from invoices.queries.verify_ledger import violations
from invoices.services.allocate import unallocated
from invoices.services.charge_back import charge_back
from invoices.services.refund_payment import refund_payment
from invoices.services.return_payment import return_payment
from invoices.services.reverse_allocation import reverse_allocation
from invoices.services.undo_refund import undo_refund
from tests import factories
from tests.factories import DAY
from tests.invoices.services.test_take_back import LATER, left_of, paid

pytestmark = pytest.mark.django_db

WON = LATER + timedelta(days=20)


def won(refund: Refund) -> int:
    return len(undo_refund(refund=refund, on=WON, reason="dispute won", by="test"))


def test_the_money_pays_what_it_paid_before() -> None:
    who, _, payment = paid("60.00", "40.00")
    assert won(charge_back(payment=payment, charged_back_on=LATER, by="test")) == 2
    assert left_of(who, WON) == {}
    assert left_of(who, WON - timedelta(days=1)) == {"R1": Decimal("60.00"), "R2": Decimal("40.00")}
    assert left_of(who, LATER - timedelta(days=1)) == {}
    assert violations() == []


def test_what_was_paid_otherwise_meanwhile_leaves_the_money_unapplied() -> None:
    who, (first, _), payment = paid("60.00", "40.00")
    gone = charge_back(payment=payment, charged_back_on=LATER, by="test")
    factories.payment(who, "50.00", received_on=LATER, shares=[(first, None)])
    won(gone)
    assert left_of(who, WON) == {}
    assert unallocated(payment) == Decimal("50.00")


def test_what_a_person_took_off_an_invoice_does_not_go_back_there() -> None:
    who, _, payment = paid("60.00", "40.00")
    gone = charge_back(payment=payment, amount=Decimal("70.00"), charged_back_on=LATER, by="test")
    survivor = payment.allocations.get(amount__gt=0, invoice__isnull=False, reversed_by__isnull=True)
    reverse_allocation(allocation=survivor, effective_on=LATER, reason="not for R1", actor=None, by="test")
    won(gone)
    assert left_of(who, WON) == {"R1": Decimal("60.00")}
    assert unallocated(payment) == Decimal("60.00")


def test_a_second_chargeback_after_a_won_one_takes_the_money_again() -> None:
    who, _, payment = paid("60.00", "40.00")
    won(charge_back(payment=payment, amount=Decimal("30.00"), charged_back_on=LATER, by="test"))
    assert left_of(who, WON) == {}
    second = charge_back(payment=payment, amount=Decimal("35.00"), charged_back_on=WON, by="test")
    assert left_of(who, WON) == {"R2": Decimal("35.00")}
    won(second)
    assert left_of(who, WON) == {}
    assert violations() == []


def test_a_part_that_was_refunded_stays_out() -> None:
    who, _, payment = paid("60.00", "40.00")
    gone = charge_back(payment=payment, amount=Decimal("70.00"), charged_back_on=LATER, by="test")
    return_payment(payment=payment, amount=Decimal("30.00"), returned_on=LATER, by="test")
    won(gone)
    assert left_of(who, WON) == {"R2": Decimal("30.00")}


def test_a_plain_refund_that_was_a_slip_is_unapplied_again() -> None:
    payment = factories.payment(factories.customer(), "100.00")
    slip = refund_payment(payment=payment, amount=Decimal("30.00"), paid_on=DAY, by="test")
    assert won(slip) == 0
    assert unallocated(payment) == Decimal("100.00")
    assert violations() == []


def test_it_is_undone_once() -> None:
    _, _, payment = paid("60.00")
    gone = charge_back(payment=payment, charged_back_on=LATER, by="test")
    won(gone)
    with pytest.raises(Conflict, match="undone before"):
        won(gone)


def at_once(act: Callable[[], object]) -> list[str]:
    """What twenty connections got that did the same at one instant."""
    barrier = Barrier(20)

    def one(_: int) -> str:
        try:
            barrier.wait(timeout=30)
            act()
        except Conflict:
            return "refused"
        finally:
            connection.close()
        return "won"

    with ThreadPoolExecutor(20) as pool:
        return list(pool.map(one, range(20)))


@pytest.mark.django_db(transaction=True)
def test_d02_twenty_connections_take_no_more_back_than_the_payment_and_put_it_back_once() -> None:
    who, _, payment = paid("60.00", "40.00")
    part = {"amount": Decimal("30.00"), "charged_back_on": LATER}
    results = at_once(lambda: charge_back(payment=payment, by="test", **part))  # type: ignore[arg-type]
    assert results.count("won") == 3
    assert left_of(who) == {"R1": Decimal("50.00"), "R2": Decimal("40.00")}
    gone = Refund.objects.earliest("pk")
    assert at_once(lambda: won(gone)).count("won") == 1
    assert left_of(who, WON) == {"R1": Decimal("20.00"), "R2": Decimal("40.00")}
    assert violations() == []
