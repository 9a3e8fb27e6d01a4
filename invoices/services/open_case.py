"""Opens a dispute over one or several invoices of an account, each with the amount that is not owed (F37). The amounts
stay owed; only reminding pauses (A8)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction

from collections_app.audit.record import Fact, record_set
from collections_app.lib.errors import BadInput, Conflict
from collections_app.lib.money import Money, format_amount_with_code
from customers.models import Customer
from customers.queries.accounts import accounts_of
from invoices.actions import DISPUTE_OPENED
from invoices.models import Dispute, DisputeCase, DisputeEvent, Invoice
from invoices.queries.open_amounts import open_amount_now
from invoices.rules.disputes import answer_by, dispute_reference
from invoices.services.log_case_event import log_case_event

Items = Sequence[tuple[Invoice, Decimal | None]]


@transaction.atomic
def open_case(
    *,
    customer: Customer,
    items: Items,
    reason: str,
    text: str = "",
    via: str = Dispute.Via.ANALYST,
    opened_on: date,
    owner: AbstractBaseUser | None = None,
    answer_on: date | None = None,
    actor: AbstractBaseUser | None = None,
    by: str = "",
) -> DisputeCase:
    """The new case with a dispute per invoice; amounts in the invoices' currency, None for all that is open.

    The customer's collector owns it unless told otherwise, else the person who records it. Raises BadInput for an
    unknown reason, no invoice, invoices of different accounts, entities or currencies, or more than is open; Conflict
    when an invoice already has an open dispute or nothing open."""
    if reason not in Dispute.Reason.values:
        raise BadInput("Choose one of the reasons.", code="unknown_reason", fields={"reason": "Choose a reason."})
    holder = lock_account(customer, items)
    numbers = next_numbers(len(items))
    case = DisputeCase.objects.create(
        customer=holder, reference=dispute_reference(numbers[0], opened_on), reason=reason,
        currency=items[0][0].currency, text=text, via=via, opened_on=opened_on,
        opened_by_id=None if actor is None else actor.pk,
        owner_id=owner.pk if owner else holder.collector_id or (None if actor is None else actor.pk),
        answer_by=answer_on or answer_by(opened_on, holder.entity.holiday_region),
    )  # fmt: skip
    write_disputes(case, items, numbers, on=opened_on, actor=actor, by=by)
    log_case_event(case=case, kind=DisputeEvent.Kind.OPENED, on=opened_on, actor=actor, by=by, text=text)
    return case


def lock_account(customer: Customer, items: Items) -> Customer:
    """The customer that holds the account, locked with the customers of the invoices, and then these (always in this
    order). Raises BadInput for no invoice, one named twice, or invoices that do not belong together."""
    invoices = [invoice for invoice, _ in items]
    if not invoices:
        raise BadInput("Choose at least one invoice.", code="no_invoice", fields={"invoices": "Choose an invoice."})
    accounts = accounts_of({customer.pk, *(row.customer_id for row in invoices)})
    if len({row.pk for row in invoices}) < len(invoices):
        raise BadInput("An invoice is named twice. Name each once, with its whole amount.", code="invoice_twice")
    if len(set(accounts.values())) > 1 or len({(row.entity_id, row.currency) for row in invoices}) > 1:
        raise BadInput(
            "These invoices have different customers, legal entities or currencies. Open a dispute for each of them.",
            code="not_one_matter",
        )
    locked = {
        row.pk: row
        for row in Customer.objects.select_for_update(no_key=True, of=("self",))
        .select_related("entity").filter(pk__in={*accounts, *accounts.values()}).order_by("pk")
    }  # fmt: skip
    rows = Invoice.objects.select_for_update(no_key=True).filter(pk__in=[row.pk for row in invoices])
    list(rows.order_by("pk").values_list("pk"))
    return locked[accounts[customer.pk]]


def write_disputes(
    case: DisputeCase,
    items: Items,
    numbers: Sequence[int],
    *,
    on: date,
    actor: AbstractBaseUser | None,
    by: str,
) -> list[Dispute]:
    """The new open disputes of the case, under these numbers of `next_numbers`, recorded one by one in the log."""
    _refuse_second([invoice for invoice, _ in items])
    amounts = _amounts(items)
    disputes = Dispute.objects.bulk_create(
        Dispute(
            pk=number, customer_id=invoice.customer_id, case=case, invoice=invoice,
            reference=dispute_reference(number, on), reason=case.reason, currency=case.currency,
            amount=amounts[invoice.pk], text=case.text, via=case.via, opened_on=on,
            opened_by_id=None if actor is None else actor.pk, owner_id=case.owner_id, answer_by=case.answer_by,
        )
        for number, (invoice, _) in zip(numbers, items, strict=True)
    )  # fmt: skip
    facts = [
        Fact(
            "invoices.dispute", row.pk, row.customer_id,
            {"invoice": row.invoice_id, "amount": row.amount, "currency": row.currency, "reason": row.reason,
             "via": row.via, "text": row.text},
        )
        for row in disputes
    ]  # fmt: skip
    record_set(DISPUTE_OPENED, facts, actor=actor, by=by)
    return disputes


def _refuse_second(invoices: Sequence[Invoice]) -> None:
    earlier = (
        Dispute.objects.filter(invoice__in=[row.pk for row in invoices], state=Dispute.State.OPEN)
        .select_related("invoice").order_by("invoice_id").first()
    )  # fmt: skip
    if earlier is not None:
        raise Conflict(
            f"Invoice {earlier.invoice.number} already has the open dispute {earlier.reference}. Add to that one "
            "instead.",
            code="dispute_open_already",
        )


def _amounts(items: Items) -> dict[int, Decimal]:
    opened = open_amount_now([invoice.pk for invoice, _ in items])
    return {invoice.pk: checked_amount(invoice, wished, opened[invoice.pk]) for invoice, wished in items}


def checked_amount(invoice: Invoice, wished: Decimal | None, opened: Decimal) -> Decimal:
    """The amount in dispute: all that is open for None. Raises Conflict when nothing is open, BadInput for zero or less
    and for more than is open."""
    if invoice.status != Invoice.Status.ISSUED or opened <= 0:
        raise Conflict(f"Nothing is open on invoice {invoice.number}, so nothing is in dispute.", code="nothing_open")
    amount = opened if wished is None else Money(wished, invoice.currency).amount
    sentence = ""
    if amount <= 0:
        sentence = "Enter an amount above zero."
    elif amount > opened:
        left = format_amount_with_code(opened, invoice.currency)
        sentence = f"Only {left} of invoice {invoice.number} are open. Enter that or less."
    if sentence:
        raise BadInput(sentence, code="dispute_amount", fields={"amount": sentence, f"amount_{invoice.pk}": sentence})
    return amount


def next_numbers(count: int) -> list[int]:
    """Numbers of the table's own sequence: the reference then says which row it is, without a second counter."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('invoices_dispute', 'id')) FROM generate_series(1, %s)", [count]
        )
        return sorted(row[0] for row in cursor.fetchall())
