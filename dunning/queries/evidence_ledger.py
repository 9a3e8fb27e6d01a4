"""The books as evidence: what was owed, paid, credited, disputed, promised and agreed about the claimed invoices."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from collections_app.lib.dates import format_date
from collections_app.lib.money import format_amount_with_code
from dunning.queries.evidence import Scope, facts, moment, person
from dunning.rules.evidence import Evidence
from invoices.models import (
    Adjustment,
    Allocation,
    CreditNote,
    Dispute,
    Invoice,
    InvoiceHold,
    PayerRequest,
    Payment,
    PaymentPlan,
    PaySession,
    Promise,
    Refund,
)


def ledger_evidence(scope: Scope) -> Iterable[Evidence]:
    """Documents, money and what it was put against, oldest rows first."""
    yield from _invoices(scope)
    yield from _money(scope)
    yield from _allocations(scope)


def word_evidence(scope: Scope) -> Iterable[Evidence]:
    """What the customer said or agreed to, and holds on the invoices."""
    yield from _disputes(scope)
    yield from _promises(scope)
    yield from _plans(scope)
    yield from _requests(scope)
    for hold in InvoiceHold.objects.filter(invoice__in=scope.invoice_ids).select_related("invoice", "owner"):
        text = f"Reminders about {hold.invoice.number} held until {format_date(hold.ends_on)}: {hold.reason}"
        told = facts(hold, ("amount", "starts_on", "ends_on", "released_on", "reason"), by=person(hold.owner))
        yield Evidence("hold", hold.starts_on, moment(hold.recorded_at), text, told)


def _money_text(amount: object, currency: str) -> str:
    return format_amount_with_code(amount, currency)  # type: ignore[arg-type]


def _invoices(scope: Scope) -> Iterable[Evidence]:
    names = ("number", "kind", "issued_on", "due_on", "total", "tax_total", "currency", "po_number", "text", "lines",
             "status")  # fmt: skip
    claims = Invoice.objects.filter(Q(pk__in=scope.invoice_ids) | Q(claims_for__in=scope.invoice_ids)).exclude(
        status=Invoice.Status.DRAFT
    )
    for invoice in claims.prefetch_related("instalments").select_related("claims_for"):
        text = (
            f"{invoice.get_kind_display()} {invoice.number} over {_money_text(invoice.total, invoice.currency)} "
            f"issued, due {format_date(invoice.due_on)}"
        )
        parts = [
            {"position": part.position, "due_on": part.due_on, "amount": part.amount}
            for part in invoice.instalments.all()
        ]
        about = invoice.claims_for.number if invoice.claims_for else ""
        told = facts(invoice, names, instalments=parts or None, claims_for=about)
        yield Evidence("document", invoice.issued_on, moment(invoice.recorded_at), text, told)
    notes = CreditNote.objects.filter(
        Q(corrects__in=scope.invoice_ids) | Q(allocations__invoice__in=scope.invoice_ids)
    ).exclude(status=Invoice.Status.DRAFT)
    for note in notes.distinct():
        text = f"Credit note {note.number} over {_money_text(note.total, note.currency)} issued"
        told = facts(note, ("number", "issued_on", "total", "currency", "text"))
        yield Evidence("document", note.issued_on, moment(note.recorded_at), text, told)


def _money(scope: Scope) -> Iterable[Evidence]:
    ours = Q(allocations__invoice__in=scope.invoice_ids)
    late = Q(customer__in=scope.customer_ids, currency=scope.currency, received_on__gte=scope.since)
    for payment in Payment.objects.filter(ours | late).distinct():
        text = f"Payment of {_money_text(payment.amount, payment.currency)} received"
        told = facts(payment, ("amount", "currency", "received_on", "method", "reference"))
        yield Evidence("payment", payment.received_on, moment(payment.recorded_at), text, told)
    for posting in Adjustment.objects.filter(ours).distinct().select_related("recorded_by"):
        text = f"{posting.get_kind_display()} of {_money_text(posting.amount, posting.currency)}: {posting.reason}"
        told = facts(posting, ("kind", "amount", "currency", "effective_on", "reason"), by=person(posting.recorded_by))
        yield Evidence("adjustment", posting.effective_on, moment(posting.recorded_at), text, told)
    refunds = Refund.objects.filter(customer__in=scope.customer_ids, currency=scope.currency, paid_on__gte=scope.since)
    for refund in refunds:
        text = f"{refund.get_kind_display()} of {_money_text(refund.amount, refund.currency)}"
        told = facts(refund, ("kind", "amount", "currency", "paid_on", "reference"))
        yield Evidence("refund", refund.paid_on, moment(refund.recorded_at), text, told)


def _allocations(scope: Scope) -> Iterable[Evidence]:
    rows = Allocation.objects.filter(invoice__in=scope.invoice_ids).select_related(
        "invoice", "instalment", "payment", "credit_note", "adjustment", "recorded_by"
    )
    for row in rows:
        assert row.invoice is not None
        source = row.payment or row.credit_note or row.adjustment
        number = row.invoice.number + (f"/{row.instalment.position}" if row.instalment else "")
        amount = _money_text(abs(row.amount), row.currency)
        text = f"{amount} put against {number}" if row.amount > 0 else f"{amount} taken back from {number}"
        told = facts(
            row, ("amount", "currency", "effective_on", "reason", "reverses_id"), number=number,
            source=f"{source._meta.label_lower} {source.pk}" if source else "", by=person(row.recorded_by),
        )  # fmt: skip
        yield Evidence("allocation", row.effective_on, moment(row.recorded_at), text, told)


def _disputes(scope: Scope) -> Iterable[Evidence]:
    names = ("reference", "reason", "amount", "currency", "text", "via", "state", "closed_on", "resolution")
    rows = Dispute.objects.filter(invoice__in=scope.invoice_ids).select_related("invoice", "opened_by")
    for row in rows:
        amount = _money_text(row.amount, row.currency)
        text = f"{amount} of {row.invoice.number} disputed ({row.reference}): {row.get_reason_display().lower()}"
        told = facts(row, names, by=person(row.opened_by), number=row.invoice.number)
        yield Evidence("dispute", row.opened_on, moment(row.recorded_at), text, told)
        if row.closed_on:
            text = f"Dispute {row.reference} {row.get_state_display().lower()}: {row.resolution or 'without words'}"
            yield Evidence("dispute", row.closed_on, "", text, facts(row, ("reference", "state", "resolution")))


def _promises(scope: Scope) -> Iterable[Evidence]:
    rows = Promise.objects.filter(items__invoice__in=scope.invoice_ids).distinct()
    for row in rows.select_related("made_by", "contact").prefetch_related("items__invoice"):
        amount = _money_text(row.amount, row.currency)
        text = f"{amount} promised by {format_date(row.promised_on)}"
        told = facts(
            row, ("amount", "currency", "made_on", "promised_on", "via", "level", "note", "state", "kept_amount"),
            contact=person(row.contact), by=person(row.made_by),
            numbers=[one.invoice.number for one in row.items.all()],
        )  # fmt: skip
        yield Evidence("promise", row.made_on, moment(row.recorded_at), text, told)
        if row.closed_on:
            text = f"Promise of {amount} by {format_date(row.promised_on)}: {row.get_state_display().lower()}"
            yield Evidence("promise", row.closed_on, "", text, facts(row, ("state", "kept_amount", "closed_on")))


def _plans(scope: Scope) -> Iterable[Evidence]:
    rows = PaymentPlan.objects.filter(items__invoice__in=scope.invoice_ids, agreed_on__isnull=False).distinct()
    for row in rows.select_related("agreed_by"):
        agreed = row.agreed_on or scope.since
        told = facts(
            row, ("currency", "proposed_on", "agreed_on", "ended_on", "state", "note", "end_note"),
            by=person(row.agreed_by), instalments=_instalments(row),
        )  # fmt: skip
        yield Evidence("plan", agreed, moment(row.recorded_at), "Payment plan agreed", told)
        if row.ended_on:
            text = f"Payment plan {row.get_state_display().lower()}"
            yield Evidence("plan", row.ended_on, "", text, facts(row, ("state", "ended_on", "end_note")))


def _instalments(plan: PaymentPlan) -> list[dict[str, object]]:
    rows: Iterable[tuple[date, object]] = plan.instalments.order_by("due_on").values_list("due_on", "amount")
    return [{"due_on": due_on, "amount": amount} for due_on, amount in rows]


def _requests(scope: Scope) -> Iterable[Evidence]:
    about = Q(invoice__in=scope.invoice_ids) | Q(invoice__isnull=True)
    since = Q(customer__in=scope.customer_ids, created_at__date__gte=scope.since)
    for row in PayerRequest.objects.filter(about, since):
        text = f"The payer, by link: {row.get_kind_display().lower()}"
        yield Evidence("request", row.created_at.date(), moment(row.created_at), text, facts(row, ("kind", "text")))
    tries = PaySession.objects.filter(items__invoice__in=scope.invoice_ids).distinct()
    for session in tries:
        text = (
            f"Online payment of {_money_text(session.amount, session.currency)}: {session.get_state_display().lower()}"
        )
        told = facts(session, ("reference", "amount", "currency", "method", "state", "failure"))
        yield Evidence("request", session.created_at.date(), moment(session.created_at), text, told)
