"""Posts many bank lines by themselves at once: those that exactly settle open invoices of one customer, which are most.

A few statements for all of them, with the same rows, laws and log as `post_line`. Whatever needs more thought (a rest,
a discount, a tolerance, a merged customer, a line that was posted before) is left to `post_line`, one by one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from django.db import connection, transaction
from django.db.models import Model
from psycopg2.extras import execute_values

from collections_app.audit.record import Fact, record_set
from customers.changes import announce
from customers.models import Customer
from invoices.actions import ALLOCATED, BANK_LINE_POSTED, PAYMENT_RECORDED
from invoices.models import Allocation, BankLine, BankPosting, Invoice, Payment
from invoices.queries.open_amounts import open_amount_now
from invoices.queries.reversals import last_reversals
from invoices.rules.allocation import effective_day
from invoices.services.learn_payer import aliases_of, own_accounts
from invoices.services.post_line import Reasons

Row = TypeVar("Row", bound=Model)
_LEARN = """INSERT INTO invoices_payeralias (customer_id, kind, value, times, last_on) VALUES %s
    ON CONFLICT (kind, value, customer_id) DO UPDATE SET times = invoices_payeralias.times + EXCLUDED.times,
        last_on = GREATEST(invoices_payeralias.last_on, EXCLUDED.last_on)"""


@dataclass(frozen=True, slots=True)
class Match:
    """A line (with its account), whose money it is, and what each invoice gets of it, above zero."""

    line: BankLine
    customer_id: int
    shares: Sequence[tuple[Invoice, Decimal]]
    score: int
    reasons: Reasons = ()


@transaction.atomic
def post_lines(*, matches: Sequence[Match], by: str) -> set[int]:
    """The ids of the lines that were posted; the others are as they were. Lines are locked before customers, both by
    their ids, then invoices; each invoice is settled at most once."""
    lines = _lock(BankLine, {match.line.pk for match in matches})
    _lock(Customer, {match.customer_id for match in matches})
    invoices = _lock(Invoice, {invoice.pk for match in matches for invoice, _ in match.shares})
    opened = dict(open_amount_now(invoices))
    posted_before = set(BankPosting.objects.filter(line__in=lines).values_list("line_id", flat=True))
    taken = []
    for match in matches:
        line = lines[match.line.pk]
        if line.state == BankLine.State.WAITING and line.pk not in posted_before and _settles(match, invoices, opened):
            taken.append(match)
            opened |= {invoice.pk: Decimal(0) for invoice, _ in match.shares}
    if taken:
        _write(taken, invoices, by)
    return {match.line.pk for match in taken}


def _lock(model: type[Row], ids: set[int]) -> dict[int, Row]:
    rows = model._default_manager.filter(pk__in=ids).select_for_update(no_key=True).order_by("pk")
    return {row.pk: row for row in rows}


def _settles(match: Match, invoices: Mapping[int, Invoice], opened: Mapping[int, Decimal]) -> bool:
    """Whether the shares are all that is open of the invoices, and all of the line."""
    line = match.line
    sides = (match.customer_id, line.account.entity_id, line.currency, Invoice.Status.ISSUED)
    return (
        bool(match.shares)
        and sum((amount for _, amount in match.shares), Decimal(0)) == line.amount
        and all(
            0 < amount == opened[invoice.pk]
            and (row := invoices[invoice.pk])
            and (row.customer_id, row.entity_id, row.currency, row.status) == sides
            for invoice, amount in match.shares
        )
    )


def _write(matches: Sequence[Match], invoices: Mapping[int, Invoice], by: str) -> None:
    payments = Payment.objects.bulk_create(_payment(match) for match in matches)
    paid = list(zip(matches, payments, strict=True))
    record_set(PAYMENT_RECORDED, [_told(payment) for payment in payments], actor=None, by=by)
    freed = last_reversals(invoices)
    rows = Allocation.objects.bulk_create(
        _allocation(payment, invoices[invoice.pk], amount, freed.get(invoice.pk))
        for match, payment in paid
        for invoice, amount in match.shares
    )
    record_set(ALLOCATED, [_allocated(row) for row in rows], actor=None, by=by)
    BankPosting.objects.bulk_create(
        BankPosting(line=match.line, payment=payment, score=match.score, reasons=list(match.reasons), by_itself=True)
        for match, payment in paid
    )
    record_set(BANK_LINE_POSTED, [_posted(match, payment) for match, payment in paid], actor=None, by=by)
    ids = [match.line.pk for match in matches]
    BankLine.objects.filter(pk__in=ids).update(state=BankLine.State.POSTED, note="", matched_at=None)
    _learn(matches)
    announce({match.customer_id for match in matches})


def _payment(match: Match) -> Payment:
    line = match.line
    return Payment(
        entity_id=line.account.entity_id, customer_id=match.customer_id, currency=line.currency, amount=line.amount,
        received_on=line.value_on, reference=(line.reference or line.text)[:140],
    )  # fmt: skip


def _allocation(payment: Payment, invoice: Invoice, amount: Decimal, freed_on: date | None) -> Allocation:
    day = effective_day(source_on=payment.received_on, document_on=invoice.issued_on, freed_on=freed_on)
    return Allocation(
        customer_id=payment.customer_id, payment=payment, invoice=invoice, currency=payment.currency, amount=amount,
        effective_on=day,
    )  # fmt: skip


def _told(payment: Payment) -> Fact:
    facts = {"amount": payment.amount, "currency": payment.currency, "received_on": payment.received_on}
    return Fact("invoices.payment", payment.pk, payment.customer_id, facts)


def _allocated(row: Allocation) -> Fact:
    facts = {"invoice": row.invoice_id, "amount": row.amount, "currency": row.currency,
             "effective_on": row.effective_on}  # fmt: skip
    return Fact("invoices.allocation", row.pk, row.customer_id, facts)


def _posted(match: Match, payment: Payment) -> Fact:
    facts = {"payment": payment.pk, "amount": payment.amount, "currency": payment.currency, "score": match.score,
             "by_itself": True}  # fmt: skip
    return Fact("invoices.bankline", match.line.pk, match.customer_id, facts)


def _learn(matches: Sequence[Match]) -> None:
    ours = own_accounts()
    times: Counter[tuple[int, str, str]] = Counter()
    last: dict[tuple[int, str, str], date] = {}
    for match in matches:
        for kind, value in aliases_of(match.line, ours):
            mark = (match.customer_id, str(kind), value)
            times[mark] += 1
            last[mark] = max(last.get(mark, date.min), match.line.booked_on)
    with connection.cursor() as cursor:
        if times:
            execute_values(cursor.cursor, _LEARN, [(*mark, count, last[mark]) for mark, count in sorted(times.items())])
