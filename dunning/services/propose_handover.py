"""A person proposes to hand over debts of one customer, whatever the ladder says."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput, Conflict
from customers.changes import announce
from customers.models import Customer
from customers.queries.accounts import account_ids
from dunning.actions import HANDOVER_PROPOSED
from dunning.models import Handover, HandoverItem
from dunning.queries.handovers import with_open_handover
from invoices.queries.open_claims import OpenClaim, open_claims


@transaction.atomic
def propose_handover(
    *,
    customer: Customer,
    currency: str,
    kind: str,
    reason: str,
    on: date,
    invoice_ids: Collection[int] | None = None,
    actor: AbstractBaseUser,
) -> Handover:
    """The proposal over what is overdue in that currency on the day `on` and undisputed: of these invoices, or of all.

    Raises BadInput for an unknown kind, no reason, or nothing overdue; Conflict while another one is open."""
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    _check(kind, reason)
    if (customer.pk, currency) in with_open_handover([customer.pk]):
        raise Conflict(
            "A handover of this customer is open already in this currency. End that one first.", code="handover_open"
        )
    claims = open_claims(customer_ids=account_ids(customer.pk), as_of=on, currency=currency)
    chosen = [one for one in claims if one.due_on < on and (invoice_ids is None or one.invoice_id in invoice_ids)]
    asked = [(one, one.open - one.disputed) for one in chosen if one.open > one.disputed]
    if not asked:
        raise BadInput(
            "Nothing that is overdue and undisputed is among what you chose. Choose overdue invoices.",
            code="nothing_to_hand_over",
        )
    made = Handover.objects.create(
        customer=customer, entity=customer.entity, currency=currency, kind=kind, reason=reason.strip(), proposed_on=on,
        amount=sum((amount for _, amount in asked), Decimal(0)), proposed_by_id=actor.pk,
    )  # fmt: skip
    HandoverItem.objects.bulk_create([_item(made, claim, amount) for claim, amount in asked])
    record(HANDOVER_PROPOSED, made, actor=actor, kind=kind, amount=made.amount, currency=currency, reason=made.reason)
    announce([customer.pk])
    return made


def _check(kind: str, reason: str) -> None:
    if kind not in Handover.Kind.values:
        raise BadInput("Choose what should happen.", code="unknown_kind", fields={"kind": "Choose what should happen."})
    if not 3 <= len(reason.strip()) <= 250:
        sentence = "Say in 3 to 250 signs why. The second person and the evidence will show it."
        raise BadInput(sentence, code="reason_missing", fields={"reason": sentence})


def _item(handover: Handover, claim: OpenClaim, amount: Decimal) -> HandoverItem:
    number = claim.number if claim.position is None else f"{claim.number}/{claim.position}"
    return HandoverItem(
        handover=handover, customer_id=handover.customer_id, invoice_id=claim.invoice_id,
        instalment_id=claim.instalment_id, number=number, due_on=claim.due_on, amount=amount,
    )  # fmt: skip
