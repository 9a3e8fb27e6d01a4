"""Writes the demo's saved views: what two analysts keep, pin and share."""

from collections_app.accounts.models import Team
from collections_app.demo.build_people import Cast
from worklist.models import SavedView

# Whose, its name, its filters, whether the team sees it, whether it stands above the list.
_VIEWS = (
    ("analyst", "Broken promises", "who=all&has=broken", True, True),
    ("analyst", "Large and old", "who=mine&least=10000&days=60", False, False),
    ("ben", "Nobody's yet", "who=none", True, False),
    ("manager", "Escalated", "who=all&has=escalated", True, True),
)


def build_views(cast: Cast) -> None:
    """Nothing; the views are written."""
    team = Team.objects.get(members=cast.users["analyst"])
    SavedView.objects.bulk_create(
        SavedView(owner=cast.users[owner], name=name, query=query, team=team if shared else None, is_pinned=pinned)
        for owner, name, query, shared, pinned in _VIEWS
    )
