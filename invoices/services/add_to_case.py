"""Adds further invoices of the same account to a dispute that is still open."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.lib.errors import BadInput, Conflict
from invoices.models import DisputeCase, DisputeEvent
from invoices.rules.disputes import moves_by_hand
from invoices.services.log_case_event import log_case_event
from invoices.services.open_case import Items, lock_account, next_numbers, write_disputes


@transaction.atomic
def add_to_case(
    *, case: DisputeCase, items: Items, on: date, actor: AbstractBaseUser | None, by: str = ""
) -> DisputeCase:
    """The case with the invoices added; amounts as `open_case` takes them.

    Raises as that does, BadInput for another currency or entity, and Conflict for a case that is closed or waits for a
    second person."""
    lock_account(case.customer, items)
    case.refresh_from_db()
    if not moves_by_hand(case.stage):
        raise Conflict(
            f"{case.reference} is {case.get_stage_display().lower()}, so nothing can be added. Open a new dispute.",
            code="case_not_open",
        )
    present = case.disputes.select_related("invoice").order_by("pk").first()
    first = items[0][0]
    if present and (present.invoice.entity_id, case.currency) != (first.entity_id, first.currency):
        raise BadInput(
            "This invoice has another legal entity or currency than the dispute. Open a new one.", code="not_one_matter"
        )
    write_disputes(case, items, next_numbers(len(items)), on=on, actor=actor, by=by)
    numbers = ", ".join(invoice.number for invoice, _ in items)
    log_case_event(
        case=case, kind=DisputeEvent.Kind.CHANGED, on=on, actor=actor, by=by, text=f"Added: {numbers}",
        added=[invoice.pk for invoice, _ in items],
    )  # fmt: skip
    return case
