"""Changes what is known of a dispute: owner, deadline, reason, root cause, amounts. Two people who edit at once do not
overwrite each other: the second learns what the first did (D87)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.accounts.models import User
from collections_app.lib.dates import format_date
from collections_app.lib.errors import BadInput, Conflict
from collections_app.lib.money import format_amount_with_code
from customers.models import Customer
from invoices.models import Dispute, DisputeCase, DisputeEvent, Invoice
from invoices.queries.open_amounts import open_amount_now
from invoices.services.log_case_event import log_case_event
from invoices.services.open_case import checked_amount


@dataclass(frozen=True, slots=True)
class Values:
    """All that a person can edit, as it should be. `amounts` names invoices by id, in the currency of the case."""

    owner: User | None
    answer_by: date
    reason: str
    root_cause: str
    amounts: Mapping[int, Decimal]


@transaction.atomic
def change_case(
    *, case: DisputeCase, version: int, values: Values, on: date, actor: AbstractBaseUser, by: str = ""
) -> DisputeCase:
    """The case as told. `version` is the one that the editor saw; nothing changes when the values are the old ones.

    Raises Conflict ('case_changed') when another version is stored by now, Conflict ('case_not_open') for a closed
    case or one that waits for a second person, BadInput for amounts over what is open and unknown codes."""
    Customer.objects.select_for_update(no_key=True).get(pk=case.customer_id)
    case.refresh_from_db()
    if case.stage in (DisputeCase.Stage.CLOSED, DisputeCase.Stage.APPROVAL):
        raise Conflict(
            f"{case.reference} is “{case.get_stage_display()}” now, so it was not changed. Your text is still here.",
            code="case_not_open",
        )
    if case.version != version:
        raise Conflict(
            f"{case.changed_by or 'Somebody'} changed {case.reference} meanwhile. Both versions stand below; nothing "
            "of yours was saved yet.",
            code="case_changed",
        )
    _check(values)
    told = [*_amounts_changed(case, values.amounts), *_said(case, values)]
    if not told:
        return case
    owner = values.owner.pk if values.owner else None
    DisputeCase.objects.filter(pk=case.pk).update(
        owner_id=owner, answer_by=values.answer_by, reason=values.reason, root_cause=values.root_cause
    )
    case.disputes.filter(state=Dispute.State.OPEN).update(
        owner_id=owner, answer_by=values.answer_by, reason=values.reason
    )
    log_case_event(
        case=case, kind=DisputeEvent.Kind.CHANGED, on=on, actor=actor, by=by, text="\n".join(told), owner=owner,
        answer_by=values.answer_by, reason=values.reason, root_cause=values.root_cause,
        amounts={str(pk): amount for pk, amount in values.amounts.items()},
    )  # fmt: skip
    return case


def _check(values: Values) -> None:
    if values.reason not in Dispute.Reason.values:
        raise BadInput("Choose one of the reasons.", code="unknown_reason", fields={"reason": "Choose a reason."})
    if values.root_cause not in DisputeCase.RootCause.values:
        raise BadInput(
            "Choose one of the causes.", code="unknown_cause", fields={"root_cause": "Choose a cause, or none."}
        )


def _amounts_changed(case: DisputeCase, amounts: Mapping[int, Decimal]) -> list[str]:
    """What changed, in words; the amounts are stored."""
    rows = case.disputes.filter(state=Dispute.State.OPEN, invoice__in=list(amounts)).select_related("invoice")
    list(Invoice.objects.select_for_update(no_key=True).filter(pk__in=list(amounts)).order_by("pk").values_list("pk"))
    opened, told = open_amount_now(amounts), []
    for row in rows.order_by("invoice_id"):
        if amounts[row.invoice_id] == row.amount:
            continue
        amount = checked_amount(row.invoice, amounts[row.invoice_id], opened[row.invoice_id])
        before, after = (format_amount_with_code(value, row.currency) for value in (row.amount, amount))
        told.append(f"{row.invoice.number}: {before} → {after}")
        row.amount = amount
        row.save(update_fields=["amount"])
    return told


def _said(case: DisputeCase, values: Values) -> list[str]:
    reason, cause = Dispute.Reason(values.reason).label, DisputeCase.RootCause(values.root_cause).label
    pairs = [
        ("Owner", str(case.owner or "nobody"), str(values.owner or "nobody")),
        ("Answer by", format_date(case.answer_by), format_date(values.answer_by)),
        ("Reason", case.get_reason_display(), reason),
        ("Root cause", case.get_root_cause_display(), cause),
    ]
    return [f"{name}: {before} → {after}" for name, before, after in pairs if before != after]
