"""Opens a closed dispute again: its invoices are disputed anew as far as they are open; the rest stays history."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.lib.errors import BadInput, Conflict
from customers.models import Customer
from invoices.models import Approval, Dispute, DisputeCase, DisputeEvent
from invoices.queries.open_amounts import open_amount_now
from invoices.rules.disputes import answer_by
from invoices.services.log_case_event import log_case_event
from invoices.services.open_case import Items, lock_account, next_numbers, write_disputes


@transaction.atomic
def reopen_case(*, case: DisputeCase, why: str, on: date, actor: AbstractBaseUser, by: str = "") -> DisputeCase:
    """The case, looked into again, with a new deadline.

    Raises BadInput without a reason, Conflict when it is not closed, when nothing is open on its invoices, when one of
    them is disputed elsewhere, or while a request from its first end waits for a second person."""
    if not why.strip():
        raise BadInput("Say why it is opened again.", code="reason_missing", fields={"why": "Say why."})
    customer = Customer.objects.select_for_update(no_key=True, of=("self",)).select_related("entity").get(
        pk=case.customer_id
    )  # fmt: skip
    items = _still_open(case)
    if DisputeCase.objects.filter(pk=case.pk, approval__state=Approval.State.REQUESTED).exists():
        raise Conflict(
            f"A request from before still waits for a second person. Have it rejected, then open {case.reference} "
            "again.",
            code="request_waits",
        )
    won = DisputeCase.objects.filter(pk=case.pk, stage=DisputeCase.Stage.CLOSED).update(
        stage=DisputeCase.Stage.INVESTIGATING, outcome="", closed_on=None, resolution="", approval=None,
        answer_by=answer_by(on, customer.entity.holiday_region),
    )  # fmt: skip
    case.refresh_from_db()
    if not won:
        raise Conflict(f"{case.reference} is open already. Look at it again.", code="case_not_closed")
    if not items:
        raise Conflict(
            "Nothing is open on its invoices, so there is nothing to dispute. Open a new dispute if need be.",
            code="nothing_open",
        )
    lock_account(customer, items)
    write_disputes(case, items, next_numbers(len(items)), on=on, actor=actor, by=by)
    log_case_event(
        case=case, kind=DisputeEvent.Kind.REOPENED, on=on, actor=actor, by=by, text=why.strip()
    )  # fmt: skip
    return case


def _still_open(case: DisputeCase) -> Items:
    """The invoices of the case with something open, with what was disputed of each at last, or what is left of it."""
    latest: dict[int, Dispute] = {}
    for row in case.disputes.select_related("invoice").order_by("pk"):
        latest[row.invoice_id] = row
    opened = open_amount_now(latest)
    return [(row.invoice, min(row.amount, opened[pk])) for pk, row in latest.items() if opened[pk] > 0]
