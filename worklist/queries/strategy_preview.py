"""The order of today's list with another version of a strategy: computed by the rule of the list, written nowhere but
into the findings of the version. Reads only."""

from collections.abc import Collection
from datetime import date
from typing import Any

from worklist.queries.strategy_scores import BothOrders, BothScores, place_rank
from worklist.rules.strategy_order import NOBODY, Both, Standing, compared


def strategy_preview(orders: BothOrders, *, on: date) -> dict[str, Any]:
    """Who rises and falls as of the day, as plain values: what `compared` says, `customers` for how many accounts the
    version is, and `about` each one shown its scores, reasons and next steps before and after."""
    rows: list[Both] = []
    touched = 0
    for both in orders.scores(orders.customers(), on=on):
        touched += both.touched
        row = _row(both, on)
        if row.now.rank or row.then.rank:
            rows.append(row)
    found = compared(rows)
    shown = sorted(int(pk) for pk in found["places"])
    return {**found, "customers": touched, "about": _about(orders, shown, on)}


def _row(both: BothScores, on: date) -> Both:
    placed = both.placed
    now = Standing(place_rank(both.now, on), both.now.minutes)
    then = Standing(place_rank(both.then, on), both.then.minutes)
    return Both(placed.facts.customer_id, placed.collector_id or NOBODY, now, then)


def _about(orders: BothOrders, customer_ids: Collection[int], on: date) -> dict[str, dict[str, str]]:
    """The words of the customers that are shown; their scores are computed a second time rather than all kept."""
    return {
        str(both.placed.facts.customer_id): {
            "currency": both.now.currency,
            "score_now": str(both.now.score),
            "score_then": str(both.then.score),
            "why_now": both.now.why,
            "why_then": both.then.why,
            "step_then": both.then.step.text,
        }
        for both in orders.scores(sorted(customer_ids), on=on)
    }
