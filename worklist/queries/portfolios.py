"""Portfolios as a person may see and change them, and as the rule reads them. Reads only."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from customers.access import visible_entities
from worklist.models import Portfolio
from worklist.queries.team import teams_of
from worklist.rules.portfolios import Share


def visible_portfolios(user: User) -> QuerySet[Portfolio]:
    """Those of the person's entities, and those for every entity that are worked in the person's teams or by nobody."""
    rows = Portfolio.objects.select_related("entity", "segment").prefetch_related("analysts")
    if user.may(Capability.SEE_ALL_TEAMS):
        return rows
    mine = rows.filter(analysts__teams__in=teams_of(user)).values("pk")
    anywhere = Q(entity=None) & (Q(pk__in=mine) | Q(analysts=None))
    return rows.filter(Q(entity__in=visible_entities(user)) | anywhere).distinct()


def active_shares() -> Sequence[Share]:
    """The portfolios in use, in the order in which they are asked. Analysts who cannot sign in are left out."""
    rows = Portfolio.objects.filter(is_active=True).prefetch_related("analysts").order_by("rank", "name")
    return [
        Share(
            id=row.pk,
            name=row.name,
            entity_id=row.entity_id,
            segment_id=row.segment_id,
            least=row.least_overdue,
            most=row.most_overdue,
            analysts=frozenset(person.pk for person in row.analysts.all() if person.is_active),
        )
        for row in rows
    ]
