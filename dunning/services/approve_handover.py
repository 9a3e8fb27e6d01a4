"""Says yes to what was proposed for debts at the end of the ladder. A write-off becomes a request of its own in the
books, or a posting within the limit; stopping to write takes effect at once; agency and court wait to be given it."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput, Conflict, NotAllowed
from collections_app.lib.money import format_amount_with_code
from customers.changes import announce
from customers.models import Customer
from dunning.actions import HANDOVER_APPROVED
from dunning.models import Handover, HandoverItem
from dunning.queries.handovers import country_of, items_of, limit_in, standings, still_open
from dunning.rules.handover import is_law, notice_missing, second_person_missing
from dunning.services.hold_items import hold_items
from invoices.models import Adjustment, Approval
from invoices.queries.open_claims import OpenClaim
from invoices.services.adjust import adjust

COLLECTED_BY_OTHERS = (Handover.Kind.AGENCY, Handover.Kind.LEGAL)


@transaction.atomic
def approve_handover(
    *, handover: Handover, on: date, kind: str = "", recipient: str = "", actor: AbstractBaseUser
) -> Handover:
    """The approved handover; closed at once where writing is only stopped. `kind` decides one that was undecided, or
    something else than proposed; `recipient` names the agency or law firm.

    Raises Conflict when it is no proposal any more or nothing is open, NotAllowed when a second person is needed,
    BadInput when it is still undecided or the law wants a notice first."""
    found = locked(handover, Handover.State.PROPOSED)
    found.kind, found.recipient = kind or found.kind, (recipient or found.recipient).strip()[:200]
    if found.kind not in Handover.Kind.values or found.kind == Handover.Kind.UNDECIDED:
        raise BadInput("Decide first: agency, court, write-off, or no more letters.", code="undecided")
    if found.proposed_by_id is not None:
        refuse_alone(found, before=[found.proposed_by_id], actor=actor)
    opened = still_open(found, as_of=on)
    if not opened:
        raise Conflict("Nothing of it is open any more. It will be closed by itself.", code="nothing_open")
    if found.kind in COLLECTED_BY_OTHERS:
        refuse_without_notice(found, on=on)
    found.approved_by_id, found.approved_at = actor.pk, timezone.now()
    found.state = Handover.State.APPROVED
    items = list(items_of(found))
    if found.kind == Handover.Kind.WRITE_OFF:
        found.approval = _write_off(found, items, opened, on=on, actor=actor)
    if found.kind == Handover.Kind.HOLD:
        hold_items(items=items, reason="Writing stopped after the last step", on=on, actor=actor)
        found.state, found.outcome = Handover.State.CLOSED, Handover.Outcome.STOPPED
        found.ended_on, found.ended_by_id = on, actor.pk
    found.save()
    record(HANDOVER_APPROVED, found, actor=actor, kind=found.kind, recipient=found.recipient, amount=found.amount)
    announce([found.customer_id])
    return found


def locked(handover: Handover, *states: str) -> Handover:
    """The row as it is now, locked with its customer. Raises Conflict when it is in none of the states."""
    Customer.objects.select_for_update(no_key=True).get(pk=handover.customer_id)
    found = Handover.objects.select_for_update(of=("self",)).select_related("customer", "entity").get(pk=handover.pk)
    if found.state not in states:
        raise Conflict(
            f"Somebody was faster: it is {found.get_state_display().lower()} by now. Look again.", code="wrong_state"
        )
    return found


def refuse_alone(handover: Handover, *, before: Sequence[int], actor: AbstractBaseUser) -> None:
    """Nothing; raises NotAllowed when the amount is over the limit and only this person stands behind it."""
    limit = limit_in(handover.currency)
    if second_person_missing(amount=handover.amount, limit=limit, before=before, person_id=actor.pk):
        over = format_amount_with_code(limit or Decimal(0), handover.currency)
        raise NotAllowed(
            f"Two people decide over amounts above {over}, and you decided the step before. Ask a colleague.",
            code="needs_second_person",
        )


def refuse_without_notice(handover: Handover, *, on: date) -> None:
    """Nothing; raises BadInput where the law wants a final notice first and it is missing or its term runs."""
    country = country_of(handover)
    missing = notice_missing(country, standings(handover), on) if is_law(country) else ""
    if missing:
        raise BadInput(missing, code="notice_before_collection")


def _write_off(
    handover: Handover,
    items: Sequence[HandoverItem],
    opened: Mapping[str, OpenClaim],
    *,
    on: date,
    actor: AbstractBaseUser,
) -> Approval | None:
    """The request that waits for a second person, the first where several entities are owed; None when all of it was
    within the limit and is posted."""
    wanted: dict[int, Decimal] = {}
    for claim in opened.values():
        wanted[claim.invoice_id] = wanted.get(claim.invoice_id, Decimal(0)) + claim.open
    shares: dict[int, list[tuple[HandoverItem, Decimal]]] = {}
    for item in {item.invoice_id: item for item in items if item.invoice_id in wanted}.values():
        shares.setdefault(item.invoice.entity_id, []).append((item, wanted[item.invoice_id]))
    waiting = None
    for parts in shares.values():
        came = adjust(
            kind=Adjustment.Kind.WRITE_OFF, entity=parts[0][0].invoice.entity, customer=handover.customer,
            currency=handover.currency, shares=[(item.invoice, amount) for item, amount in parts], effective_on=on,
            reason=f"After the last reminder: {handover.reason}"[:200], actor=actor,
        )  # fmt: skip
        if isinstance(came, Approval):
            waiting = waiting or came
    return waiting
