"""Posts a write-off, settlement, difference or discount: the adjustment and its allocations, in one transaction. Over
the limit of the currency it needs an approval; `adjust` asks for one."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.accounts.models import User
from collections_app.audit.record import record
from collections_app.lib.errors import BadInput, Conflict, NotAllowed
from collections_app.lib.money import Money, format_amount_with_code
from customers.changes import announce
from customers.models import Customer, LegalEntity
from invoices.actions import ADJUSTMENT_POSTED
from invoices.models import Adjustment, Approval, Invoice, Promise
from invoices.queries.adjusted import forgiven_without_approval, rules_of, waived_alone, waiver_limit
from invoices.queries.open_amounts import open_amount_now
from invoices.queries.promised import arrived_so_far
from invoices.rules.adjustments import FORGIVING, WAIVER, needs_second_person
from invoices.services.allocate import allocate
from invoices.services.withdraw_promise import withdraw_promise

Shares = Sequence[tuple[Invoice, Decimal]]


@transaction.atomic
def post_adjustment(
    *,
    kind: str,
    entity: LegalEntity,
    customer: Customer,
    currency: str,
    shares: Shares,
    effective_on: date,
    reason: str,
    approval: Approval | None = None,
    instead_of: Adjustment | None = None,
    actor: AbstractBaseUser | None = None,
    by: str = "",
) -> Adjustment:
    """The posted adjustment over the sum of `shares`: invoices of the customer's account with amounts above zero.

    It takes effect on `effective_on`, inclusive, per invoice not before the days that `rules.allocation` allows.
    `approval` is the request it was approved by; `instead_of` is a reversed adjustment of which this one posts at most
    the same amount again. Raises NotAllowed ('needs_approval') over the limit without either, BadInput for amounts,
    reasons or invoices that cannot be, Conflict ('adjustment_exceeds') when less is open."""
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    amounts = checked_amounts(shares, currency, reason)
    total = sum(amounts.values(), Decimal(0))
    _refuse_more_than_open(shares, amounts, currency)
    if kind == WAIVER:
        _refuse_principal(shares)
    if not _is_covered(kind, customer, currency, total, approval, instead_of):
        _refuse_over_limit(kind, shares, amounts, total, currency, actor)
    adjustment = Adjustment.objects.create(
        entity=entity, customer=customer, kind=kind, currency=currency, amount=total, effective_on=effective_on,
        reason=reason.strip(), approval=approval, recorded_by_id=None if actor is None else actor.pk,
    )  # fmt: skip
    record(
        ADJUSTMENT_POSTED, adjustment, actor=actor, by=by, kind=kind, amount=total, currency=currency,
        effective_on=effective_on, reason=adjustment.reason,
    )  # fmt: skip
    allocate(source=adjustment, shares=shares, actor=actor, by=by, reason=adjustment.reason[:140])
    if kind in FORGIVING:
        _withdraw_promises(list(amounts), effective_on, actor, by)
    announce([customer.pk])
    return adjustment


def checked_amounts(shares: Shares, currency: str, reason: str) -> dict[int, Decimal]:
    """Per invoice id the amount in whole smallest units. Raises BadInput for none, amounts of zero or less, an invoice
    named twice, or a missing reason."""
    amounts = {invoice.pk: Money(amount, currency).amount for invoice, amount in shares}
    if not amounts or min(amounts.values()) <= 0:
        raise BadInput("Enter an amount above zero for at least one invoice.", code="amount_not_positive")
    if len(amounts) < len(shares):
        raise BadInput("An invoice is named twice. Name each once, with its whole amount.", code="invoice_twice")
    if not reason.strip():
        raise BadInput(
            "Say why: an adjustment needs a reason.", code="reason_missing", fields={"reason": "Enter a reason."}
        )
    return amounts


def _refuse_over_limit(
    kind: str,
    shares: Shares,
    amounts: dict[int, Decimal],
    total: Decimal,
    currency: str,
    actor: AbstractBaseUser | None,
) -> None:
    """Nothing; raises NotAllowed ('needs_approval') when a second person must approve this. Waivers have the limit of
    the person's role, over all that was waived for the same late invoice."""
    if kind == WAIVER:
        limit = waiver_limit(currency, actor.role) if isinstance(actor, User) else None
        late = {invoice.claims_for_id for invoice, _ in shares if invoice.claims_for_id}
        refuse_over_limit(kind=kind, amount=total, currency=currency, limit=limit, forgiven_before=waived_alone(late))
        return
    rules = rules_of(currency)
    forgiven = forgiven_without_approval(amounts)
    limit = rules.approval_over if rules else None
    refuse_over_limit(kind=kind, amount=total, currency=currency, limit=limit, forgiven_before=forgiven)


def _refuse_principal(shares: Shares) -> None:
    for invoice, _ in shares:
        if invoice.kind not in (Invoice.Kind.FEE, Invoice.Kind.INTEREST):
            raise BadInput(
                f"{invoice.number} is no fee and no interest. Write it off, or correct it by a credit note.",
                code="not_a_late_claim",
            )


def refuse_over_limit(
    *, kind: str, amount: Decimal, currency: str, limit: Decimal | None, forgiven_before: Decimal
) -> None:
    """Nothing; raises NotAllowed ('needs_approval') when a second person must approve this amount."""
    if needs_second_person(kind=kind, amount=amount, limit=limit, forgiven_before=forgiven_before):
        raise NotAllowed(
            f"{format_amount_with_code(amount, currency)} need a second person's approval. Ask for it; nothing was "
            "posted.",
            code="needs_approval",
        )


def _is_covered(
    kind: str,
    customer: Customer,
    currency: str,
    total: Decimal,
    approval: Approval | None,
    instead_of: Adjustment | None,
) -> bool:
    wanted = (kind, customer.pk, currency)
    if approval is not None:
        approved = (approval.kind, approval.customer_id, approval.currency)
        return approval.state == Approval.State.POSTED and approved == wanted and approval.amount == total
    if instead_of is not None:
        earlier = (instead_of.kind, instead_of.customer_id, instead_of.currency)
        undone = not instead_of.allocations.filter(reverses__isnull=True, reversed_by__isnull=True).exists()
        return undone and earlier == wanted and total <= instead_of.amount
    return False


def _refuse_more_than_open(shares: Shares, amounts: dict[int, Decimal], currency: str) -> None:
    list(Invoice.objects.select_for_update(no_key=True).filter(pk__in=amounts).order_by("pk").values_list("pk"))
    opened = open_amount_now(amounts)
    for invoice, _ in shares:
        if amounts[invoice.pk] > opened[invoice.pk]:
            raise Conflict(
                f"Only {format_amount_with_code(opened[invoice.pk], currency)} of invoice {invoice.number} are open. "
                "Look again and enter less.",
                code="adjustment_exceeds",
            )


def _withdraw_promises(invoice_ids: list[int], on: date, actor: AbstractBaseUser | None, by: str) -> None:
    """Nobody waits for a promise on a debt that was forgiven. One on which money arrived is judged in its time."""
    promises = Promise.objects.filter(state=Promise.State.OPEN, items__invoice__in=invoice_ids).distinct()
    items = {row.pk: list(row.items.values_list("invoice_id", flat=True)) for row in promises}
    opened = open_amount_now({pk for ids in items.values() for pk in ids})
    arrived = arrived_so_far(items)
    for promise in promises:
        if not arrived[promise.pk] and not any(opened[pk] for pk in items[promise.pk]):
            day = max(on, promise.made_on)
            withdraw_promise(promise=promise, closed_on=day, actor=actor, by=by, reason="The debt was written off.")
