"""Writes what the demo agreed about paying: a plan that runs, one that a payer asks for, holds, and segments. Takes the
smallest late accounts, so that the large ones stay as the tour tells them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from collections_app.demo.build_ledger import Told
from collections_app.demo.build_people import Cast
from customers.models import Segment
from customers.services.pause_entity import pause_entity
from invoices.models import Invoice, PlanTemplate
from invoices.queries.open_amounts import open_amount_now
from invoices.rules.plans import even_parts
from invoices.services.approve_plan import approve_plan
from invoices.services.hold_invoice import hold_invoice
from invoices.services.judge_segments import judge_segments
from invoices.services.propose_plan import propose_plan
from invoices.services.save_plan_template import save_plan_template
from invoices.services.save_segment import save_segment

_SEGMENTS = (
    ("key-accounts", "Key accounts", 10, [{"field": "sales", "op": "ge", "value": "150000"}]),
    ("slow-payers", "Slow payers", 20, [
        {"any": [{"field": "late_share", "op": "ge", "value": "60"},
                 {"field": "broken_promises", "op": "ge", "value": "2"}]},
        {"field": "overdue_balance", "op": "gt", "value": "0"}]),
    ("long-overdue", "Long overdue", 30, [{"field": "oldest_days_late", "op": "gt", "value": "60"}]),
)  # fmt: skip

_PLAN_TEMPLATES: tuple[dict[str, Any], ...] = (
    {"name": "Up to half a year", "currency": "EUR", "rank": 50, "most_amount": Decimal(10000), "most_instalments": 6,
     "least_instalment": Decimal(50), "first_within_days": 14, "longest_days": 190},
    {"name": "Large sums", "currency": "EUR", "rank": 60, "least_amount": Decimal(10000), "most_instalments": 4,
     "first_within_days": 10, "longest_days": 120, "approve_over": Decimal(10000), "payer_may_propose": False},
)  # fmt: skip


def build_agreements(cast: Cast, told: list[Told], *, today: date) -> None:
    """Nothing; the demo's plans, holds and segments are written."""
    manager = cast.users["manager"]
    for template in _PLAN_TEMPLATES:
        save_plan_template(template=PlanTemplate(**template), actor=manager)
    running, asked, held = _small_and_late(told)
    for invoice, agrees in ((running, True), (asked, False)):
        total = open_amount_now([invoice.pk])[invoice.pk]
        plan = propose_plan(
            customer=invoice.customer,
            items=[(invoice, None)],
            parts=even_parts(total, 3, today + timedelta(days=9), invoice.currency),
            on=today - timedelta(days=5),
            via="analyst" if agrees else "payer",
            reminds=True,
            note="" if agrees else "Our own customer pays late this quarter. Could we split it?",
            actor=invoice.customer.collector if agrees else None,
            by="payer",
        )
        if agrees:
            approve_plan(plan=plan, on=today - timedelta(days=5), actor=manager)
    hold_invoice(
        invoice=held, amount=None, reason="A corrected delivery note is on its way", starts_on=today,
        ends_on=today + timedelta(days=10), actor=manager,
    )  # fmt: skip
    pause_entity(
        entity=cast.entities[-1], reason="Company holiday", starts_on=today + timedelta(days=40),
        ends_on=today + timedelta(days=50), actor=manager,
    )  # fmt: skip
    for code, name, rank, conditions in _SEGMENTS:
        save_segment(segment=Segment(code=code, name=name, rank=rank), rule={"all": conditions}, actor=manager)
    judge_segments(on=today)


def _small_and_late(told: list[Told]) -> list[Invoice]:
    """Three invoices, of one customer each, that are late and about which nothing else was said."""
    talked = {item.customer.pk for item in told if item.story.promised or item.story.disputed}
    late = [item.invoice for item in told if item.story.due < -12 and item.customer.pk not in talked]
    opened = open_amount_now([invoice.pk for invoice in late])
    found: dict[int, Invoice] = {}
    for invoice in sorted(late, key=lambda row: (row.total, row.pk)):
        if opened[invoice.pk] == invoice.total and invoice.total > Decimal(30):
            found.setdefault(invoice.customer_id, invoice)
    return list(found.values())[:3]
