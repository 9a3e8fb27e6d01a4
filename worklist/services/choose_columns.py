"""Keeps which columns a person wants to see in a list. Looks only, so there is no audit, as for colours and density."""

from collections.abc import Iterable

from django.db import transaction

from collections_app.accounts.models import User


@transaction.atomic
def choose_columns(*, user: User, shown_on: str, columns: Iterable[str]) -> list[str]:
    """The columns of that list as kept with the person's account."""
    fresh = User.objects.select_for_update().get(pk=user.pk)
    fresh.columns = {**fresh.columns, shown_on: list(columns)}
    fresh.save(update_fields=["columns"])
    user.columns = fresh.columns
    return list(fresh.columns[shown_on])
