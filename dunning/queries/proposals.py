"""What a run proposed, in the words of the command."""

from collections_app.lib.money import round_amount
from dunning.models import Notice, Run


def proposals_of(run: Run) -> list[dict[str, str]]:
    """The run's notices in order of customer: customer number, step, currency, amount and reason; one query."""
    rows = Notice.objects.filter(run=run).order_by("customer_id", "currency")
    wanted = rows.values_list("customer__number", "step_name", "currency", "amount", "decision")
    return [
        {
            "customer": number,
            "step": step,
            "currency": currency,
            "amount": str(round_amount(amount, currency)),
            "reason": decision.get("sentence", ""),
        }
        for number, step, currency, amount, decision in wanted
    ]
