"""Waives interest or a lump sum that was not claimed yet: the days, or the sum, cannot be claimed any more (L9).
Nothing of it was in the books, so nothing is posted."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from collections_app.accounts.models import User
from collections_app.audit.record import record
from collections_app.lib.errors import BadInput
from customers.changes import announce
from customers.models import Customer
from invoices.actions import LATE_WAIVED, LATE_WAIVER_ASKED
from invoices.models import Invoice, LateWaiver
from invoices.queries.adjusted import waived_alone, waiver_limit
from invoices.queries.late_claims import Late, late_claims
from invoices.rules.statutory_interest import Days, stretches, sum_of

_State = LateWaiver.State


@transaction.atomic
def waive_accrued(
    *, invoice: Invoice, kind: str, until: date, reason: str, actor: User, by: str = ""
) -> list[LateWaiver]:
    """The waivers: of all interest up to `until`, inclusive, that could be claimed (one per stretch of days), or of the
    lump sum. In force at once up to the limit of the person's role, over all that was waived for this invoice; else
    they wait for a second person.

    Raises BadInput without a reason and when there is nothing to waive."""
    if not reason.strip():
        raise BadInput("Say why you waive it.", code="reason_missing", fields={"reason": "Enter a reason."})
    Customer.objects.select_for_update(no_key=True).get(pk=invoice.customer_id)
    late = late_claims([invoice.pk], as_of=until).get(invoice.pk)
    parts = _parts(late, kind)
    parts = _but_those_that_wait(invoice, kind, parts)
    if not parts:
        raise BadInput(
            f"There is nothing to waive on {invoice.number}: it was claimed, waived or asked for before. Waive the "
            "document instead, if there is one.",
            code="nothing_to_waive",
        )
    total = sum((amount for _, amount in parts), Decimal(0))
    over = total + waived_alone([invoice.pk]) > waiver_limit(invoice.currency, actor.role)
    made = [_waiver(invoice, kind, days, amount, reason, over, actor) for days, amount in parts]
    for waiver in made:
        record(
            LATE_WAIVER_ASKED if over else LATE_WAIVED, waiver, actor=actor, by=by, kind=kind, invoice=invoice.number,
            amount=waiver.amount, currency=waiver.currency, reason=waiver.reason,
        )  # fmt: skip
    announce([invoice.customer_id])
    return made


def _parts(late: Late | None, kind: str) -> list[tuple[Days | None, Decimal]]:
    if late is None:
        return []
    if kind == LateWaiver.Kind.LUMP_SUM:
        return [(None, late.lump_sum)] if late.lump_sum > 0 else []
    found: list[tuple[Days | None, Decimal]] = []
    for part in stretches(late.accrued.slices, late.blocked):
        amount = sum_of(part, late.pack, late.invoice.currency)
        if amount > 0:
            found.append(((min(one.first for one in part), max(one.last for one in part)), amount))
    return found


def _but_those_that_wait(
    invoice: Invoice, kind: str, parts: list[tuple[Days | None, Decimal]]
) -> list[tuple[Days | None, Decimal]]:
    waiting = LateWaiver.objects.filter(invoice=invoice, kind=kind, state=_State.REQUESTED)
    return [] if waiting.exists() else parts


def _waiver(
    invoice: Invoice, kind: str, days: Days | None, amount: Decimal, reason: str, over: bool, actor: User
) -> LateWaiver:
    return LateWaiver.objects.create(
        invoice=invoice, customer_id=invoice.customer_id, kind=kind, first_on=days[0] if days else None,
        last_on=days[1] if days else None, currency=invoice.currency, amount=amount, reason=reason.strip()[:200],
        state=_State.REQUESTED if over else _State.IN_FORCE, over_limit=over, asked_by=actor,
    )  # fmt: skip
