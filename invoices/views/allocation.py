"""What the pages of payments and credit notes share: putting what is left against open items, and taking it back."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from collections_app.accounts.access import signed_in
from collections_app.lib.errors import BadInput, Conflict
from collections_app.lib.money import Money
from customers.forms.refusals import take_refusal
from customers.queries.accounts import account_ids
from customers.queries.clock import business_day
from invoices.forms.allocation import AllocationForm
from invoices.forms.cash import ReversalForm
from invoices.models import Allocation, CreditNote, Invoice, Payment
from invoices.queries.open_claims import open_claims
from invoices.services.allocate import unallocated
from invoices.services.put_against import put_against
from invoices.services.take_off import take_off

Source = Payment | CreditNote
LONGEST = 200  # rows on the screen, the earliest due; "oldest first" reaches the others in a second round


def left_now(source: Source) -> Decimal:
    """What is left of the money or credit, in its currency, with every recorded allocation."""
    return Money(unallocated(source), source.currency).amount


def standing(source: Source) -> QuerySet[Allocation]:
    """The allocations that were not reversed, in the order they were made."""
    rows = source.allocations.filter(reverses__isnull=True, reversed_by__isnull=True)
    return rows.select_related("invoice", "refund", "instalment").order_by("pk")


def allocation_form(source: Source, *, data: Any = None, fill: str = "") -> AllocationForm:
    """The open claims of the account with an amount field each, filled in as `fill` says."""
    today = business_day(source.entity)
    ids = account_ids(source.customer.merged_into_id or source.customer_id)
    claims = open_claims(customer_ids=ids, as_of=today, entity_id=source.entity_id, currency=source.currency)
    return AllocationForm(
        data, claims=claims[:LONGEST], left=left_now(source), currency=source.currency, fill=fill, today=today
    )


def allocated(request: HttpRequest, source: Source, form: AllocationForm) -> bool:
    """Whether the typed amounts were posted; what stood in the way is an error of the form."""
    if not form.is_valid():
        return False
    typed = form.cleaned_data["typed"]
    invoices = Invoice.objects.in_bulk([claim.invoice_id for claim, _amount in typed])
    try:
        put_against(
            source=source,
            shares=[(invoices[claim.invoice_id], amount) for claim, amount in typed],
            parts=[claim.instalment_id for claim, _amount in typed],
            actor=signed_in(request),
        )
    except (BadInput, Conflict) as refusal:
        take_refusal(form, refusal)
        return False
    return True


def allocated_to_the_oldest(request: HttpRequest, source: Source, form: AllocationForm) -> None:
    """Puts as much as fits against the earliest due claims."""
    ids = list(dict.fromkeys(claim.invoice_id for claim in form.claims))
    invoices = Invoice.objects.in_bulk(ids)
    put_against(source=source, shares=[(invoices[pk], None) for pk in ids], actor=signed_in(request))


def taken_back(request: HttpRequest, source: Source, allocation_id: int) -> ReversalForm:
    """The form after the allocation was reversed from today on; unchanged and with errors when no reason was given."""
    allocation = get_object_or_404(source.allocations, pk=allocation_id)
    form = ReversalForm(request.POST)
    if form.is_valid():
        day = max(business_day(source.entity), allocation.effective_on)
        reason = form.cleaned_data["reason"]
        try:
            take_off(allocation=allocation, effective_on=day, reason=reason, actor=signed_in(request))
        except BadInput as refusal:
            take_refusal(form, refusal)
    return form
