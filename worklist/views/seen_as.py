"""A lead opens an analyst's list as that analyst sees it: to read, never to change anything, and noted in the audit log
(U46)."""

from copy import copy
from datetime import timedelta

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from collections_app.accounts.access import check, signed_in
from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability, Role
from collections_app.audit.record import record
from customers.access import visible_entities
from worklist.actions import LIST_SEEN_AS
from worklist.queries.team import teammates

NOTED_FOR = timedelta(minutes=15)  # one look at a list is many requests; it is noted once


def seen_request(request: HttpRequest) -> HttpRequest:
    """The request itself; with `?as=` the same request as that teammate would make it, with a reader's rights.

    What only one of the two may see is left out. Somebody without the right to lead gets NotAllowed, for a person of
    another team it is 404."""
    name = request.GET.get("as", "")
    if not name:
        return request
    lead = signed_in(request)
    check(lead, Capability.LEAD_TEAM)
    analyst = get_object_or_404(teammates(lead), username=name.replace("\x00", "")[:150])
    _note(request, lead, analyst)
    seen = copy(request)
    seen.user = _reader(lead, analyst)
    return seen


def _reader(lead: User, analyst: User) -> User:
    """The analyst as somebody who may only read, of the entities that both may see. Never saved."""
    both = visible_entities(analyst) & visible_entities(lead)
    entities = tuple(both.values_list("pk", flat=True))
    reader = copy(analyst)
    reader.role, reader.is_superuser = Role.VIEWER.value, False
    reader._entity_ids = entities  # type: ignore[attr-defined]
    return reader


def _note(request: HttpRequest, lead: User, analyst: User) -> None:
    key, now = f"seen_as:{analyst.pk}", timezone.now().timestamp()
    if now - request.session.get(key, 0) >= NOTED_FOR.total_seconds():
        record(LIST_SEEN_AS, analyst, actor=lead, list_of=analyst.username)
        request.session[key] = int(now)
