"""What was adjusted on invoices, and the rules of their currency. Reads a few documents; decides nothing."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.db.models import Max, Sum

from collections_app.accounts.roles import Role
from invoices.models import Allocation, CurrencyRules, LateWaiver, Payment
from invoices.rules.adjustments import FORGIVING, WAIVER

_ZERO = Decimal(0)


def rules_of(currency: str) -> CurrencyRules | None:
    """The rules of this currency; None when nobody set any: then nothing is small and nothing passes one person."""
    return CurrencyRules.objects.filter(currency=currency).first()


def forgiven_without_approval(invoice_ids: Iterable[int]) -> Decimal:
    """What still stands of write-offs and the like that one person posted on these invoices, of one currency."""
    rows = Allocation.objects.filter(
        invoice_id__in=list(invoice_ids), adjustment__approval__isnull=True, adjustment__kind__in=FORGIVING
    )
    return _total(rows.aggregate(s=Sum("amount"))["s"])


def waiver_limit(currency: str, role: str) -> Decimal:
    """Up to how much of one invoice's interest and fees somebody with this role waives alone, in the currency."""
    rules = rules_of(currency)
    if rules is None:
        return _ZERO
    limits = {Role.ANALYST: rules.waive_analyst, Role.ACCOUNTANT: rules.waive_accountant}
    manager = {Role.MANAGER: rules.waive_manager, Role.ADMINISTRATOR: rules.waive_manager}
    return {**limits, **manager}.get(Role(role), _ZERO)


def waived_alone(invoice_ids: Iterable[int]) -> Decimal:
    """What still stands of interest and fees that one person waived for these late invoices, of one currency: documents
    and what was waived before it was claimed."""
    ids = list(invoice_ids)
    documents = Allocation.objects.filter(
        invoice__claims_for__in=ids, adjustment__approval__isnull=True, adjustment__kind=WAIVER
    )
    before = LateWaiver.objects.filter(invoice__in=ids, state=LateWaiver.State.IN_FORCE, over_limit=False)
    return _total(documents.aggregate(s=Sum("amount"))["s"]) + _total(before.aggregate(s=Sum("amount"))["s"])


def last_allocated(payment: Payment) -> Mapping[int, date]:
    """Per invoice the day on which the last part of this payment that still stands there took effect."""
    standing = payment.allocations.filter(
        reverses__isnull=True, reversed_by__isnull=True, invoice__isnull=False
    ).order_by()
    return dict(standing.values_list("invoice_id").annotate(day=Max("effective_on")))


def paid_by_exchange(invoice_id: int) -> Decimal:
    """What exchanged money was put against the invoice, in its currency."""
    rows = Allocation.objects.filter(invoice_id=invoice_id, payment__method=Payment.Method.EXCHANGE)
    return _total(rows.aggregate(s=Sum("amount"))["s"])


def _total(found: Decimal | None) -> Decimal:
    return found or _ZERO
