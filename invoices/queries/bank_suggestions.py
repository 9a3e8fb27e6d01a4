"""The suggestions and postings of one bank line, as a person reads them: invoices, what is open there now, reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from customers.models import Customer
from customers.queries.accounts import account_members
from invoices.models import BankLine, BankPosting, Invoice, MatchSuggestion, Payment
from invoices.queries.bank_inbox import SHOWN_SUGGESTIONS
from invoices.queries.open_amounts import open_amount_now


@dataclass(frozen=True, slots=True)
class ShownShare:
    """One invoice of a suggestion. `amount` goes to it, `open` is open now, `stays` is then left."""

    invoice: Invoice
    amount: Decimal
    open: Decimal

    @property
    def stays(self) -> Decimal:
        """What stays open."""
        return max(self.open - self.amount, Decimal(0))


@dataclass(frozen=True, slots=True)
class ShownSuggestion:
    """A suggestion with its rows looked up. `is_stale`: an invoice was paid meanwhile."""

    suggestion: MatchSuggestion
    customer: Customer
    shares: list[ShownShare]
    payment: Payment | None = None
    reasons: Sequence[Mapping[str, Any]] = field(default_factory=list)

    @property
    def is_stale(self) -> bool:
        """Whether less is open now than it wants to put there."""
        return any(share.amount > share.open for share in self.shares)


def suggestions_of(line: BankLine) -> list[ShownSuggestion]:
    """The best suggestions of the line, first things first; a fixed number of statements."""
    rows = list(line.suggestions.select_related("customer").order_by("rank")[:SHOWN_SUGGESTIONS])
    ids = {share["invoice"] for row in rows for share in row.shares if share.get("invoice")}
    taken = {share["payment"] for row in rows for share in row.shares if share.get("payment")}
    invoices, opened = Invoice.objects.in_bulk(ids), open_amount_now(ids) if ids else {}
    payments = Payment.objects.select_related("customer").in_bulk(taken) if taken else {}
    return [_shown(row, invoices, opened, payments) for row in rows]


def _shown(
    row: MatchSuggestion,
    invoices: Mapping[int, Invoice],
    opened: Mapping[int, Decimal],
    payments: Mapping[int, Payment],
) -> ShownSuggestion:
    sums: dict[int, Decimal] = {}
    for share in row.shares:
        if share.get("invoice") in invoices:
            sums[share["invoice"]] = sums.get(share["invoice"], Decimal(0)) + Decimal(share["amount"])
    shares = [ShownShare(invoices[pk], amount, opened[pk]) for pk, amount in sums.items()]
    payment = next((payments.get(share["payment"]) for share in row.shares if share.get("payment")), None)
    return ShownSuggestion(row, row.customer, shares, payment, row.reasons)


def postings_of(line: BankLine) -> list[BankPosting]:
    """What was posted for the line and stands, oldest first, with the customer and the invoices it went to."""
    rows = line.postings.filter(undone_at__isnull=True).order_by("pk")
    return list(
        rows.select_related("payment__customer", "refund__customer", "posted_by").prefetch_related(
            "payment__allocations__invoice"
        )
    )


def fresh_shares(suggestion: MatchSuggestion) -> list[tuple[Invoice, Decimal]]:
    """The invoices of a suggestion with their amounts, one per invoice: money fills the earliest instalment first."""
    sums: dict[int, Decimal] = {}
    for share in suggestion.shares:
        if share.get("invoice"):
            sums[share["invoice"]] = sums.get(share["invoice"], Decimal(0)) + Decimal(share["amount"])
    found = Invoice.objects.in_bulk(sums)
    return [(found[pk], amount) for pk, amount in sums.items()]


def payments_to_return(customer: Customer, line: BankLine, *, until: date) -> list[Payment]:
    """The latest payments of the customer's account that money going out could take back: at least its amount, not
    after `until`."""
    rows = Payment.objects.filter(
        customer__in=account_members(customer.pk), currency=line.currency, entity_id=line.account.entity_id,
        amount__gte=-line.amount, received_on__lte=until,
    )  # fmt: skip
    return list(rows.order_by("-received_on", "-pk")[:20])
