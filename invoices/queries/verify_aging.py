"""Checks the stored aging of a day against the ledger (D50). It reads and reports; it mends nothing."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from collections_app.audit.models import AuditEntry
from customers.models import CustomerMerge, LegalEntity
from invoices.actions import CREDIT_NOTE_ISSUED, INVOICE_ISSUED
from invoices.models import AgingSnapshot, Allocation, CreditNote, Invoice, Payment
from invoices.queries.aging import Amounts, CustomerAging, aging_of
from invoices.queries.aging_sql import AgingScope
from invoices.rules.buckets import BUCKETS

# A row carries the moment its statement ran; its transaction may have ended later, unseen by the snapshot.
_LONGEST_TRANSACTION = timedelta(minutes=15)
Key = tuple[int, str]  # customer, currency


def violations(as_of: date) -> list[str]:
    """One sentence per customer whose stored aging of that day is not what the ledger gives for the same day, as the
    ledger was known when the snapshot was taken. Rows recorded afterwards, back-dated or not, are no violation.

    Disputes are left out: closing one changes its row, so that the past cannot be asked again."""
    return [sentence for _, sentence in differences(as_of)]


def differences(as_of: date) -> list[tuple[str, str]]:
    """The violations, each with the code of its legal entity."""
    found: list[tuple[str, str]] = []
    taken = AgingSnapshot.objects.filter(as_of=as_of).values_list("entity", "taken_at").distinct().order_by("entity")
    for entity_id, taken_at in taken:
        stored = {
            (row.customer_id, row.currency): (*(getattr(row, b.column) for b in BUCKETS), row.documents)
            for row in AgingSnapshot.objects.filter(as_of=as_of, entity=entity_id).iterator()
        }
        scope = AgingScope(as_of, entity_ids=(entity_id,), known_by=taken_at)
        computed = _measures(aging_of(scope))
        different = {key for key in stored.keys() | computed.keys() if stored.get(key) != computed.get(key)}
        different -= _uncertain(different, taken_at) if different else set()
        code = LegalEntity.objects.get(pk=entity_id).code
        found += [(code, _sentence(code, as_of, key, stored, computed)) for key in sorted(different)]
    return found


def _measures(rows: Iterable[CustomerAging]) -> dict[Key, tuple[object, ...]]:
    def of(amounts: Amounts) -> tuple[object, ...]:
        return (*amounts.buckets, amounts.documents)

    return {(row.customer_id, row.currency): of(row.amounts) for row in rows}


def _uncertain(keys: Iterable[Key], taken_at: datetime) -> set[Key]:
    """Keys of customers with a row whose place before or after the snapshot its time stamp cannot tell: written shortly
    before it, or a draft that was issued after it."""
    listed = list(keys)
    ids = {customer_id for customer_id, _ in listed}
    theirs = Q(customer__in=ids) | Q(customer__merged_into__in=ids)
    near = Q(recorded_at__gt=taken_at - _LONGEST_TRANSACTION, recorded_at__lte=taken_at)
    doubtful: set[int] = set()
    for model in (Invoice, CreditNote, Payment, Allocation):
        rows = model._default_manager.filter(theirs, near)
        doubtful |= {found for row in rows.values_list("customer", "customer__merged_into") for found in row if found}
    for absorbed, survivor in CustomerMerge.objects.filter(near).values_list("absorbed", "survivor"):
        doubtful |= {absorbed, survivor}
    for document, action in ((Invoice, INVOICE_ISSUED), (CreditNote, CREDIT_NOTE_ISSUED)):
        issued_later = AuditEntry.objects.filter(
            subject_type=document._meta.label_lower, subject_id=OuterRef("pk"), action=action, at__gt=taken_at
        )
        drafts = document._default_manager.filter(theirs, Exists(issued_later), recorded_at__lte=taken_at)
        both = drafts.values_list("customer", "customer__merged_into")
        doubtful |= {found for row in both for found in row if found}
    return {key for key in listed if key[0] in doubtful}


def _sentence(code: str, as_of: date, key: Key, stored: Mapping[Key, object], computed: Mapping[Key, object]) -> str:
    customer_id, currency = key
    return (
        f"The aging snapshot of {as_of.isoformat()} for customer {customer_id} with {code} in {currency} says "
        f"{_written(stored.get(key))}, but the ledger known at that time gives {_written(computed.get(key))}."
    )


def _written(measures: object) -> str:
    if not isinstance(measures, tuple):
        return "nothing open"
    *buckets, documents = measures
    return f"{' / '.join(f'{amount:f}' for amount in buckets)} in {documents} documents"
