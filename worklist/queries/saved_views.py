"""Saved views: those a person may open, and what the worklist begins with. Reads only."""

import json
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet

from collections_app.accounts.models import User
from worklist.models import SavedView


@dataclass(frozen=True, slots=True)
class PinnedView:
    """One view that stands above the list."""

    id: int
    name: str
    query: str


@dataclass(frozen=True, slots=True)
class Opening:
    """What a list begins with: whether there are customers of one's own, the pinned views, and the query of the view
    that opens by itself (empty: none)."""

    has_own: bool
    pinned: tuple[PinnedView, ...]
    usual: str


_OPENING = """
SELECT EXISTS (SELECT 1 FROM worklist_worklistitem WHERE analyst_id = %(user)s AND score > 0),
    (SELECT json_agg(v)::text FROM (
        SELECT id, name, query, is_pinned, is_default AND owner_id = %(user)s AS is_usual
        FROM worklist_savedview
        WHERE shown_on = 'worklist' AND (owner_id = %(user)s AND (is_pinned OR is_default) OR is_pinned AND team_id IN
            (SELECT team_id FROM accounts_user_teams WHERE user_id = %(user)s))
        ORDER BY name, id LIMIT 12) v)
"""


def opening(user: User) -> Opening:
    """What the worklist of this person begins with; one plain statement, because every page of it asks."""
    with connection.cursor() as cursor:
        cursor.execute(_OPENING, {"user": user.pk})
        has_own, text = cursor.fetchone()
    views = json.loads(text) if text else []
    pinned = tuple(PinnedView(row["id"], row["name"], row["query"]) for row in views if row["is_pinned"])
    return Opening(has_own, pinned, next((row["query"] for row in views if row["is_usual"]), ""))


def views_of(user: User, shown_on: str) -> QuerySet[SavedView]:
    """The person's own views of that list, and those shared with a team of theirs; own and pinned ones first."""
    return visible_views(user).filter(shown_on=shown_on).select_related("owner", "team").order_by(
        "-is_pinned", "name", "pk"
    )  # fmt: skip


def visible_views(user: User) -> QuerySet[SavedView]:
    """The views that the person may open. Only the owner may change one."""
    return SavedView.objects.filter(Q(owner=user) | Q(team__in=user.teams.values("pk")))
