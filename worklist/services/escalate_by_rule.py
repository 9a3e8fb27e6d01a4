"""Puts accounts on the managers' list by themselves where a strategy says so: after so many days without a reaction.
By set, and not again until as many days after the last answer."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import ngettext

from collections_app.audit.record import Fact, record_set
from customers.models import LegalEntity
from worklist.actions import ESCALATED
from worklist.models import Activity, Escalation, Notification, StrategyVersion, WorklistItem
from worklist.queries.facts import customer_facts
from worklist.queries.team import managers_of
from worklist.services.notify import News, notify_all


@transaction.atomic
def escalate_by_rule(*, on: date) -> int:
    """How many accounts were escalated as of the day. The managers of each team are told once, with the number."""
    due = _due(on)
    if not due:
        return 0
    reasons = {
        pk: ngettext("No reaction for %(n)d day.", "No reaction for %(n)d days.", days) % {"n": days}
        for pk, (days, _entity) in due.items()
    }
    made = Escalation.objects.bulk_create(
        [Escalation(customer_id=pk, reason=reason, raised_on=on) for pk, reason in reasons.items()], batch_size=2000
    )
    Activity.objects.bulk_create(
        [
            Activity(customer_id=pk, kind=Activity.Kind.ESCALATION, happened_on=on, text=f"To the managers: {reason}")
            for pk, reason in reasons.items()
        ],
        batch_size=2000,
    )
    WorklistItem.objects.filter(pk__in=due).update(escalated=True)
    facts = [Fact("worklist.escalation", row.pk, row.customer_id, {"reason": row.reason, "rule": True}) for row in made]
    record_set(ESCALATED, facts, actor=None, by="strategy")
    _tell((entity for _days, entity in due.values()), on)
    return len(made)


def _due(on: date) -> Mapping[int, tuple[int, int]]:
    """Days without reaction and entity of each account that is due, by customer."""
    versions = StrategyVersion.objects.filter(
        state=StrategyVersion.State.ACTIVE, strategy__is_active=True, rule__escalate_after__gt=0
    )
    items = WorklistItem.objects.filter(
        strategy_version__in=versions, score__gt=0, escalated=False, overdue__gt=0, last_contact_on__isnull=False
    )
    # Whoever was asked about before is locked, so that two runs at once raise nothing twice.
    ids = list(items.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    asked = Escalation.objects.filter(customer__in=ids).values_list("customer").annotate(Max("answered_on"))
    last, still_open = dict(asked), set(
        Escalation.objects.filter(customer__in=ids, answered_on=None).values_list("customer", flat=True)
    )  # fmt: skip
    due: dict[int, tuple[int, int]] = {}
    for placed in customer_facts(ids, on=on):
        pk, after, days = placed.facts.customer_id, placed.strategy.escalate_after, placed.facts.unanswered_days
        rested = last.get(pk) is None or (after is not None and (on - last[pk]).days >= after)
        if after is not None and days is not None and days >= after and rested and pk not in still_open:
            due[pk] = (days, placed.entity_id)
    return due


def _tell(entities: Iterable[int], on: date) -> None:
    counts: dict[int, int] = defaultdict(int)
    teams = dict(LegalEntity.objects.values_list("pk", "team_id"))
    for entity_id in entities:
        counts[teams[entity_id]] += 1
    notify_all(
        news=[
            News(
                tuple(managers_of(team)),
                Notification.Kind.ESCALATION,
                ngettext(
                    "%(n)d account had no reaction for too long.", "%(n)d accounts had no reaction for too long.", n
                )
                % {"n": n},
                reverse("escalations"),
            )
            for team, n in counts.items()
        ]
    )
