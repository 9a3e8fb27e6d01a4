"""The plain words of every decision: why a notice is proposed, or why not, and when the reason ends. English; only
people of the house read them. A code without a sentence here cannot be told, and a test looks for that."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from collections_app.lib.dates import format_date
from collections_app.lib.money import format_amount_with_code

Facts = Mapping[str, Any]

# Short words for counts and badges, per code.
LABELS: Mapping[str, str] = {
    "propose": "Reminder due",
    "related_party": "Related party",
    "nothing_open": "Nothing open",
    "on_hold": "On hold",
    "entity_paused": "Paused for everybody",
    "in_hand": "Notice under way",
    "not_due": "Not due yet",
    "step_not_due": "Next step not due yet",
    "finished": "All steps done",
    "autopay": "Pays by direct debit",
    "disputed": "Disputed",
    "promised": "Promised",
    "in_flight": "Payment under way",
    "invoice_held": "Invoice on hold",
    "on_plan": "On a payment plan",
    "credits_open": "Credits to allocate first",
    "below_share": "Below the minimum share",
    "only_claims": "Only fees and interest",
    "not_delivered": "Invoice not delivered",
    "just_delivered": "Invoice just delivered",
    "covered_by_credits": "Covered by credits",
    "below_minimum": "Below the minimum",
    "too_soon": "Contacted recently",
    "no_business_day": "No business day there",
    "paid": "Paid",
    "already_sent": "Already sent",
    "step_changed": "A milder step is due",
    "merged": "Merged into another customer",
    "overdue_by_now": "Overdue by now",
    "no_address": "No address",
    "superseded": "Looked at anew",
    "withdrawn": "Withdrawn by a person",
    "policy_off": "Dunning is off",
    "dry_run": "Dry run",
    "stale_data": "Data too old",
}

_NEEDS = {"email": "e-mail address", "address": "postal address", "mobile": "mobile number"}


def sentence(code: str, facts: Facts, currency: str) -> str:
    """One sentence, or two, about a decision. Amounts in `currency`."""

    def money(name: str) -> str:
        return format_amount_with_code(Decimal(str(facts[name])), currency)

    def day(name: str) -> str:
        value = facts[name]
        return format_date(value if isinstance(value, date) else date.fromisoformat(value))

    return _SENTENCES[code](facts, money, day)


def _proposed(facts: Facts, money: Callable[[str], str], day: Callable[[str], str]) -> str:
    late = int(facts["days_late"])
    days = "1 day" if abs(late) == 1 else f"{abs(late)} days"
    when = f"{days} late" if late > 0 else f"due in {days}" if late else "due today"
    others = int(facts["documents"]) - 1
    joined = f" with {others} more" if others else ""
    text = f"“{facts['step']}” is due since {day('since')}: {facts['lead']} is {when}{joined}."
    if facts.get("missed"):
        missed = dict.fromkeys(part["on"] for part in facts["missed"])
        told = [format_date(on if isinstance(on, date) else date.fromisoformat(on)) for on in missed]
        text += f" Nothing left on {', '.join(told)}; one step is caught up, not all of them."
    if facts.get("missing"):
        text += f" There is no usable {_NEEDS.get(facts['missing'], facts['missing'])}, so somebody has to call."
    if facts.get("left_out"):
        text += " Left out: " + _left_out(facts) + "."
    return text


def _left_out(facts: Facts) -> str:
    return ", ".join(f"{part['number']} ({LABELS[part['why']].lower()})" for part in facts["left_out"][:5])


def _until(facts: Facts, day: Callable[[str], str]) -> str:
    return f" until {day('until')}" if facts.get("until") else ""


_Sentence = Callable[[Facts, Callable[[str], str], Callable[[str], str]], str]
_SENTENCES: Mapping[str, _Sentence] = {
    "propose": _proposed,
    "related_party": lambda f, m, d: "A related party is never reminded.",
    "nothing_open": lambda f, m, d: "Nothing is open.",
    "on_hold": lambda f, m, d: f"On hold ({f['why']}) until {d('until')}.",
    "entity_paused": lambda f, m, d: f"Reminders are paused for everybody ({f['why']}) until {d('until')}.",
    "in_hand": lambda f, m, d: f"“{f['step']}” of {d('as_of')} is {f['state']} and not settled yet.",
    "not_due": lambda f, m, d: (
        "Nothing is due that could be asked for."
        + (f" The next due date is {d('next_due')}." if f.get("next_due") else "")
    ),
    "step_not_due": lambda f, m, d: f"“{f['step']}” comes on {d('on')}: {f['lead']} is {f['days_late']} days late.",
    "finished": lambda f, m, d: f"The last step, “{f['last_step']}”, was sent. Somebody has to decide what follows.",
    "autopay": lambda f, m, d: "The customer pays by direct debit, and no failed charge is known.",
    "disputed": lambda f, m, d: f"All that is due is disputed ({m('amount')}), until the dispute is settled.",
    "promised": lambda f, m, d: f"{m('amount')} is promised{_until(f, d)}.",
    "in_flight": lambda f, m, d: f"A payment of {m('amount')} is being processed; its result ends the wait.",
    "invoice_held": lambda f, m, d: f"All that is due is on hold ({m('amount')}){_until(f, d)}.",
    "on_plan": lambda f, m, d: f"{m('amount')} is being paid off on a payment plan, and the plan is kept.",
    "credits_open": lambda f, m, d: (
        f"Open credits of {m('credits')} come first: allocate them before asking for {m('asked')}."
    ),
    "below_share": lambda f, m, d: f"{m('amount')} is less than {f['share']} % of all that is open ({m('open')}).",
    "only_claims": lambda f, m, d: "Only fees and interest are open. They join a reminder and never make one alone.",
    "not_delivered": lambda f, m, d: "The invoice did not reach the customer. Send it again first.",
    "just_delivered": lambda f, m, d: f"The invoice has only just been delivered; wait{_until(f, d)}.",
    "covered_by_credits": lambda f, m, d: f"Open credits of {m('credits')} cover what is due ({m('asked')}).",
    "below_minimum": lambda f, m, d: f"{m('amount')} is below the policy's minimum of {m('minimum')}.",
    "too_soon": lambda f, m, d: f"Last contact on {d('last')} ({f['what']}). The next may follow on {d('until')}.",
    "no_business_day": lambda f, m, d: f"No business day in {f['region']}; the next is {d('until')}.",
    "paid": lambda f, m, d: "Paid or credited in the meantime.",
    "already_sent": lambda f, m, d: f"“{f['step']}” has been sent already.",
    "step_changed": lambda f, m, d: "The debt that led to this step is not asked for any more; a milder step is owed.",
    "merged": lambda f, m, d: "The customer was merged into another one, whose account is reminded now.",
    "overdue_by_now": lambda f, m, d: "It was meant to arrive before the due date, which has passed.",
    "no_address": lambda f, m, d: f"There is no usable {_NEEDS.get(f['missing'], f['missing'])} any more.",
    "superseded": lambda f, m, d: "A later run looked at the account anew.",
    "withdrawn": lambda f, m, d: "A person withdrew it.",
    "dry_run": lambda f, m, d: "A dry run proposed it. Nothing is sent from a dry run.",
    "stale_data": lambda f, m, d: (
        f"{f['source']} of {f['entity']} goes up to {d('newest')}: more than {f['limit']} working "
        f"day{'' if f['limit'] == 1 else 's'} old. Import newer data first, so that nobody is reminded of what is paid "
        "or credited."
    ),
    "policy_off": lambda f, m, d: f"Dunning is off for {f['entity']}, so nothing is sent. With it on, this would hold:",
}
