"""What changed between two versions of a policy, in sentences for people. Pure; versions are kept as plain JSON."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

Content = Mapping[str, Any]

_NAMES = {
    "entry": "Where a late customer enters",
    "min_amount": "Smallest amount to ask for",
    "min_share": "Smallest share of all that is open, in per cent",
    "min_days_between": "Days between two contacts",
    "days_after_delivery": "Days after the invoice was delivered",
    "credits": "Open credits",
    "lists_held_items": "Shows what is held",
    "end_action": "After the last step",
}
_STEP_NAMES = {
    "name": "name",
    "anchor": "counted from",
    "offset_days": "days",
    "business_days": "working days",
    "channel": "channel",
    "stage": "stage",
    "days_to_pay": "days to pay",
    "recipients": "to",
    "copies": "copies to",
    "words": "words",
    "fee": "fee",
    "fee_amount": "amount of the fee",
    "with_interest": "names the interest",
    "needs_approval": "needs approval",
}
_ANCHORS = {
    "due_date": "the due date",
    "end_of_month": "the end of the due date's month",
    "previous_notice": "the notice before it",
    "broken_promise": "a broken promise",
}


def difference(before: Content, after: Content) -> list[str]:
    """A sentence per difference, those of the policy first; empty when both say the same."""
    return [*_policy(before, after), *_minimums(before, after), *_steps(before, after)]


def step_words(step: Content) -> str:
    """When a step comes, in words: "8 days after the due date", "3 working days before the due date"."""
    days, anchor = int(step["offset_days"]), _ANCHORS.get(step.get("anchor", "due_date"), "the due date")
    if days == 0:
        return f"on {anchor}" if anchor == "the due date" else f"on the day of {anchor}"
    kind = "working day" if step.get("business_days") else "day"
    return f"{abs(days)} {kind}{'' if abs(days) == 1 else 's'} {'after' if days > 0 else 'before'} {anchor}"


def _policy(before: Content, after: Content) -> Iterator[str]:
    for name, label in _NAMES.items():
        if _differs(before.get(name), after.get(name)):
            yield f"{label}: {_shown(before.get(name))} → {_shown(after.get(name))}."


def _minimums(before: Content, after: Content) -> Iterator[str]:
    old, new = before.get("minimums", {}), after.get("minimums", {})
    for currency in sorted({*old, *new}):
        if _differs(old.get(currency), new.get(currency)):
            yield f"Smallest amount in {currency}: {_shown(old.get(currency))} → {_shown(new.get(currency))}."


def _steps(before: Content, after: Content) -> Iterator[str]:
    old = {_identity(step): step for step in before.get("steps", ())}
    new = {_identity(step): step for step in after.get("steps", ())}
    for key, step in old.items():
        if key not in new:
            yield f"Step “{step['name']}” was taken out."
    for key, step in new.items():
        if key not in old:
            yield f"Step “{step['name']}” was added: {step_words(step)}, {step['channel']}, {step['stage']}."
        elif changes := list(_step(old[key], step)):
            yield f"Step “{old[key]['name']}”: {', '.join(changes)}."
    kept = [key for key in new if key in old]
    if kept != [key for key in old if key in new]:
        yield "The steps come in another order."


def _step(before: Content, after: Content) -> Iterator[str]:
    for name, label in _STEP_NAMES.items():
        if _differs(before.get(name), after.get(name)):
            yield f"{label} {_shown(before.get(name))} → {_shown(after.get(name))}"


def _identity(step: Content) -> object:
    return step.get("id") or ("position", step["position"])


def _differs(before: object, after: object) -> bool:
    return _plain(before) != _plain(after)


def _plain(value: object) -> object:
    """A value to compare by: "5.00" and "5" are one amount, and nothing is nothing."""
    if isinstance(value, str):
        try:
            return Decimal(value)
        except InvalidOperation:
            return value
    return value or None if isinstance(value, Sequence) else value


def _shown(value: object) -> str:
    if value is None or value == "" or value == []:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(str(part) for part in value)
    return f"{amount.normalize():f}" if isinstance(amount := _plain(value), Decimal) else str(value).replace("_", " ")
