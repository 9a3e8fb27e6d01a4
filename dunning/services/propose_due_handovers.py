"""Proposes what the policy says for debts whose last step brought nothing, once per debt (R22, D40). By set: the
number of statements does not grow with the number of accounts."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction

from collections_app.audit.record import Fact, record_set
from customers.changes import announce
from customers.models import Customer
from dunning.actions import HANDOVER_PROPOSED
from dunning.models import Handover, HandoverItem, Policy
from dunning.queries.facts import facts_about
from dunning.queries.handovers import candidates, on_a_handover, pay_by_days, with_open_handover
from dunning.queries.policies import policies_of, policy_facts
from dunning.rules.facts import AskedItem, PolicyFacts
from dunning.rules.handover import ended
from dunning.services.hold_items import hold_items

CHUNK = 2000
KINDS = {
    Policy.End.DECIDE: Handover.Kind.UNDECIDED,
    Policy.End.AGENCY: Handover.Kind.AGENCY,
    Policy.End.LEGAL: Handover.Kind.LEGAL,
    Policy.End.WRITE_OFF: Handover.Kind.WRITE_OFF,
    Policy.End.HOLD: Handover.Kind.HOLD,
}

Found = tuple[int, str, list[AskedItem]]  # customer, currency, what is over


def propose_due_handovers(*, policy: Policy, on: date) -> int:
    """How many handovers were proposed on that day; 0 when it is called again.

    What was on a handover before is never proposed again by itself: people have decided about it."""
    rule = policy_facts(policy)
    if not rule.ladder:
        return 0
    ids = candidates(policy, last_position=rule.ladder[-1].position, on=on)
    return sum(_propose(policy, rule, ids[start : start + CHUNK], on) for start in range(0, len(ids), CHUNK))


@transaction.atomic
def _propose(policy: Policy, rule: PolicyFacts, ids: Sequence[int], on: date) -> int:
    list(Customer.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))
    found = _found(policy, ids, on)
    stops = policy.end_action == Policy.End.HOLD
    made = Handover.objects.bulk_create(
        Handover(
            customer_id=customer_id,
            entity=policy.entity,
            policy=policy,
            currency=currency,
            amount=sum((one.asked for one in items), Decimal(0)),
            kind=KINDS[Policy.End(policy.end_action)],
            state=Handover.State.CLOSED if stops else Handover.State.PROPOSED,
            outcome=Handover.Outcome.STOPPED if stops else "",
            ended_on=on if stops else None,
            reason=f"“{rule.ladder[-1].name}” was sent and its time to pay has passed. The policy has no further step.",
            proposed_on=on,
        )
        for customer_id, currency, items in found
    )
    items = _items(made, found)
    if stops:
        hold_items(items=items, reason="Writing stopped after the last step", on=on, actor=None)
    record_set(HANDOVER_PROPOSED, [_fact(row) for row in made], actor=None, by="dunning")
    announce(row.customer_id for row in made)
    return len(made)


def _found(policy: Policy, ids: Sequence[int], on: date) -> list[Found]:
    """The accounts with something at the end that no handover knows of yet, without those that have an open one."""
    mine = [pk for pk, owner in policies_of(ids).items() if owner == policy.pk]
    facts = facts_about(policy, mine, on)
    accounts = [account for account in facts.accounts if not account.in_hand]
    owners = {*ids, *Customer.objects.filter(merged_into__in=ids).values_list("pk", flat=True)}
    pay_by = pay_by_days(owners)
    busy = with_open_handover(ids)
    over = [
        (account.customer_id, account.currency, ended(facts.rule_for(account), account, on, pay_by))
        for account in accounts
        if (account.customer_id, account.currency) not in busy
    ]
    known = on_a_handover({one.item.invoice_id for _, _, items in over for one in items})
    fresh = [(who, currency, [one for one in items if one.item.claim not in known]) for who, currency, items in over]
    return [one for one in fresh if one[2]]


def _items(made: Sequence[Handover], found: Sequence[Found]) -> list[HandoverItem]:
    return HandoverItem.objects.bulk_create(
        [
            HandoverItem(
                handover=handover,
                customer_id=handover.customer_id,
                invoice_id=one.item.invoice_id,
                instalment_id=one.item.instalment_id,
                number=one.item.number,
                due_on=one.item.due_on,
                amount=one.asked,
            )
            for handover, (_, _, items) in zip(made, found, strict=True)
            for one in items
        ],
        batch_size=2000,
    )


def _fact(row: Handover) -> Fact:
    payload = {"kind": row.kind, "amount": row.amount, "currency": row.currency, "reason": row.reason}
    return Fact(row._meta.label_lower, row.pk, row.customer_id, payload)
