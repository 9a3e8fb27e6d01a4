"""Which documents are due to leave by themselves, by set: new invoices, thanks for payments, statements, mails about
the parts of payment plans. Reads only."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from customers.models import Contact, LegalEntity
from customers.queries.clock import business_day
from invoices.models import DocumentMail, DocumentRules, StatementDay
from invoices.queries.plan_parts_due import plan_parts_due
from invoices.rules.document_days import month_of, statement_due

Kind = DocumentMail.Kind
# What is older was left alone on purpose or by an outage that people know of.
_INVOICES_BACK, _PAYMENTS_BACK = timedelta(days=14), timedelta(days=3)
# Time to notice a slip before the customer is thanked for it.
_PAYMENTS_REST = timedelta(hours=2)

_INVOICES = """
SELECT i.id, i.customer_id, i.entity_id FROM invoices_invoice i
JOIN invoices_documentrules r ON r.entity_id = i.entity_id AND i.recorded_at >= r.invoices_since
WHERE i.status = 'issued' AND i.kind IN ('invoice', 'debit_note', 'down_payment') AND i.import_batch_id IS NULL
  AND i.recorded_at >= %(invoices_from)s AND i.issued_on <= %(today)s
  AND NOT EXISTS (SELECT 1 FROM invoices_documentmail m WHERE m.dedupe_key = 'invoice:' || i.id)
ORDER BY i.id LIMIT %(limit)s
"""
_PAYMENTS = """
SELECT p.id, p.customer_id, p.entity_id FROM invoices_payment p
JOIN invoices_documentrules r ON r.entity_id = p.entity_id AND p.recorded_at >= r.thanks_since
JOIN customers_customer c ON c.id = p.customer_id AND NOT c.is_related_party
WHERE p.method <> 'exchange' AND p.import_batch_id IS NULL
  AND p.recorded_at BETWEEN %(payments_from)s AND %(payments_to)s
  AND NOT EXISTS (SELECT 1 FROM invoices_paysession s WHERE s.payment_id = p.id)
  AND NOT EXISTS (SELECT 1 FROM invoices_documentmail m WHERE m.dedupe_key = 'thanks:' || p.id)
  AND (SELECT COALESCE(SUM(a.amount), 0) FROM invoices_allocation a
       WHERE a.payment_id = p.id AND a.invoice_id IS NOT NULL) > 0
ORDER BY p.id LIMIT %(limit)s
"""
# Whose account something is open in or was posted to in the last month, and who may be written to at all.
_STATEMENTS = """
SELECT c.id FROM customers_customer c
LEFT JOIN invoices_documentrules r ON r.entity_id = c.entity_id
LEFT JOIN invoices_statementday d ON d.customer_id = c.id
WHERE c.entity_id = %(entity)s AND c.merged_into_id IS NULL AND NOT c.is_related_party
  AND COALESCE(d.day, r.statement_day, 0) = ANY(%(days)s)
  AND NOT EXISTS (SELECT 1 FROM invoices_documentmail m WHERE m.dedupe_key = 'statement:' || c.id || ':' || %(month)s)
  AND NOT EXISTS (
      SELECT 1 FROM customers_hold h WHERE h.customer_id = c.id AND h.contact_id IS NULL
        AND %(on)s BETWEEN h.starts_on AND h.ends_on AND (h.released_on IS NULL OR h.released_on > %(on)s))
  AND NOT EXISTS (
      SELECT 1 FROM customers_entitypause p WHERE p.entity_id = c.entity_id
        AND %(on)s BETWEEN p.starts_on AND p.ends_on AND (p.released_on IS NULL OR p.released_on > %(on)s))
  AND (EXISTS (SELECT 1 FROM invoices_invoice i WHERE i.customer_id = c.id AND i.status = 'issued'
         AND (i.issued_on > %(month_before)s OR i.total > (SELECT COALESCE(SUM(a.amount), 0)
              FROM invoices_allocation a WHERE a.invoice_id = i.id)))
    OR EXISTS (SELECT 1 FROM invoices_payment p WHERE p.customer_id = c.id AND p.received_on > %(month_before)s))
ORDER BY c.id LIMIT %(limit)s
"""


class DueDocument(NamedTuple):
    """One mail to queue. `key` makes it the only one for its occasion; `on` is the day a statement is as of."""

    kind: str
    key: str
    customer_id: int
    entity_id: int
    invoice_id: int | None = None
    payment_id: int | None = None
    on: date | None = None
    plan_part_id: int | None = None


def documents_due(*, now: datetime, limit: int) -> list[DueDocument]:
    """What is due, at most `limit` of each kind and entity; some statements, and one per entity with statements."""
    parts = [DueDocument(Kind.PLAN, part.key, part.customer_id, part.entity_id, plan_part_id=part.part_id)
             for part in plan_parts_due(limit)]  # fmt: skip
    return [*invoices_due(now, limit), *thanks_due(now, limit), *statements_due(limit), *parts]


def invoices_due(now: datetime, limit: int) -> list[DueDocument]:
    """Invoices of ours that were issued since the entity mails them, and were not mailed."""
    asked = {"invoices_from": now - _INVOICES_BACK, "today": now.date() + timedelta(days=1), "limit": limit}
    return [DueDocument(Kind.INVOICE, f"invoice:{pk}", who, entity, pk) for pk, who, entity in _rows(_INVOICES, asked)]


def thanks_due(now: datetime, limit: int) -> list[DueDocument]:
    """Payments that arrived otherwise than through a pay page, are put against invoices, and were not thanked for."""
    asked = {"payments_from": now - _PAYMENTS_BACK, "payments_to": now - _PAYMENTS_REST, "limit": limit}
    return [
        DueDocument(Kind.THANKS, f"thanks:{pk}", who, entity, payment_id=pk)
        for pk, who, entity in _rows(_PAYMENTS, asked)
    ]


def statements_due(limit: int) -> list[DueDocument]:
    """Statements of customers whose day of the month it is, by the entity's calendar."""
    changed = dict(DocumentRules.objects.values_list("entity_id", "changed_at"))
    found: list[DueDocument] = []
    mailing = Q(document_rules__statement_day__isnull=False) | Exists(
        StatementDay.objects.filter(customer__entity=OuterRef("pk"), day__gt=0)
    )
    for entity in LegalEntity.objects.filter(mailing).order_by("pk"):
        today = business_day(entity)
        changed_on = changed[entity.pk].date() if entity.pk in changed else None
        days_by_end: defaultdict[date, list[int]] = defaultdict(list)
        for day in range(1, 32):
            if as_of := statement_due(day, on=today, changed_on=changed_on):
                days_by_end[as_of].append(day)
        for as_of, days in days_by_end.items():
            month = month_of(as_of)
            asked = {"entity": entity.pk, "days": days, "on": today, "limit": limit, "month": month,
                     "month_before": as_of - timedelta(days=31)}  # fmt: skip
            found += [
                DueDocument(Kind.STATEMENT, f"statement:{who}:{month}", who, entity.pk, on=as_of)
                for (who,) in _rows(_STATEMENTS, asked)
            ]
    return found


def recipients_of(customer_ids: Collection[int]) -> dict[int, Contact]:
    """By customer id the contact who gets documents, for those who have one that mail reaches; one statement."""
    rows = (
        Contact.objects.filter(customer__in=customer_ids, health=Contact.Health.OK)
        .exclude(email="")
        .select_related("customer__entity")
        .order_by("pk")
    )
    found: dict[int, Contact] = {}
    for row in sorted(rows, key=lambda one: (not one.is_primary, one.part != Contact.Part.PAYABLES, one.pk)):
        found.setdefault(row.customer_id, row)
    return found


def _rows(sql: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
