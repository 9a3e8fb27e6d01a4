"""Claims reminder fees by set, after their reminders left (L10): each a document that names its invoice, once per
source, however often it is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from collections_app.audit.record import Fact, record_set
from collections_app.lib.money import Money
from customers.changes import announce
from customers.models import Customer
from invoices.actions import INVOICE_ISSUED, LATE_CLAIMED
from invoices.country_packs import pack_of
from invoices.models import Invoice, LateClaim
from invoices.queries.late_claims import BEARING
from invoices.queries.late_numbers import FEE, free_numbers


@dataclass(frozen=True, slots=True)
class FeeClaim:
    """A fee over `amount` (above 0, in the invoice's currency) for the lateness of an invoice. `source` names what
    asked for it, once and for all."""

    source: str
    invoice_id: int
    amount: Decimal
    issued_on: date
    due_on: date
    text: str
    basis: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def claim_fees(*, fees: Sequence[FeeClaim], by: str) -> dict[str, int]:
    """Per source the id of its fee document, made now or earlier. A fee for what cannot have one (a draft, a fee, an
    invoice of another currency than whole units allow) is left out."""
    wanted = {fee.source: fee for fee in fees}
    customers = Invoice.objects.filter(pk__in={fee.invoice_id for fee in fees}).values_list("customer_id", flat=True)
    list(
        Customer.objects.select_for_update(no_key=True).filter(pk__in=list(customers)).order_by("pk").values_list("pk")
    )
    made = dict(LateClaim.objects.filter(source__in=wanted).values_list("source", "document_id"))
    late = Invoice.objects.select_related("entity").filter(
        pk__in={fee.invoice_id for fee in fees}, status=Invoice.Status.ISSUED, kind__in=BEARING
    )
    known = {row.pk: row for row in late}
    todo = [fee for source, fee in wanted.items() if source not in made and fee.invoice_id in known]
    while todo:  # two fees for one invoice need two numbers: one round per fee of an invoice, nearly always one
        first = {fee.invoice_id: fee for fee in reversed(todo)}
        batch = [fee for fee in todo if first[fee.invoice_id] is fee]
        made |= _issue(batch, known, by)
        todo = [fee for fee in todo if fee.source not in made]
    announce({row.customer_id for row in known.values()})
    return made


def _issue(fees: list[FeeClaim], known: dict[int, Invoice], by: str) -> dict[str, int]:
    numbers = free_numbers([known[fee.invoice_id] for fee in fees], FEE)
    documents = Invoice.objects.bulk_create(
        _document(fee, known[fee.invoice_id], numbers[fee.invoice_id]) for fee in fees
    )
    claims = LateClaim.objects.bulk_create(
        LateClaim(
            document=document, invoice_id=fee.invoice_id, customer_id=document.customer_id, kind=LateClaim.Kind.FEE,
            pack=pack_of(known[fee.invoice_id].entity.country).code, basis=fee.basis, source=fee.source,
        )
        for fee, document in zip(fees, documents, strict=True)
    )  # fmt: skip
    issued = [Fact("invoices.invoice", one.pk, one.customer_id, _told(one)) for one in documents]
    record_set(INVOICE_ISSUED, issued, actor=None, by=by)
    facts = [
        Fact("invoices.lateclaim", claim.pk, claim.customer_id,
             {"kind": claim.kind, "source": claim.source, **_told(document)})
        for claim, document in zip(claims, documents, strict=True)
    ]  # fmt: skip
    record_set(LATE_CLAIMED, facts, actor=None, by=by)
    return {fee.source: document.pk for fee, document in zip(fees, documents, strict=True)}


def _document(fee: FeeClaim, invoice: Invoice, number: str) -> Invoice:
    return Invoice(
        entity=invoice.entity, customer_id=invoice.customer_id, kind=Invoice.Kind.FEE, number=number,
        status=Invoice.Status.ISSUED, issued_on=fee.issued_on, due_on=max(fee.due_on, fee.issued_on),
        currency=invoice.currency, total=Money(fee.amount, invoice.currency).amount, tax_total=Decimal(0),
        claims_for=invoice, text=fee.text[:200],
    )  # fmt: skip


def _told(document: Invoice) -> dict[str, Any]:
    return {"number": document.number, "total": document.total, "currency": document.currency}
