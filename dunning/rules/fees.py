"""The fee of a dunning step: how much may be asked for, and why or why not (L6 to L8). Pure; the limits are the country
pack's, docs/algorithms/fees.md has the table. A fee is claimed only after its notice has left (L10)."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from collections_app.lib.dates import format_date
from collections_app.lib.money import format_amount_with_code
from collections_app.lib.rounding import round_amount
from dunning.rules.facts import CALL_TASK, DUE_DATE, NOTHING, AskedItem, StepFacts
from dunning.rules.policy_problems import DraftStep
from invoices.rules.country_pack import CountryPack, FeeLaw, Series

LAW, FIXED = "law", "fixed"  # how a step names its fee


class EarlierFees(NamedTuple):
    """The fees of notices about an invoice that have left, or may have; recalled ones do not count."""

    number: int = 0
    last_on: date | None = None


class Fee(NamedTuple):
    """What a notice asks for beside its invoices, in its currency. `code` is "fee" or "lowered", or why there is none.
    `why` is the sentence kept with the notice."""

    amount: Decimal
    code: str
    why: str

    def told(self) -> dict[str, Any]:
        """The fee as facts of the kept decision."""
        return {"amount": f"{self.amount:f}", "code": self.code, "why": self.why}


NO_FEE = Fee(NOTHING, "none", "")


def fee_for(
    step: StepFacts,
    lead: AskedItem | None,
    *,
    pack: CountryPack,
    party: str,
    series: Mapping[str, Series],
    earlier: EarlierFees,
    entity_currency: str,
    currency: str,
    on: date,
    channel: str = "",
) -> Fee:
    """The fee of this step for the item `lead` on the business day `on`, with its reason. `party` is the customer's
    kind; a fixed fee is in the entity's currency, the law's in the pack's: neither is ever converted. `channel` is the
    one the notice really takes: a call that stands in for a letter asks for nothing in writing (R19)."""
    if step.fee not in (LAW, FIXED):
        return NO_FEE
    if lead is None or lead.days_late <= 0:
        return _no("not_late", "A reminder before the due date costs nothing.")
    if channel == CALL_TASK:
        return _no("not_written", "A call asks for no fee: it is only asked for in writing.")
    law = pack.fee_law(party)
    refused = _refused(law, pack, step, lead, earlier, on)
    if refused:
        return refused
    most, unknown = _most(law, series, on)
    if unknown:
        return _no("limit_unknown", unknown)
    if step.fee == FIXED:
        return _fixed(step, pack, most, entity_currency, currency)
    if most is None or not law.has_amount:
        return _no("no_amount", f"The law names no fee for a reminder ({pack.law}). Set a fixed one if it was agreed.")
    if currency != pack.currency:
        return _no("other_currency", f"The law's fee is in {pack.currency}, the notice in {currency}.")
    amount = round_amount(most, currency)
    return Fee(amount, "fee", f"{format_amount_with_code(amount, currency)} by {pack.law}.")


def _refused(
    law: FeeLaw, pack: CountryPack, step: StepFacts, lead: AskedItem, earlier: EarlierFees, on: date
) -> Fee | None:
    if not law.allowed:
        return _no("not_allowed", law.why_not)
    if law.first_is_free and lead.item.sent_step == 0:
        return _no("first_is_free", f"The first reminder costs nothing ({pack.law}).")
    if lead.days_late < law.days_late:
        since = format_date(lead.item.due_on + timedelta(days=law.days_late))
        return _no("too_early", f"A fee may be asked for from {since} on, {law.days_late} days after the due date.")
    if step.days_to_pay < law.days_to_pay:
        return _no(
            "too_short", f"A reminder with a fee leaves {law.days_to_pay} days to pay, this one {step.days_to_pay}."
        )
    if law.at_most and earlier.number >= law.at_most:
        return _no("too_many", f"{earlier.number} fees were asked for {lead.item.number}; {law.at_most} are allowed.")
    if earlier.last_on and (on - earlier.last_on).days < law.days_between:
        free = format_date(earlier.last_on + timedelta(days=law.days_between))
        return _no("too_soon", f"The last fee was on {format_date(earlier.last_on)}; the next may follow on {free}.")
    return None


def _most(law: FeeLaw, series: Mapping[str, Series], on: date) -> tuple[Decimal | None, str]:
    """The most that may be asked for in the pack's currency, or a sentence that it is not known."""
    if not law.most_series:
        return law.most, ""
    value = series[law.most_series].at(on)
    return (value.amount, "") if value else (None, series[law.most_series].unknown(on))


def _fixed(step: StepFacts, pack: CountryPack, most: Decimal | None, entity_currency: str, currency: str) -> Fee:
    amount = step.fee_amount or NOTHING
    if currency != entity_currency:
        return _no("other_currency", f"The fee is in {entity_currency}, the notice in {currency}.")
    if most is not None and currency != pack.currency:
        return _no("other_currency", f"The law's limit is in {pack.currency}, the notice in {currency}.")
    if most is not None and amount > most:
        limit = format_amount_with_code(most, currency)
        return Fee(round_amount(most, currency), "lowered", f"Lowered to {limit}: more is not allowed ({pack.law}).")
    amount = round_amount(amount, currency)
    return Fee(amount, "fee", f"{format_amount_with_code(amount, currency)}, fixed for this step.")


def _no(code: str, why: str) -> Fee:
    return Fee(NOTHING, code, why)


def fee_left(amount: Decimal, fee_for: int | None, asked: Iterable[AskedItem]) -> Decimal:
    """The fee that is still right at the last look: as prepared, or nothing when its invoice is not asked for any more
    (R6)."""
    owed = any(one.item.invoice_id == fee_for and one.days_late > 0 for one in asked)
    return amount if owed else NOTHING


def fee_problems(steps: Iterable[DraftStep], pack: CountryPack) -> list[str]:
    """Sentences about fees that could never be asked for, from no kind of customer, by the law of this country. A step
    with what the law allows may stand where the law names nothing: it then costs nothing."""
    found = []
    allowed = [law for law in pack.fees.values() if law.allowed]
    for step in steps:
        if step.fee not in (LAW, FIXED):
            continue
        if not allowed:
            found.append(f"“{step.name}”: {next((law.why_not for law in pack.fees.values()), 'No fee is allowed.')}")
            continue
        days_to_pay, days_late = min(law.days_to_pay for law in allowed), min(law.days_late for law in allowed)
        if step.days_to_pay < days_to_pay:
            found.append(f"“{step.name}”: with a fee it must leave {days_to_pay} days to pay ({pack.law}).")
        if step.anchor == DUE_DATE and not step.business_days and step.offset_days < days_late:
            found.append(
                f"“{step.name}”: a fee may be asked for from {days_late} days after the due date on ({pack.law})."
            )
    return found
