"""Strategies: which a person may see and change, which are in force, and which of them counts for whom. Reads only."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from customers.access import entity_ids, visible_entities
from customers.models import LegalEntity, SegmentMember
from worklist.models import Strategy, StrategyVersion, WorklistItem
from worklist.rules.strategy import USUAL, read_strategy
from worklist.rules.strategy import Strategy as Rule


@dataclass(frozen=True, slots=True)
class InForce:
    """A version that counts, and for whom: the customers of one entity and segment, or of all for None."""

    version_id: int
    rank: int
    name: str
    entity_id: int | None
    segment_id: int | None
    rule: Rule

    def fits(self, entity_id: int, segments: frozenset[int]) -> bool:
        """Whether it is for a customer of this entity who is in these segments."""
        return self.entity_id in (None, entity_id) and (self.segment_id is None or self.segment_id in segments)


_IN_FORCE = """
SELECT v.id, s.rank, s.name, s.entity_id, s.segment_id, v.rule::text
FROM worklist_strategyversion v JOIN worklist_strategy s ON s.id = v.strategy_id
WHERE v.state = 'active' AND s.is_active AND s.id IS DISTINCT FROM %(strategy)s OR v.id = %(version)s
ORDER BY s.rank, s.name
"""


def visible_strategies(user: User) -> QuerySet[Strategy]:
    """The strategies for everybody, and those for the legal entities of the person's teams."""
    if user.may(Capability.SEE_ALL_TEAMS):
        return Strategy.objects.all()
    return Strategy.objects.filter(Q(entity=None) | Q(entity__in=entity_ids(user)))


def sees_everybody(user: User) -> bool:
    """Whether every legal entity is one of the person's teams: what is for everybody is theirs to see and change."""
    return not LegalEntity.objects.exclude(pk__in=visible_entities(user)).exists()


def may_change(user: User, strategy: Strategy) -> bool:
    """Whether the person may change the strategy: one for everybody only who sees everybody."""
    return user.may(Capability.EDIT_POLICIES) and (strategy.entity_id is not None or sees_everybody(user))


def strategy_list(user: User) -> QuerySet[Strategy]:
    """The strategies the person may see, in the order in which they count, each with `customers`: how many accounts of
    today's list it ranks."""
    ranked = WorklistItem.objects.filter(strategy_version__strategy=OuterRef("pk"), score__gt=0).order_by()
    counted = ranked.values("strategy_version__strategy").annotate(n=Count("pk")).values("n")
    rows = visible_strategies(user).select_related("entity", "segment")
    rows = rows.annotate(customers=Coalesce(Subquery(counted), Value(0)))
    return rows.order_by("-is_active", "rank", "name")


def strategies_in_force(*, instead: StrategyVersion | None = None) -> list[InForce]:
    """The versions that count, the first to be asked first; one statement.

    With `instead`, as if that version were activated: its strategy is switched on and has no other."""
    asked = {"version": instead.pk if instead else None, "strategy": instead.strategy_id if instead else None}
    with connection.cursor() as cursor:  # asked by every scoring: a plain statement costs a fifth of a model's
        cursor.execute(_IN_FORCE, asked)
        rows = cursor.fetchall()
    return [
        InForce(pk, rank, name, entity, segment, read_strategy(json.loads(rule)))
        for pk, rank, name, entity, segment, rule in rows
    ]


def segments_on(customer_ids: Sequence[int], on: date) -> Mapping[int, frozenset[int]]:
    """The segments that each of these customers is in at the end of that day; who is in none is left out."""
    rows = SegmentMember.objects.filter(customer__in=customer_ids, since__lte=on).filter(
        Q(until=None) | Q(until__gt=on), segment__is_active=True
    )
    found: dict[int, set[int]] = {}
    for customer, segment in rows.values_list("customer_id", "segment_id"):
        found.setdefault(customer, set()).add(segment)
    return {customer: frozenset(segments) for customer, segments in found.items()}


def first_fitting(
    in_force: Sequence[InForce], entity_id: int, segments: frozenset[int] = frozenset()
) -> InForce | None:
    """The one that counts for a customer of this entity in these segments; None: what is usual counts."""
    return next((found for found in in_force if found.fits(entity_id, segments)), None)


def rule_of(found: InForce | None) -> Rule:
    """Its rule, or what is usual."""
    return USUAL if found is None else found.rule


def versions_of(strategy: Strategy) -> list[StrategyVersion]:
    """The versions of the strategy, the newest first; their findings are read when they are asked for."""
    rows = StrategyVersion.objects.filter(strategy=strategy).select_related("made_by", "activated_by")
    rows = rows.defer("findings")
    return list(rows.order_by("-number"))
