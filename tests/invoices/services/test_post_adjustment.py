"""Write-offs and other adjustments: what they take off, from when, and who must agree."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from collections_app.accounts.roles import Role
from collections_app.lib.errors import BadInput, Conflict, NotAllowed
from customers.models import Customer
from invoices.models import Adjustment, Approval, CurrencyRules, Invoice, Promise
from invoices.queries.open_amounts import open_amount_now, open_invoices
from invoices.services.adjust import adjust
from invoices.services.judge_promises import judge_promises
from invoices.services.make_promise import make_promise
from invoices.services.open_dispute import open_dispute
from invoices.services.post_adjustment import post_adjustment
from invoices.services.reverse_adjustment import reverse_adjustment
from invoices.services.settle_disputes import settle_disputes
from tests import factories
from tests.factories import DAY

pytestmark = pytest.mark.django_db


def limit(amount: str, currency: str = "EUR", **tolerances: str) -> CurrencyRules:
    values = {name: Decimal(value) for name, value in tolerances.items()}
    return CurrencyRules.objects.create(currency=currency, approval_over=Decimal(amount), **values)


def written_off(invoice: Invoice, amount: str, **more: Any) -> Adjustment:
    facts: dict[str, Any] = {"kind": "write_off", "effective_on": DAY, "reason": "Insolvent", "by": "test", **more}
    return post_adjustment(
        entity=invoice.entity, customer=invoice.customer, currency=invoice.currency,
        shares=[(invoice, Decimal(amount))], **facts,
    )  # fmt: skip


def left(invoice: Invoice) -> Decimal:
    return open_amount_now([invoice.pk])[invoice.pk]


def test_a_write_off_lowers_the_invoice_from_its_day_on() -> None:
    limit("1000.00")
    invoice = factories.invoice(factories.customer(), "100.00")
    made = written_off(invoice, "40.00", effective_on=DAY + timedelta(days=3))
    assert left(invoice) == Decimal("60.00")
    assert made.amount == Decimal("40.00")
    before: Any = open_invoices(customer_id=invoice.customer_id, as_of=DAY + timedelta(days=2)).get()
    assert before.open_amount == Decimal("100.00")
    assert made.allocations.get().effective_on == DAY + timedelta(days=3)


def test_one_adjustment_covers_several_invoices() -> None:
    limit("1000.00")
    who = factories.customer()
    first, second = factories.invoice(who, "30.00"), factories.invoice(who, "50.00")
    made = post_adjustment(
        kind="settlement", entity=who.entity, customer=who, currency="EUR",
        shares=[(first, Decimal("30.00")), (second, Decimal("20.00"))], effective_on=DAY, reason="Agreed", by="test",
    )  # fmt: skip
    assert [made.amount, left(first), left(second)] == [Decimal(50), Decimal(0), Decimal(30)]


def test_without_rules_for_the_currency_every_write_off_waits() -> None:
    invoice = factories.invoice(factories.customer())
    with pytest.raises(NotAllowed, match="second person"):
        written_off(invoice, "0.01")
    assert left(invoice) == Decimal("100.00")


def test_the_limit_itself_needs_nobody_and_a_cent_more_does() -> None:
    limit("50.00")
    invoice = factories.invoice(factories.customer())
    with pytest.raises(NotAllowed):
        written_off(invoice, "50.01")
    assert written_off(invoice, "50.00").approval is None


def test_a_large_write_off_does_not_become_small_in_parts() -> None:
    limit("50.00")
    invoice = factories.invoice(factories.customer())
    first = written_off(invoice, "40.00")
    with pytest.raises(NotAllowed):
        written_off(invoice, "20.00")
    reverse_adjustment(adjustment=first, effective_on=DAY, reason="Wrong invoice", actor=None, by="test")
    assert written_off(invoice, "20.00").amount == Decimal("20.00")


def test_small_differences_need_no_second_person() -> None:
    invoice = factories.invoice(factories.customer())
    assert written_off(invoice, "0.02", kind="small_difference").kind == "small_difference"


def test_adjusting_posts_within_the_limit_and_asks_over_it() -> None:
    limit("50.00")
    person, invoice = factories.user(Role.ACCOUNTANT), factories.invoice(factories.customer())
    facts: dict[str, Any] = {
        "kind": "write_off", "entity": invoice.entity, "customer": invoice.customer, "currency": "EUR",
        "effective_on": DAY, "reason": "Old", "actor": person,
    }  # fmt: skip
    assert isinstance(adjust(shares=[(invoice, Decimal("10.00"))], **facts), Adjustment)
    waiting = adjust(shares=[(invoice, Decimal("60.00"))], **facts)
    assert isinstance(waiting, Approval)
    assert left(invoice) == Decimal("90.00")


@pytest.mark.parametrize(
    ("amount", "more", "sentence"),
    [
        ("0.00", {}, "above zero"),
        ("-1.00", {}, "above zero"),
        ("1.001", {}, "more decimals"),
        ("1.00", {"reason": "  "}, "reason"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(amount: str, more: dict[str, Any], sentence: str) -> None:
    limit("1000.00")
    invoice = factories.invoice(factories.customer())
    with pytest.raises(BadInput, match=sentence):
        written_off(invoice, amount, **more)
    assert not Adjustment.objects.exists()


def test_more_than_is_open_is_a_conflict_with_the_fresh_figure() -> None:
    limit("1000.00")
    who = factories.customer()
    invoice = factories.invoice(who, "100.00")
    factories.payment(who, "70.00", shares=[(invoice, None)])
    with pytest.raises(Conflict, match=r"EUR.30\.00"):
        written_off(invoice, "31.00")


def test_another_customers_invoice_is_refused() -> None:
    limit("1000.00")
    invoice, other = factories.invoice(factories.customer()), factories.customer()
    with pytest.raises(BadInput, match="another customer"):
        post_adjustment(
            kind="write_off", entity=other.entity, customer=other, currency="EUR",
            shares=[(invoice, Decimal("1.00"))], effective_on=DAY, reason="Old", by="test",
        )  # fmt: skip
    assert not Adjustment.objects.exists()


def test_undoing_opens_the_invoice_again_once() -> None:
    limit("1000.00")
    invoice = factories.invoice(factories.customer())
    made = written_off(invoice, "100.00")
    later = DAY + timedelta(days=5)
    reverse_adjustment(adjustment=made, effective_on=later, reason="They pay after all", actor=None, by="test")
    assert left(invoice) == Decimal("100.00")
    assert not open_invoices(customer_id=invoice.customer_id, as_of=later - timedelta(days=1)).exists()
    with pytest.raises(Conflict, match="already undone"):
        reverse_adjustment(adjustment=made, effective_on=later, reason="Again", actor=None, by="test")


def test_a_write_off_settles_the_dispute_of_its_invoice() -> None:
    limit("1000.00")
    invoice = factories.invoice(factories.customer())
    dispute = open_dispute(
        invoice=invoice, reason="quality", amount=Decimal("100.00"), opened_on=DAY, text="Broken", by="test"
    )
    written_off(invoice, "100.00")
    assert settle_disputes(on=DAY) == 1
    dispute.refresh_from_db()
    assert dispute.state == "settled"


def promised(who: Customer, invoice: Invoice, amount: str) -> Promise:
    until = DAY + timedelta(days=2)
    return make_promise(customer=who, items=[(invoice, Decimal(amount))], promised_on=until, made_on=DAY, by="test")


def test_p02_a_write_off_withdraws_the_promise_instead_of_keeping_it() -> None:
    limit("1000.00")
    who = factories.customer()
    invoice = factories.invoice(who)
    promise = promised(who, invoice, "100.00")
    written_off(invoice, "100.00")
    promise.refresh_from_db()
    assert promise.state == "withdrawn"
    assert not promise.items.filter(live=True).exists()


def test_p02_a_written_off_part_does_not_count_as_paid() -> None:
    limit("1000.00")
    who = factories.customer()
    invoice = factories.invoice(who)
    promise = promised(who, invoice, "100.00")
    factories.payment(who, "60.00", shares=[(invoice, None)])
    written_off(invoice, "40.00")
    judge_promises(on=DAY + timedelta(days=10))
    promise.refresh_from_db()
    assert (promise.state, promise.kept_amount) == ("partly_kept", Decimal("60.00"))


def test_p02_a_cent_within_the_tolerance_keeps_the_promise() -> None:
    limit("0.00", under_tolerance="0.05")
    who = factories.customer()
    invoice = factories.invoice(who)
    promise = promised(who, invoice, "100.00")
    factories.payment(who, "99.99", received_on=DAY + timedelta(days=1), shares=[(invoice, None)])
    judge_promises(on=DAY + timedelta(days=10))
    promise.refresh_from_db()
    assert promise.state == "kept"


@pytest.mark.django_db(transaction=True)
def test_d14_twenty_connections_write_off_one_invoice_and_one_wins_per_euro() -> None:
    limit("1000000.00")
    invoice = factories.invoice(factories.customer(), "100.00")
    barrier = Barrier(20)

    def grab(_: int) -> str:
        try:
            barrier.wait(timeout=20)
            written_off(invoice, "30.00")
        except Conflict:
            return "conflict"
        finally:
            connection.close()
        return "won"

    with ThreadPoolExecutor(20) as pool:
        results = list(pool.map(grab, range(20)))
    assert (results.count("won"), results.count("conflict")) == (3, 17)
    assert left(invoice) == Decimal("10.00")
