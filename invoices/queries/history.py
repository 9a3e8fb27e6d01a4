"""What happened to one document, from every table that knows of it. Reads a fixed number of small statements; the order
and the running amount are `invoices.rules.history`'s.

Apps above tell what they know through `provide_events`: dunning, for one, which reminders named an invoice."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from collections_app.audit.models import AuditEntry
from invoices.models import Adjustment, Allocation, CreditNote, Invoice, Payment, Refund
from invoices.rules.history import Event

Document = Invoice | CreditNote | Payment | Adjustment | Refund


@dataclass(frozen=True, slots=True)
class Told:
    """What another app tells of a document: a title, an icon's name, the page it leads to, an amount it speaks of."""

    title: str
    icon: str
    link: str = ""
    url: str = ""
    amount: Decimal | None = None


Provider = Callable[[Document], Iterable[Event]]
_providers: list[Provider] = []

# Audit entries that another event of the history already tells.
_TOLD = ("invoice.issued", "credit_note.issued", "payment.recorded", "adjustment.posted", "refund.made")


def provide_events(provider: Provider) -> None:
    """Nothing; from now on every history asks this function. Registering the same function twice counts once."""
    if provider not in _providers:
        _providers.append(provider)


def events_of(document: Document) -> list[Event]:
    """Everything that is known of the document, in no order. Changes are signed in its currency: what is open of an
    invoice, left of a payment or credit note, in force of an adjustment, or covered of a refund."""
    events = [_birth(document), *_allocations(document), *_audited(document)]
    if isinstance(document, Invoice):
        events += _of_invoice(document)
    if isinstance(document, CreditNote) and document.corrects is not None:
        events.append(Event("corrects", document.issued_on, document.recorded_at, document.corrects))
    for provider in _providers:
        events += provider(document)
    return events


def _birth(document: Document) -> Event:
    by = _recorder(document)
    match document:
        case Invoice():
            return Event("issued", document.issued_on, document.recorded_at, document, document.total, by)
        case CreditNote():
            return Event("issued", document.issued_on, document.recorded_at, document, document.total, by)
        case Payment():
            return Event("received", document.received_on, document.recorded_at, document, document.amount, by)
        case Adjustment():
            note = document.reason
            return Event("posted", document.effective_on, document.recorded_at, document, None, by, note)
        case Refund():
            return Event("paid_out", document.paid_on, document.recorded_at, document, None, by, document.reference)


def _allocations(document: Document) -> Iterable[Event]:
    side = {
        Invoice: "invoice",
        CreditNote: "credit_note",
        Payment: "payment",
        Adjustment: "adjustment",
        Refund: "refund",
    }
    rows = Allocation.objects.filter(**{side[type(document)]: document}).select_related(
        "payment", "credit_note", "adjustment", "invoice", "refund", "instalment", "reverses", "recorded_by"
    )
    is_target = isinstance(document, Invoice | Refund)
    sign = 1 if isinstance(document, Adjustment | Refund) else -1
    for row in rows:
        words = ("allocated", "reversed") if is_target else ("used", "freed")
        what = words[row.reverses_id is not None]
        yield Event(what, row.effective_on, row.recorded_at, row, sign * row.amount, _name(row.recorded_by), row.reason)


def _of_invoice(invoice: Invoice) -> Iterable[Event]:
    for mail in invoice.mails.exclude(state="cancelled"):
        yield Event("mail", mail.created_at.date(), mail.created_at, mail, note=mail.reason_text)
    for dispute in invoice.disputes.select_related("opened_by"):
        by = _name(dispute.opened_by)
        yield Event("disputed", dispute.opened_on, dispute.recorded_at, dispute, by=by, note=dispute.text)
        if dispute.closed_on:
            yield Event("dispute_closed", dispute.closed_on, None, dispute, note=dispute.resolution)
    for item in invoice.promise_items.select_related("promise__made_by"):
        promise = item.promise
        by = _name(promise.made_by)
        yield Event("promised", promise.made_on, promise.recorded_at, item, by=by, note=promise.note)
        if promise.closed_on:
            yield Event("promise_closed", promise.closed_on, None, item)
    for planned in invoice.plan_items.select_related("plan__agreed_by"):
        plan = planned.plan
        if plan.agreed_on is None:  # what was only proposed did nothing to the invoice
            continue
        yield Event("planned", plan.agreed_on, plan.recorded_at, planned, by=_name(plan.agreed_by), note=plan.note)
        if plan.ended_on:
            yield Event("plan_ended", plan.ended_on, None, planned)
    for claim in invoice.claims.filter(status=Invoice.Status.ISSUED):
        yield Event("claimed", claim.issued_on, claim.recorded_at, claim)
    for note in invoice.corrections.filter(status=Invoice.Status.ISSUED):
        yield Event("corrected", note.issued_on, note.recorded_at, note, note=note.text)


def _audited(document: Document) -> Iterable[Event]:
    entries = AuditEntry.objects.filter(subject_type=document._meta.label_lower, subject_id=document.pk)
    for entry in entries.exclude(action__in=_TOLD):
        yield Event("audit", entry.at.date(), entry.at, entry, by=entry.actor_label)


def _recorder(document: Document) -> str:
    """Who recorded the document: the person on the row, else whom the audit log names."""
    person = getattr(document, "recorded_by", None)
    if person is not None:
        return _name(person)
    told = AuditEntry.objects.filter(subject_type=document._meta.label_lower, subject_id=document.pk, action__in=_TOLD)
    return told.order_by("pk").values_list("actor_label", flat=True).first() or ""


def _name(person: Any) -> str:
    return "" if person is None else str(person)
