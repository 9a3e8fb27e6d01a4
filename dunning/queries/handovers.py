"""Debts at the end of the ladder and what was decided about them, by set. Decides nothing."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from customers.queries.accounts import account_ids
from dunning.models import Handover, HandoverItem, Policy
from dunning.rules.facts import claim_of
from dunning.rules.handover import LastNotice, Standing
from invoices.models import CurrencyRules
from invoices.queries.open_claims import OpenClaim, open_claims

# Accounts that may have come to the end: a notice as late as the policy's last step left, and what it was about is on
# no handover yet. The rule looks at each of them anew.
_CANDIDATES = """
SELECT DISTINCT COALESCE(c.merged_into_id, c.id) FROM dunning_notice n
JOIN dunning_noticeitem ni ON ni.notice_id = n.id
JOIN customers_customer c ON c.id = n.customer_id
WHERE n.entity_id = %(entity)s AND n.state IN ('accepted', 'unknown') AND n.recalled_at IS NULL
  AND (n.step_position >= %(position)s OR n.stage = 'final') AND n.as_of < %(on)s
  AND NOT EXISTS (SELECT 1 FROM dunning_handoveritem hi WHERE hi.invoice_id = ni.invoice_id
                  AND hi.instalment_id IS NOT DISTINCT FROM ni.instalment_id)
ORDER BY 1
"""

_PAY_BY = """
SELECT ni.invoice_id, ni.instalment_id, MAX(COALESCE(n.pay_by, n.sent_on, n.as_of))
FROM dunning_noticeitem ni JOIN dunning_notice n ON n.id = ni.notice_id
WHERE ni.customer_id = ANY(%(ids)s) AND n.state IN ('accepted', 'unknown') AND n.recalled_at IS NULL
GROUP BY ni.invoice_id, ni.instalment_id
"""

_FINAL_NOTICES = """
SELECT DISTINCT ON (ni.invoice_id, ni.instalment_id) ni.invoice_id, ni.instalment_id,
       COALESCE(n.sent_on, n.as_of), COALESCE(n.pay_by, n.sent_on, n.as_of), n.channel
FROM dunning_noticeitem ni JOIN dunning_notice n ON n.id = ni.notice_id
WHERE ni.invoice_id = ANY(%(invoices)s) AND n.state = 'accepted' AND n.recalled_at IS NULL AND n.stage = 'final'
  AND n.channel <> 'call_task'
ORDER BY ni.invoice_id, ni.instalment_id, COALESCE(n.sent_on, n.as_of) DESC, n.id DESC
"""


def candidates(policy: Policy, *, last_position: int, on: date) -> list[int]:
    """The customers of the policy's entity that may have come to the end of its ladder, by id."""
    return [row[0] for row in _rows(_CANDIDATES, {"entity": policy.entity_id, "position": last_position, "on": on})]


def pay_by_days(customer_ids: Collection[int]) -> Mapping[str, date]:
    """By claim, the last day that a notice about it set to pay. `customer_ids` includes those merged into others."""
    rows = _rows(_PAY_BY, {"ids": list(customer_ids)})
    return {claim_of(invoice, part): day for invoice, part, day in rows}


def on_a_handover(invoice_ids: Iterable[int]) -> frozenset[str]:
    """Those claims of the invoices that are, or once were, on a handover."""
    rows = HandoverItem.objects.filter(invoice__in=list(invoice_ids)).values_list("invoice_id", "instalment_id")
    return frozenset(claim_of(*row) for row in rows)


def with_open_handover(customer_ids: Iterable[int]) -> frozenset[tuple[int, str]]:
    """The accounts, (customer, currency), that have an open handover."""
    rows = Handover.objects.filter(customer__in=list(customer_ids), state__in=Handover.OPEN_STATES)
    return frozenset(rows.values_list("customer_id", "currency"))


def standings(handover: Handover) -> list[Standing]:
    """The handover's claims, each with the last final notice about it that certainly left."""
    items = list(handover.items.order_by("due_on", "pk"))
    rows = _rows(_FINAL_NOTICES, {"invoices": [item.invoice_id for item in items]})
    notices = {claim_of(invoice, part): LastNotice(*rest) for invoice, part, *rest in rows}
    return [Standing(item.number, notices.get(claim_of(item.invoice_id, item.instalment_id))) for item in items]


def still_open(handover: Handover, *, as_of: date) -> Mapping[str, OpenClaim]:
    """What of the handover's claims is open at the end of that day, by claim; settled ones are missing."""
    wanted = {claim_of(*row) for row in handover.items.values_list("invoice_id", "instalment_id")}
    found = open_claims(customer_ids=account_ids(handover.customer_id), as_of=as_of, currency=handover.currency)
    named = {claim_of(claim.invoice_id, claim.instalment_id): claim for claim in found}
    return {name: claim for name, claim in named.items() if name in wanted}


def limit_in(currency: str) -> Decimal | None:
    """Up to which amount one person may decide alone, in the currency; None without rules for it."""
    rules = CurrencyRules.objects.filter(currency=currency).first()
    return rules.approval_over if rules else None


def country_of(handover: Handover) -> str:
    """The debtor's country, the entity's where none is known."""
    return handover.customer.country or handover.entity.country


def items_of(handover: Handover) -> QuerySet[HandoverItem]:
    """Its items, oldest first, with their invoices."""
    return handover.items.select_related("invoice", "instalment").order_by("due_on", "pk")


def _rows(statement: str, asked: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
