"""What notices say about lateness beside their invoices: the step's fee and the interest so far. By set, and nothing is
asked for steps that name neither. It decides nothing: `rules.fees` and `invoices.rules.statutory_interest` do."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, Max

from customers.models import DeliveryState, LegalEntity
from dunning.models import Notice
from dunning.queries.people import Person
from dunning.rules.facts import NOTHING, Decision
from dunning.rules.fees import NO_FEE, EarlierFees, Fee, fee_for
from invoices.country_packs import pack_of
from invoices.queries.late_claims import accrued_interest
from invoices.queries.late_rates import rates_in_use

Proposal = tuple[Person, str, Decision]  # the person, the currency, the proposing decision
# What left, or may have left.
_COUNTED = (DeliveryState.SENDING, DeliveryState.ACCEPTED, DeliveryState.UNKNOWN)


class LateFigures(NamedTuple):
    """Of one notice, in its currency. `fee_for` is the invoice the fee is for, None without a fee."""

    fee: Fee = NO_FEE
    fee_for: int | None = None
    interest: Decimal = NOTHING


NOTHING_LATE = LateFigures()


def late_figures(proposals: Sequence[Proposal], *, entity: LegalEntity, on: date) -> dict[tuple[int, str], LateFigures]:
    """Per (customer id, currency) of these proposals with a fee or interest to name: the figures on `on`."""
    with_fee = [one for one in proposals if one[2].step and one[2].step.fee != "none" and one[2].fee_lead]
    with_interest = [one for one in proposals if one[2].step and one[2].step.with_interest]
    found: dict[tuple[int, str], LateFigures] = {}
    if with_fee:
        found = _fees(with_fee, entity, on)
    if with_interest:
        accrued = accrued_interest(_invoices(with_interest), as_of=on)
        for person, currency, decision in with_interest:
            invoices = {asked.item.invoice_id for asked in decision.items}
            total = sum((accrued.get(invoice, NOTHING) for invoice in invoices), NOTHING)
            key = person.customer_id, currency
            found[key] = found.get(key, NOTHING_LATE)._replace(interest=total)
    return found


def _fees(proposals: Sequence[Proposal], entity: LegalEntity, on: date) -> dict[tuple[int, str], LateFigures]:
    leads = {one.fee_lead.item.invoice_id for _, _, one in proposals if one.fee_lead}
    earlier, series, pack = earlier_fees(leads), rates_in_use(), pack_of(entity.country)
    found = {}
    for person, currency, decision in proposals:
        assert decision.step is not None
        assert decision.fee_lead is not None
        invoice = decision.fee_lead.item.invoice_id
        fee = fee_for(
            decision.step, decision.fee_lead, pack=pack, party=person.kind, series=series,
            earlier=earlier.get(invoice, EarlierFees()), entity_currency=entity.currency, currency=currency, on=on,
            channel=decision.channel,
        )  # fmt: skip
        found[person.customer_id, currency] = LateFigures(fee, invoice if fee.amount else None)
    return found


def interest_by_notice(asked: Sequence[tuple[int, date, Sequence[int]]]) -> dict[int, Decimal]:
    """Per notice of (id, business day, invoices asked for) their interest so far; some statements per day."""
    found: dict[int, Decimal] = {}
    for on in {day for _, day, _ in asked}:
        accrued = accrued_interest({pk for _, day, invoices in asked if day == on for pk in invoices}, as_of=on)
        for notice, day, invoices in asked:
            if day == on:
                found[notice] = sum((accrued.get(pk, NOTHING) for pk in set(invoices)), NOTHING)
    return found


def earlier_fees(invoice_ids: Collection[int]) -> Mapping[int, EarlierFees]:
    """Per invoice the fees of notices that have left, or may have, and were not recalled."""
    rows = (
        Notice.objects.filter(fee_for__in=list(invoice_ids), fee_amount__gt=0, recalled_at=None, state__in=_COUNTED)
        .order_by()
        .values_list("fee_for")
        .annotate(count=Count("pk"), last_on=Max("sent_on"))
    )
    return {invoice: EarlierFees(count, last_on) for invoice, count, last_on in rows}


def _invoices(proposals: Iterable[Proposal]) -> set[int]:
    return {asked.item.invoice_id for _, _, decision in proposals for asked in decision.items}
