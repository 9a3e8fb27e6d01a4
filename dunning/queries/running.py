"""Conversations that are running under a policy, and how a change would touch them. Reads only."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db import connection

from collections_app.lib.dates import format_date
from dunning.models import Policy
from dunning.queries.facts import facts_about
from dunning.queries.policies import Edition
from dunning.rules.decide import decide
from dunning.rules.facts import Decision
from dunning.rules.sentences import LABELS

LOOKED_AT = 2000  # customers whose next step is worked out for a preview; of the others only the number is told
EXAMPLES = 3

# A conversation runs while something that a notice of the policy asked for is still open.
RUNNING = """
SELECT DISTINCT COALESCE(c.merged_into_id, c.id) AS customer_id, n.currency
FROM dunning_notice n JOIN customers_customer c ON c.id = n.customer_id
WHERE n.policy_id = %(policy)s AND n.state IN ('accepted', 'unknown') AND n.recalled_at IS NULL
  AND n.stage <> 'apology' AND EXISTS (
      SELECT 1 FROM dunning_noticeitem ni JOIN invoices_invoice i ON i.id = ni.invoice_id
      WHERE ni.notice_id = n.id AND i.status = 'issued' AND i.total > COALESCE((
          SELECT SUM(a.amount) FROM invoices_allocation a
          WHERE a.invoice_id = i.id AND a.effective_on <= %(on)s), 0))
"""


class Customer(NamedTuple):
    """One customer, to be named as an example."""

    pk: int
    name: str


@dataclass(frozen=True, slots=True)
class Change:
    """What would come next for some customers, before and after; `examples` names a few of them."""

    before: str
    after: str
    count: int
    examples: Sequence[Customer]


@dataclass(frozen=True, slots=True)
class Affected:
    """How many accounts have a conversation running, how many of them were looked at, and what would change."""

    conversations: int
    looked_at: int
    unchanged: int
    changes: Sequence[Change] = field(default_factory=tuple)


def running_conversations(policy: Policy, on: date) -> list[tuple[int, str]]:
    """Customer id and currency of each conversation that is running under the policy on that day."""
    with connection.cursor() as cursor:
        cursor.execute(RUNNING + " ORDER BY 1, 2", {"policy": policy.pk, "on": on})
        return list(cursor.fetchall())


def affected(policy: Policy, draft: Edition, on: date) -> Affected:
    """What the draft would change for the running conversations, were they to follow it on that day."""
    running = running_conversations(policy, on)
    ids = sorted({customer for customer, _ in running})[:LOOKED_AT]
    if not ids:
        return Affected(0, 0, 0)
    asked = set(running)
    now, then = facts_about(policy, ids, on), facts_about(policy, ids, on, edition=draft)
    before = {
        (account.customer_id, account.currency): _next(decide(now.rule_for(account), account, on))
        for account in now.accounts
    }
    after = {
        (account.customer_id, account.currency): _next(decide(draft.facts, account, on)) for account in then.accounts
    }
    moved: dict[tuple[str, str], list[Customer]] = defaultdict(list)
    looked = [key for key in before if key in asked]
    for key in looked:
        if before[key] != after[key]:
            moved[before[key], after[key]].append(Customer(key[0], now.people[key[0]].name))
    changes = [Change(*words, len(found), found[:EXAMPLES]) for words, found in moved.items()]
    changes.sort(key=lambda change: -change.count)
    return Affected(len(running), len(looked), len(looked) - sum(change.count for change in changes), changes)


def _next(decision: Decision) -> str:
    """What comes next, in a few words."""
    if decision.step is not None:
        return f"{decision.step.name}, now"
    if decision.code == "step_not_due":
        return f"{decision.facts['step']} on {format_date(decision.facts['on'])}"
    return LABELS[decision.code]
