"""Deletes a saved view; the list itself loses nothing."""

from django.db import transaction

from collections_app.accounts.models import User
from collections_app.audit.record import record
from worklist.actions import VIEW_DELETED
from worklist.models import SavedView


@transaction.atomic
def delete_view(*, view: SavedView, actor: User) -> str:
    """The name that is gone."""
    record(VIEW_DELETED, view, actor=actor, name=view.name, query=view.query)
    view.delete()
    return view.name
