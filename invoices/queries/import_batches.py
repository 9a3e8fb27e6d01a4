"""Which imports a person may see, and the mapping that was used for the same headers before."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from customers.access import visible_entities
from customers.models import ImportBatch

_LOOKED_AT = 50


def visible_imports(user: User) -> QuerySet[ImportBatch]:
    """The person's own imports and those into legal entities of their teams, the latest first."""
    every = ImportBatch.objects.select_related("entity", "uploaded_by")
    if user.may(Capability.SEE_ALL_TEAMS):
        return every
    return every.filter(Q(uploaded_by=user) | Q(entity__in=visible_entities(user)))


def remembered_mapping(user: User, headers: Sequence[str]) -> dict[str, str]:
    """The mapping of the latest visible import with exactly these headers; empty when there was none."""
    done = visible_imports(user).filter(state=ImportBatch.State.IMPORTED, source="generic")
    for options, report in done.values_list("options", "report")[:_LOOKED_AT]:
        if report.get("headers") == list(headers):
            return dict(options.get("mapping") or {})
    return {}
