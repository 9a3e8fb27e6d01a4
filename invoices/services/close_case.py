"""Ends a dispute: by credit note, adjustment, rejection or because it was withdrawn. What gives money up waits for a
second person when it is over the limit of the currency, or when the person may not post (F37, four eyes)."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import BadInput, Conflict
from customers.models import Customer
from invoices.models import Dispute, DisputeCase, DisputeEvent, Invoice
from invoices.queries.adjusted import forgiven_without_approval, rules_of
from invoices.queries.open_amounts import open_amount_now
from invoices.rules.adjustments import needs_second_person
from invoices.rules.disputes import ADJUSTMENT, CREDIT_NOTE, OUTCOMES_BY_HAND
from invoices.services.correct_invoice import correct_invoice
from invoices.services.finish_case import closed_before, finish_case
from invoices.services.log_case_event import log_case_event
from invoices.services.post_adjustment import post_adjustment
from invoices.services.request_approval import request_approval

Shares = Sequence[tuple[Invoice, Decimal]]
_KINDS: Mapping[str, str] = {"credited": CREDIT_NOTE, "adjusted": ADJUSTMENT}


@transaction.atomic
def close_case(
    *, case: DisputeCase, outcome: str, resolution: str, root_cause: str | None = None, on: date, actor: User
) -> DisputeCase:
    """The closed case, or the case at stage `approval` with the request that waits for a second person.

    `resolution` is what the customer is told; only a withdrawn dispute may go without. `root_cause` is kept when given.
    Raises BadInput for another outcome or without words, Conflict when somebody closed it first, when a second person
    is asked already, or when nothing is open that could be given up."""
    _check(outcome, resolution, root_cause)
    Customer.objects.select_for_update(no_key=True).get(pk=case.customer_id)
    case.refresh_from_db()
    if case.stage == DisputeCase.Stage.CLOSED:
        raise Conflict(closed_before(case), code="case_closed")
    if case.stage == DisputeCase.Stage.APPROVAL:
        raise Conflict(f"{case.reference} waits for a second person. Withdraw that request first.", code="case_waits")
    if root_cause is not None:
        DisputeCase.objects.filter(pk=case.pk).update(root_cause=root_cause)
    kind = _KINDS.get(outcome, "")
    if kind and not _posted(case, kind, resolution, on, actor):
        case.refresh_from_db()
        return case
    return finish_case(case=case, outcome=outcome, resolution=resolution.strip(), on=on, actor=actor)


def _check(outcome: str, resolution: str, root_cause: str | None) -> None:
    if outcome not in OUTCOMES_BY_HAND:
        raise BadInput("Choose how the dispute ends.", code="unknown_outcome", fields={"outcome": "Choose an outcome."})
    if outcome != DisputeCase.Outcome.WITHDRAWN and not resolution.strip():
        sentence = "Write what was decided and why: the customer and the auditor will ask."
        raise BadInput(sentence, code="no_resolution", fields={"resolution": sentence})
    if root_cause is not None and root_cause not in DisputeCase.RootCause.values:
        raise BadInput(
            "Choose one of the causes.", code="unknown_cause", fields={"root_cause": "Choose a cause, or none."}
        )


def _posted(case: DisputeCase, kind: str, resolution: str, on: date, actor: User) -> bool:
    """Whether the money was given up now; else the request waits."""
    shares = _shares(case)
    total = sum((amount for _, amount in shares), Decimal(0))
    if not actor.may(Capability.RECORD_CASH) or _over_limit(case, shares, total):
        _ask(case, kind, shares, resolution, on, actor)
        return False
    if kind == CREDIT_NOTE:
        issue_credits(case, shares, on=on, actor=actor, text=resolution)
    else:
        post_adjustment(
            kind=ADJUSTMENT, entity=shares[0][0].entity, customer=case.customer, currency=case.currency, shares=shares,
            effective_on=on, reason=_reason(case, resolution), actor=actor,
        )  # fmt: skip
    return True


def _shares(case: DisputeCase) -> Shares:
    """Per open dispute what is given up: the disputed amount, as far as it is still open."""
    rows = list(
        case.disputes.filter(state=Dispute.State.OPEN).select_related("invoice__entity").order_by("invoice_id")
    )  # fmt: skip
    opened = open_amount_now([row.invoice_id for row in rows])
    shares = [(row.invoice, min(row.amount, opened[row.invoice_id])) for row in rows if opened[row.invoice_id] > 0]
    if not shares:
        raise Conflict("Nothing is open on these invoices any more, so nothing is given up.", code="nothing_open")
    return shares


def _over_limit(case: DisputeCase, shares: Shares, total: Decimal) -> bool:
    """The end of a dispute has the limit of adjustments, and counts what was credited by disputes of the same invoices
    before: a large amount does not become small in parts."""
    ids = [invoice.pk for invoice, _ in shares]
    credited = Dispute.objects.filter(
        invoice__in=ids, state=Dispute.State.ACCEPTED, case__outcome=DisputeCase.Outcome.CREDITED,
        case__approval__isnull=True,
    ).aggregate(s=Sum("amount"))["s"] or Decimal(0)  # fmt: skip
    rules = rules_of(case.currency)
    return needs_second_person(
        kind=ADJUSTMENT, amount=total, limit=rules.approval_over if rules else None,
        forgiven_before=forgiven_without_approval(ids) + credited,
    )  # fmt: skip


def _ask(case: DisputeCase, kind: str, shares: Shares, resolution: str, on: date, actor: User) -> None:
    asked = request_approval(
        kind=kind, entity=shares[0][0].entity, customer=case.customer, currency=case.currency, shares=shares,
        effective_on=on, reason=_reason(case, resolution), actor=actor,
    )  # fmt: skip
    DisputeCase.objects.filter(pk=case.pk).update(
        stage=DisputeCase.Stage.APPROVAL, approval=asked, resolution=resolution.strip()
    )
    log_case_event(
        case=case, kind=DisputeEvent.Kind.MOVED, on=on, actor=actor, text=resolution.strip(), approval=asked.pk
    )  # fmt: skip


def _reason(case: DisputeCase, resolution: str) -> str:
    return f"{case.reference}: {resolution.strip()}"[:200]


def issue_credits(case: DisputeCase, shares: Shares, *, on: date, actor: User | None, text: str) -> None:
    """Nothing; a credit note per invoice is issued, named after the dispute of that invoice, and put against it. Raises
    Conflict when one of them is not in dispute any more or less of it is open than is to be credited."""
    references = dict(case.disputes.filter(state=Dispute.State.OPEN).values_list("invoice_id", "reference"))
    opened = open_amount_now([invoice.pk for invoice, _ in shares])
    for invoice, amount in shares:
        if invoice.pk not in references or amount > opened[invoice.pk]:
            raise Conflict(
                f"Invoice {invoice.number} was paid, credited or settled since, so nothing was issued. Look at the "
                "dispute again; a request for this is to be rejected.",
                code="dispute_over",
            )
    for invoice, amount in shares:
        correct_invoice(
            invoice=invoice, number=f"CR-{references[invoice.pk]}", issued_on=max(on, invoice.issued_on), total=amount,
            text=_reason(case, text), actor=actor,
        )  # fmt: skip
