"""Claims the lump sum that the law gives for one late invoice: EUR 40, GBP 40 to 100, and so on; once per invoice."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput
from customers.models import Customer
from invoices.actions import LATE_CLAIMED
from invoices.models import Invoice, LateClaim
from invoices.queries.late_claims import late_claims
from invoices.queries.late_numbers import LUMP_SUM, free_numbers
from invoices.services.issue_invoice import issue_invoice


@transaction.atomic
def claim_lump_sum(*, invoice: Invoice, on: date, actor: AbstractBaseUser | None = None, by: str = "") -> Invoice:
    """The issued document, a fee that names the late invoice; issued and due on the business day `on`.

    Raises BadInput where there is none to claim, or none any more; its sentence says why."""
    Customer.objects.select_for_update(no_key=True).get(pk=invoice.customer_id)
    late = late_claims([invoice.pk], as_of=on).get(invoice.pk)
    if late is None or late.lump_sum <= 0:
        why = late.why_no_lump_sum if late else "It was not late."
        raise BadInput(f"There is no lump sum to claim for {invoice.number}. {why}", code="no_lump_sum")
    document = issue_invoice(
        entity=late.invoice.entity, customer=late.invoice.customer, kind=Invoice.Kind.FEE,
        number=free_numbers([invoice], LUMP_SUM)[invoice.pk], issued_on=on, due_on=on, total=late.lump_sum,
        currency=invoice.currency, claims_for=late.invoice, actor=actor, by=by,
        text=f"Lump sum for late payment of {invoice.number}",
    )  # fmt: skip
    claim = LateClaim.objects.create(
        document=document, invoice=late.invoice, customer_id=invoice.customer_id, kind=LateClaim.Kind.LUMP_SUM,
        pack=late.pack.code, basis={"law": late.pack.law, "checked_on": late.pack.checked_on.isoformat()},
        claimed_by_id=None if actor is None else actor.pk,
    )  # fmt: skip
    record(
        LATE_CLAIMED, claim, actor=actor, by=by, kind=claim.kind, invoice=invoice.number, document=document.number,
        amount=late.lump_sum, currency=invoice.currency,
    )  # fmt: skip
    return document
