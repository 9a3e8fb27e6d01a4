"""Keeps a list with its filters under a name, for oneself or for a team of one's own (U13)."""

from django.db import transaction

from collections_app.accounts.models import Team, User
from collections_app.audit.record import record
from collections_app.lib.errors import BadInput
from worklist.actions import VIEW_SAVED
from worklist.models import SavedView

MOST = 50


@transaction.atomic
def save_view(
    *, view: SavedView, name: str, query: str, team: Team | None, is_pinned: bool, is_default: bool, actor: User
) -> SavedView:
    """The view as kept; a new one belongs to `actor`. One that opens by itself replaces the one that did so before.

    Raises BadInput for a name that is empty or taken, a team that is not the person's, or more than fifty views."""
    name = " ".join(name.split())[:60]
    if not name:
        raise _refused("Give the view a name.", "view_name", "name")
    if view._state.adding:
        view.owner = actor
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)  # pressing twice waits here, and is told
    mine = SavedView.objects.select_for_update().filter(owner=actor, shown_on=view.shown_on).exclude(pk=view.pk)
    known = {row.name.casefold() for row in mine}
    if name.casefold() in known:
        raise _refused(f"You have a view called {name} already. Choose another name.", "view_name_taken", "name")
    if len(known) >= MOST:
        raise _refused(f"{MOST} views are enough. Delete one first.", "too_many_views", "name")
    if team is not None and not actor.teams.filter(pk=team.pk).exists():
        raise _refused("Share with a team of your own.", "view_team", "team")
    if is_default:
        mine.update(is_default=False)
    view.name, view.query, view.team = name, query[:500], team
    view.is_pinned, view.is_default = is_pinned, is_default
    view.save()
    record(VIEW_SAVED, view, actor=actor, name=name, query=view.query, team=team.pk if team else None)
    return view


def _refused(sentence: str, code: str, field: str) -> BadInput:
    return BadInput(sentence, code=code, fields={field: sentence})
