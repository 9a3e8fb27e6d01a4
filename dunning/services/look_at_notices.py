"""What would become of prepared notices now: the last look before sending, and the preview's. Writes nothing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from customers.models import Customer
from customers.queries.clock import business_day
from dunning.models import Notice, NoticeItem, Policy
from dunning.queries.apologies import apology_decisions
from dunning.queries.facts import Person, facts_about
from dunning.queries.stale_data import stale_entities
from dunning.rules.facts import Account, Decision, PolicyFacts, claim_of
from dunning.rules.look_again import look_again
from dunning.rules.staleness import guarded


def look_at(notices: Sequence[Notice], *, on: Mapping[int, date]) -> dict[int, tuple[Decision, Person]]:
    """By notice id what would become of it now, and the person it goes to; a few statements per policy and run.

    `on` is the business day per policy id. Serves the sending and the preview alike."""
    groups: dict[tuple[int, int], list[Notice]] = defaultdict(list)
    for notice in notices:
        groups[notice.policy_id, notice.run_id].append(notice)
    policies = Policy.objects.select_related("entity").prefetch_related("steps").in_bulk({pk for pk, _ in groups})
    claims: defaultdict[int, set[str]] = defaultdict(set)
    items = NoticeItem.objects.filter(notice__in=notices).values_list("notice_id", "invoice_id", "instalment_id")
    for notice_id, invoice_id, instalment_id in items:
        claims[notice_id].add(claim_of(invoice_id, instalment_id))
    merged = set(Customer.objects.filter(pk__in=[row.customer_id for row in notices], merged_into__isnull=False)
                 .values_list("pk", flat=True))  # fmt: skip
    seen: dict[int, tuple[Decision, Person]] = {}
    for (policy_id, run_id), members in groups.items():
        policy = policies[policy_id]
        day = on.get(policy_id) or business_day(policy.entity)
        facts = facts_about(policy, {row.customer_id for row in members}, day, same_contact_runs=[run_id])
        accounts = {(account.customer_id, account.currency): account for account in facts.accounts}
        stale = stale_entities(day)
        for row in members:
            account = accounts.get((row.customer_id, row.currency))
            judged = _judged(row, facts.rule_for(account), account, claims[row.pk], day)
            person = facts.people[row.customer_id]
            seen[row.pk] = (Decision("merged", {}) if row.customer_id in merged else guarded(judged, stale), person)
    apologies = apology_decisions(notices)
    return seen | {pk: (decision, seen[pk][1]) for pk, decision in apologies.items()}


def _judged(row: Notice, rule: PolicyFacts, account: Account | None, claims: set[str], day: date) -> Decision:
    step = rule.step_at(row.step_position, row.step_id)
    if step is None:
        return Decision("step_changed", {})
    return look_again(rule, account, step=step, channel=row.channel, cycle=row.cycle, claims=claims, on=day)
