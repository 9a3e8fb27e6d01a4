"""Payment plans by set: what of each invoice they freeze, which instalments are missing, and the facts the judge needs.
Decides nothing.

For reminders, two statements over a set of customers (`ids`, those merged into one of them included) on a day (`as_of`,
inclusive), as facts of that day: FROZEN and MISSING."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from collections_app.lib.calendars import region_of
from customers.queries.accounts import account_members
from invoices.models import CurrencyRules, PaymentPlan
from invoices.rules.plans import Instalment, Part, PlanFacts, PlannedItem, instalments

# An agreement counts from the day on which it was agreed until the day before it ended. One only proposed never does.
_IN_FORCE = "plan.agreed_on <= %(as_of)s AND (plan.ended_on IS NULL OR plan.ended_on > %(as_of)s)"

# Money counts for a plan when it has a later effective day, or was recorded after the agreement, as for promises. One
# payment never counts less than nothing: an older one that did not hold takes nothing from what came since.
_SINCE = "(a.effective_on > plan.agreed_on OR a.recorded_at > plan.recorded_at)"

# Credits lower what is payable, and so do discounts and differences that follow from a rule; a write-off does not.
_CREDITED = """(a.credit_note_id IS NOT NULL OR d.kind IN
    ('early_payment_discount', 'small_difference', 'exchange_difference'))"""

# FROZEN: invoice_id, plan_id, amount still to come of it, agreed_on, grace_days. What arrived since is asked for no
# more, and the rest of an invoice beyond its part on the plan is asked for as always. One row per invoice (law).
FROZEN = f"""
SELECT item.invoice_id, plan.id, GREATEST(item.amount - COALESCE((
    SELECT SUM(since.amount) FROM (
        SELECT GREATEST(SUM(a.amount), 0) AS amount FROM invoices_allocation a
        WHERE a.invoice_id = item.invoice_id AND a.payment_id IS NOT NULL AND a.effective_on <= %(as_of)s AND {_SINCE}
        GROUP BY a.payment_id) AS since), 0), 0), plan.agreed_on, plan.grace_days
FROM invoices_paymentplan plan JOIN invoices_planitem item ON item.plan_id = plan.id
WHERE plan.customer_id = ANY(%(ids)s) AND {_IN_FORCE}
"""  # noqa: S608 (constants of ours)


def _item(wanted: str) -> str:
    return f"""
SELECT plan.id AS plan_id, item.id, item.invoice_id, item.amount,
       i.total - COALESCE(SUM(a.amount) FILTER (WHERE NOT {_SINCE}), 0)
               - COALESCE(SUM(a.amount) FILTER (WHERE {_SINCE} AND {_CREDITED}), 0) AS payable,
       i.total - COALESCE(SUM(a.amount), 0) AS open, came.days, came.amounts, came.arrived
FROM invoices_paymentplan plan JOIN invoices_planitem item ON item.plan_id = plan.id
JOIN invoices_invoice i ON i.id = item.invoice_id
LEFT JOIN invoices_allocation a ON a.invoice_id = i.id AND a.effective_on <= %(as_of)s
LEFT JOIN invoices_adjustment d ON d.id = a.adjustment_id
CROSS JOIN LATERAL (
    SELECT COALESCE(array_agg(received_on), '{{}}') AS days, COALESCE(array_agg(amount), '{{}}') AS amounts,
           COALESCE(SUM(amount) FILTER (WHERE received_on <= %(as_of)s), 0) AS arrived
    FROM (SELECT p.received_on, SUM(a.amount) AS amount
          FROM invoices_allocation a JOIN invoices_payment p ON p.id = a.payment_id
          WHERE a.invoice_id = item.invoice_id AND a.effective_on <= %(as_of)s AND {_SINCE}
          GROUP BY p.id HAVING SUM(a.amount) > 0) AS since) AS came
WHERE {wanted} GROUP BY plan.id, item.id, i.total, came.days, came.amounts, came.arrived
"""  # noqa: S608


# MISSING: customer_id, currency, plan_id, instalment_id, due_on, amount, missing: of agreements in force, what did not
# arrive of instalments due by the day. Money fills the earliest instalment first, a credit shortens the last one.
MISSING = f"""
WITH item AS ({_item(f"plan.customer_id = ANY(%(ids)s) AND {_IN_FORCE}")}),
whole AS (
    SELECT plan_id, SUM(GREATEST(LEAST(amount, payable), 0)) AS expected,
           SUM(GREATEST(LEAST(arrived, amount, payable), 0)) AS arrived FROM item GROUP BY plan_id),
part AS (
    SELECT part.*, SUM(part.amount) OVER (PARTITION BY part.plan_id ORDER BY part.due_on) AS due
    FROM invoices_planinstalment part WHERE part.plan_id IN (SELECT plan_id FROM whole)),
found AS (
    SELECT plan.customer_id, plan.currency, part.plan_id, part.id, part.due_on, part.amount,
           GREATEST(LEAST(part.amount, LEAST(part.due, whole.expected) - (part.due - part.amount),
                          LEAST(part.due, whole.expected) - whole.arrived), 0) AS missing
    FROM part JOIN whole ON whole.plan_id = part.plan_id JOIN invoices_paymentplan plan ON plan.id = part.plan_id)
SELECT * FROM found WHERE missing > 0 AND due_on <= %(as_of)s ORDER BY customer_id, plan_id, due_on
"""  # noqa: S608

_ITEMS = _item("plan.id = ANY(%(plans)s)") + " ORDER BY plan.id, item.id"

_UNAPPLIED = """
SELECT COALESCE(c.merged_into_id, c.id), p.currency, SUM(p.amount - COALESCE(used.amount, 0))
FROM customers_customer c JOIN invoices_payment p ON p.customer_id = c.id AND p.received_on <= %(as_of)s
LEFT JOIN LATERAL (SELECT SUM(a.amount) AS amount FROM invoices_allocation a WHERE a.payment_id = p.id) used ON true
WHERE c.id = ANY(%(customers)s) OR c.merged_into_id = ANY(%(customers)s)
GROUP BY 1, 2
"""


def plan_facts(plans: Sequence[PaymentPlan], *, as_of: date) -> list[PlanFacts]:
    """The facts of these plans at the end of the day, in their order; four statements, whatever their number.

    Each plan comes with its customer and the customer's entity (`select_related("customer__entity")`)."""
    if not plans:
        return []
    ids = [plan.pk for plan in plans]
    owners = {plan.pk: plan.customer.merged_into_id or plan.customer_id for plan in plans}
    parts, items = _parts(ids), _items(ids, as_of)
    unapplied = _unapplied(set(owners.values()), as_of)
    tolerances = dict(CurrencyRules.objects.values_list("currency", "under_tolerance"))
    nothing = Decimal(0)
    return [
        PlanFacts(
            plan_id=plan.pk,
            customer_id=plan.customer_id,
            currency=plan.currency,
            parts=tuple(parts.get(plan.pk, ())),
            items=tuple(items.get(plan.pk, ())),
            region=plan_region(plan),
            grace_days=plan.grace_days,
            unapplied=unapplied.get((owners[plan.pk], plan.currency), nothing),
            tolerance=tolerances.get(plan.currency, nothing),
        )
        for plan in plans
    ]


def plan_region(plan: PaymentPlan) -> str:
    """Whose bank holidays move the due days. The plan comes with its customer and the customer's entity."""
    customer = plan.customer
    return region_of(customer.holiday_region, customer.country, customer.entity.holiday_region)


def next_parts(customer_id: int, *, as_of: date) -> list[tuple[str, Instalment]]:
    """Per active plan of the account its currency and the earliest part that is not all there; one statement when
    there is no plan."""
    members = account_members(customer_id)
    rows = PaymentPlan.objects.filter(state=PaymentPlan.State.ACTIVE, customer__in=members, agreed_on__lte=as_of)
    found = []
    for facts in plan_facts(list(rows.select_related("customer__entity").order_by("pk")), as_of=as_of):
        missing = [row for row in instalments(facts, as_of) if row.missing]
        found += [(facts.currency, row) for row in missing[:1]]
    return found


def plan_invoices(plan_id: int, *, as_of: date) -> list[Mapping[str, Any]]:
    """The invoices on a plan: id, number, amount on the plan, and what is open of each at the end of the day."""
    sql = f"""SELECT i.id, i.number, i.due_on, item.amount, item.open FROM ({_ITEMS}) AS item
        JOIN invoices_invoice i ON i.id = item.invoice_id ORDER BY i.due_on, i.id"""  # noqa: S608
    names = ("id", "number", "due_on", "amount", "open")
    return [dict(zip(names, row, strict=True)) for row in _rows(sql, {"plans": [plan_id], "as_of": as_of})]


def _parts(ids: list[int]) -> dict[int, list[Part]]:
    sql = """SELECT plan_id, due_on, amount FROM invoices_planinstalment WHERE plan_id = ANY(%(plans)s)
        ORDER BY plan_id, due_on"""
    found: dict[int, list[Part]] = {}
    for plan_id, due_on, amount in _rows(sql, {"plans": ids}):
        found.setdefault(plan_id, []).append(Part(due_on, amount))
    return found


def _items(ids: list[int], as_of: date) -> dict[int, list[PlannedItem]]:
    found: dict[int, list[PlannedItem]] = {}
    for plan_id, _, _, amount, payable, opened, days, amounts, _ in _rows(_ITEMS, {"plans": ids, "as_of": as_of}):
        arrivals = tuple(zip(days, amounts, strict=True))
        found.setdefault(plan_id, []).append(PlannedItem(amount, payable, opened, arrivals))
    return found


def _unapplied(customers: Iterable[int], as_of: date) -> dict[tuple[int, str], Decimal]:
    rows = _rows(_UNAPPLIED, {"customers": list(customers), "as_of": as_of})
    return {(customer, currency): amount for customer, currency, amount in rows}


def _rows(sql: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, dict(params))
        return list(cursor.fetchall())
