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

# What was prepared by notice id: invoice and instalment, if it is one, in the order of preparation.
Prepared = Mapping[int, Sequence[tuple[int, int | None]]]


def prepared_on(notices: Sequence[Notice]) -> Prepared:
    """What each notice was prepared for; one statement."""
    found: defaultdict[int, list[tuple[int, int | None]]] = defaultdict(list)
    items = NoticeItem.objects.filter(notice__in=[notice.pk for notice in notices]).order_by("pk")
    for notice_id, invoice_id, instalment_id in items.values_list("notice_id", "invoice_id", "instalment_id"):
        found[notice_id].append((invoice_id, instalment_id))
    return found


def look_at(
    notices: Sequence[Notice], *, on: Mapping[int, date], prepared: Prepared | None = None
) -> dict[int, tuple[Decision, Person]]:
    """By notice id what would become of it now, and the person it goes to; a few statements per policy and run.

    `on` is the business day per policy id, `prepared` what is on the notices, for callers that read it already. Serves
    the sending and the preview alike."""
    groups: dict[tuple[int, int], list[Notice]] = defaultdict(list)
    for notice in notices:
        groups[notice.policy_id, notice.run_id].append(notice)
    policies = Policy.objects.select_related("entity").prefetch_related("steps").in_bulk({pk for pk, _ in groups})
    read = prepared_on(notices) if prepared is None else prepared
    claims = {pk: {claim_of(*part) for part in parts} for pk, parts in read.items()}
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
            judged = _judged(row, facts.rule_for(account), account, claims.get(row.pk, set()), day)
            person = facts.people[row.customer_id]
            seen[row.pk] = (Decision("merged", {}) if row.customer_id in merged else guarded(judged, stale), person)
    apologies = apology_decisions(notices)
    return seen | {pk: (decision, seen[pk][1]) for pk, decision in apologies.items()}


def _judged(row: Notice, rule: PolicyFacts, account: Account | None, claims: set[str], day: date) -> Decision:
    step = rule.step_at(row.step_position, row.step_id)
    if step is None:
        return Decision("step_changed", {})
    return look_again(rule, account, step=step, channel=row.channel, cycle=row.cycle, claims=claims, on=day)
