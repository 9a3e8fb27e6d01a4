"""What a browser sends when somebody saves a policy."""

from typing import Any

from dunning.models import Policy

_STEP = ("position", "name", "anchor", "fee", "offset_days", "channel", "stage", "days_to_pay")


def policy_form(policy: Policy, **changes: Any) -> dict[str, Any]:
    """The form of the policy as its page shows it, sent at nine with a smallest amount of five, with these changes."""
    steps = list(policy.steps.all())
    form: dict[str, Any] = {
        "name": "Standard", "is_active": "on", "mode": "review", "entry": "first", "min_amount": "5", "rank": "100",
        "min_days_between": "6", "send_hour": "9", "send_until_hour": "20", "hold_minutes": "10", "min_share": "0",
        "days_after_delivery": "3", "credits": "list", "end_action": "decide",
        "step-TOTAL_FORMS": str(len(steps) + 1), "step-INITIAL_FORMS": str(len(steps)),
    }  # fmt: skip
    for place, step in enumerate(steps):
        form[f"step-{place}-place"] = str(place + 1)
        for name in _STEP:
            form[f"step-{place}-{name}"] = str(getattr(step, name))
    last = f"step-{len(steps)}-"  # the row nobody touched
    form |= {
        f"{last}channel": "email",
        f"{last}stage": "early",
        f"{last}anchor": "due_date",
        f"{last}days_to_pay": "7",
        f"{last}place": "99",
    }
    return {**form, f"{last}fee": "none", **changes}
