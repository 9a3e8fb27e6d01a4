"""Records that a customer promised to pay certain invoices by a day. It judges nothing and sends nothing."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import Fact, record, record_set
from collections_app.lib.errors import BadInput, Conflict
from collections_app.lib.money import Money, format_amount_with_code
from customers.changes import announce
from customers.models import Contact, Customer
from customers.queries.accounts import account_members
from invoices.actions import PROMISE_MADE, PROMISE_REPLACED
from invoices.models import Invoice, Promise, PromiseItem
from invoices.queries.open_amounts import open_amount_now
from invoices.queries.promised import arrived_so_far, promise_grace_days
from invoices.rules.promises import check_day, next_level

Items = Sequence[tuple[Invoice, Decimal | None]]


@transaction.atomic
def make_promise(
    *,
    customer: Customer,
    items: Items,
    promised_on: date,
    made_on: date,
    via: str = Promise.Via.ANALYST,
    contact: Contact | None = None,
    note: str = "",
    actor: AbstractBaseUser | None = None,
    by: str = "",
) -> Promise:
    """The new open promise over invoices of one currency; an amount of None means all that is open of that invoice.

    An invoice has one open promise: an older one is closed as replaced and the level may rise (P1). `promised_on` is
    inclusive; the grace after it is that of the currency's rules. Raises BadInput for days, amounts or invoices that
    cannot be, Conflict when nothing is open any more."""
    check_day(promised_on=promised_on, made_on=made_on, by_payer=via == Promise.Via.PAYER)
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    amounts = _checked(customer, items)
    currency = items[0][0].currency
    level = _close_earlier(list(amounts), made_on, actor, by)
    promise = Promise.objects.create(
        customer=customer,
        contact=contact,
        currency=currency,
        amount=sum(amounts.values(), Decimal(0)),
        made_on=made_on,
        promised_on=promised_on,
        via=via,
        level=level,
        grace_days=promise_grace_days(currency),
        note=note[:250],
        made_by_id=None if actor is None else actor.pk,
    )
    PromiseItem.objects.bulk_create(
        PromiseItem(promise=promise, customer=customer, invoice_id=pk, amount=amount) for pk, amount in amounts.items()
    )
    record(
        PROMISE_MADE, promise, actor=actor, by=by, amount=promise.amount, currency=currency, promised_on=promised_on,
        via=via, level=level, invoices=sorted(amounts), note=promise.note,
    )  # fmt: skip
    announce([customer.pk])
    return promise


def _checked(customer: Customer, items: Items) -> Mapping[int, Decimal]:
    """Amount per invoice id, each above zero and no more than is open, after locking the invoices."""
    if not items:
        raise BadInput("Choose at least one invoice that the promise is about.", code="no_invoice")
    ids = [invoice.pk for invoice, _ in items]
    if len(set(ids)) < len(ids):
        raise BadInput("An invoice stands twice in this promise. Name each one once.", code="invoice_twice")
    locked = (
        Invoice.objects.select_for_update(no_key=True)
        .filter(pk__in=ids, customer__in=account_members(customer.pk))
        .order_by("pk")
    )
    if {row.pk for row in locked} != set(ids):
        raise BadInput("One of these invoices belongs to another customer. Look again.", code="other_customer")
    if len({invoice.currency for invoice, _ in items}) > 1:
        raise BadInput("A promise is in one currency. Record one promise for each currency.", code="other_currency")
    opened = open_amount_now(ids)
    return {invoice.pk: _amount(invoice, wished, opened[invoice.pk]) for invoice, wished in items}


def _amount(invoice: Invoice, wished: Decimal | None, opened: Decimal) -> Decimal:
    if invoice.status != Invoice.Status.ISSUED or opened <= 0:
        raise Conflict(f"Nothing is open on invoice {invoice.number} any more. Look again.", code="nothing_open")
    amount = opened if wished is None else Money(wished, invoice.currency).amount
    if amount <= 0:
        raise _bad_amount("Enter an amount above zero.", "amount_not_positive")
    if amount > opened:
        left = format_amount_with_code(opened, invoice.currency)
        sentence = f"Only {left} of invoice {invoice.number} are open. Enter that or less."
        raise _bad_amount(sentence, "amount_exceeds_open")
    return amount


def _bad_amount(sentence: str, code: str) -> BadInput:
    return BadInput(sentence, code=code, fields={"amount": sentence})


def _close_earlier(invoice_ids: list[int], on: date, actor: AbstractBaseUser | None, by: str) -> int:
    """The level of the new promise; the open promises of these invoices are closed as replaced."""
    last: dict[int, Promise] = {}
    for item in PromiseItem.objects.filter(invoice__in=invoice_ids).select_related("promise").order_by("promise_id"):
        last[item.invoice_id] = item.promise
    arrived = arrived_so_far({promise.pk for promise in last.values()})
    level = next_level((row.level, row.state, arrived.get(row.pk, Decimal(0))) for row in last.values())
    replaced = {row.pk: row for row in last.values() if row.state == Promise.State.OPEN}
    if replaced:
        Promise.objects.filter(pk__in=replaced, state=Promise.State.OPEN).update(
            state=Promise.State.REPLACED, closed_on=on
        )
        PromiseItem.objects.filter(promise__in=replaced).update(live=False)
        record_set(
            PROMISE_REPLACED,
            [Fact("invoices.promise", row.pk, row.customer_id, {"level": row.level}) for row in replaced.values()],
            actor=actor,
            by=by,
        )
    return level
