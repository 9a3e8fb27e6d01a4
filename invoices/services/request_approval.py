"""Asks a second person to approve a write-off, settlement or adjustment. It posts nothing."""

from datetime import date
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput, Conflict
from collections_app.lib.money import format_amount_with_code
from customers.changes import announce
from customers.models import Customer, LegalEntity
from customers.queries.accounts import accounts_of
from invoices.actions import APPROVAL_REQUESTED
from invoices.models import Approval, Invoice
from invoices.queries.approvals import waiting_on
from invoices.queries.open_amounts import open_amount_now
from invoices.rules.approvals import APPROVAL_KINDS, Posting, fingerprint
from invoices.services.post_adjustment import Shares, checked_amounts


@transaction.atomic
def request_approval(
    *,
    kind: str,
    entity: LegalEntity,
    customer: Customer,
    currency: str,
    shares: Shares,
    effective_on: date,
    reason: str,
    replaces: Approval | None = None,
    actor: AbstractBaseUser,
    by: str = "",
) -> Approval:
    """The waiting request of `actor`, who cannot approve it. Amounts above zero, in `currency`; `effective_on` is the
    day from which the posting counts once it is approved.

    Raises BadInput for amounts, reasons or invoices that cannot be, Conflict ('adjustment_exceeds') when less is open
    than is asked for here and in other waiting requests."""
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    amounts = checked_amounts(shares, currency, reason)
    if kind not in APPROVAL_KINDS:
        raise BadInput("This kind of posting needs no approval. Post it.", code="not_for_approval")
    _check_invoices(shares, entity, customer, currency)
    _refuse_more_than_open(shares, amounts, currency)
    posting = Posting(
        kind=kind, entity_id=entity.pk, customer_id=customer.pk, currency=currency, effective_on=effective_on,
        reason=reason.strip(), shares=list(amounts.items()),
    )  # fmt: skip
    payload = posting.payload()
    approval = Approval.objects.create(
        kind=kind, entity=entity, customer=customer, currency=currency, amount=posting.amount,
        reason=posting.reason, payload=payload, digest=fingerprint(payload), requested_by_id=actor.pk,
        replaces=replaces,
    )  # fmt: skip
    record(
        APPROVAL_REQUESTED, approval, actor=actor, by=by, kind=kind, amount=posting.amount, currency=currency,
        reason=posting.reason, digest=approval.digest, replaces=replaces.pk if replaces else None,
    )  # fmt: skip
    announce([customer.pk])
    return approval


def _check_invoices(shares: Shares, entity: LegalEntity, customer: Customer, currency: str) -> None:
    accounts = accounts_of({customer.pk, *(invoice.customer_id for invoice, _ in shares)})
    for invoice, _ in shares:
        same = (accounts[invoice.customer_id], invoice.entity_id, invoice.currency, invoice.status)
        if same != (accounts[customer.pk], entity.pk, currency, Invoice.Status.ISSUED):
            raise BadInput(
                f"Invoice {invoice.number} has another customer, legal entity or currency, or is not issued. Ask for "
                "each of them apart.",
                code="other_sides",
            )


def _refuse_more_than_open(shares: Shares, amounts: dict[int, Decimal], currency: str) -> None:
    opened, waiting = open_amount_now(amounts), waiting_on(amounts)
    for invoice, _ in shares:
        asked = waiting.get(invoice.pk, Decimal(0))
        if amounts[invoice.pk] > opened[invoice.pk] - asked:
            already = f", and {format_amount_with_code(asked, currency)} of that wait for approval" if asked else ""
            raise Conflict(
                f"Only {format_amount_with_code(opened[invoice.pk], currency)} of invoice {invoice.number} are open"
                f"{already}. Look again and enter less.",
                code="adjustment_exceeds",
            )
