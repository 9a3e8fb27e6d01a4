"""Writes what the demo claims for late payment: limits of roles, a claim, a waiver, one that waits; and stand-ins for
the rates that the country packs do not know yet, plainly marked as such."""

from datetime import date, timedelta
from decimal import Decimal

from collections_app.demo.build_ledger import Told
from collections_app.demo.build_people import Cast
from invoices.country_packs import pack_series
from invoices.models import CurrencyRules
from invoices.queries.late_claims import Late, late_claims
from invoices.rules.country_pack import period_start
from invoices.services.add_statutory_rate import add_statutory_rate
from invoices.services.claim_late_interest import claim_late_interest
from invoices.services.claim_lump_sum import claim_lump_sum
from invoices.services.waive_accrued import waive_accrued

# Up to how much an analyst, an accountant and a manager waive alone.
_LIMITS = ("15", "50", "250")
_STAND_IN = "Stand-in for the demo, not published: the last known value"
_MOVING = ("de_base", "ecb_main_refinancing", "gb_bank_rate")


def build_claims(cast: Cast, told: list[Told], *, today: date) -> None:
    """Nothing; claims and waivers are written on invoices that were paid late long ago, so that nobody's story changes
    but for a small document."""
    analyst, accountant, manager = (Decimal(limit) for limit in _LIMITS)
    CurrencyRules.objects.update(waive_analyst=analyst, waive_accountant=accountant, waive_manager=manager)
    _stand_ins(today)
    late = _paid_late(told, today)
    users = cast.users
    if len(late) < 3:
        return
    claimed, waived, asked = late[:3]
    claim_late_interest(invoice=claimed.invoice, until=today, on=today, actor=users["accountant"], by="demo")
    claim_lump_sum(invoice=claimed.invoice, on=today, actor=users["accountant"], by="demo")
    waive_accrued(
        invoice=waived.invoice, kind="interest", until=today, reason="Paid as soon as we had called",
        actor=users["manager"], by="demo",
    )  # fmt: skip
    waive_accrued(
        invoice=asked.invoice, kind="lump_sum", until=today, reason="The invoice went to a wrong address",
        actor=users["analyst"], by="demo",
    )  # fmt: skip


def _stand_ins(today: date) -> None:
    for code in _MOVING:
        series = pack_series()[code]
        last = max(series.values, key=lambda value: value.starts_on)
        day = last.until
        while day is not None and day < today:
            begins = period_start(day + timedelta(days=1), series.period)
            added = add_statutory_rate(
                series=code, starts_on=begins, value=last.amount, source=_STAND_IN, actor=None, by="demo"
            )
            day = period_start(added.starts_on + timedelta(days=200), series.period) - timedelta(days=1)


def _paid_late(told: list[Told], today: date) -> list[Late]:
    """Invoices in euros that were paid late, with interest and a lump sum to claim, the oldest first."""
    paid = [item.invoice for item in told if item.story.paid and item.invoice.currency == "EUR"]
    late = late_claims([invoice.pk for invoice in paid], as_of=today)
    found = [one for one in late.values() if one.accrued.total > 0 and one.lump_sum > 0 and not one.accrued.missing]
    return sorted(found, key=lambda one: (one.invoice.due_on, one.invoice.pk))
