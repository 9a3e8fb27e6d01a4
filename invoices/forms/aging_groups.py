"""Which customers a line of the aging stands for, when lines are groups: the word and key of the address as a set of
customers. Attributes are those of today, like in the query that made the line."""

import json

from django.db.models import Q, QuerySet

from customers.models import Customer
from customers.queries.segments import in_first_segment

NONE = "-"  # the key of the line of those who have no collector, no risk class, …
_COLUMNS = {"kind": "kind", "risk": "risk_class", "country": "country"}


def customers_in(customers: QuerySet[Customer], by: str, key: str) -> QuerySet[Customer] | None:
    """The customers of the line, among those given; None when word or key make no sense. Legal entities belong to
    documents, so they leave the customers as they are."""
    if by == "entity":
        return customers
    if by in _COLUMNS:
        return customers.filter(**{_COLUMNS[by]: "" if key == NONE else key})
    if by == "tags":
        tags = _tags(key)
        return None if tags is None else customers.filter(tags__contains=tags, tags__len=len(tags))
    if by == "segment" and key == NONE:
        return in_first_segment(customers, None)
    if by == "collector" and key == NONE:
        return customers.filter(collector=None)
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    if by == "collector":
        return customers.filter(collector=int(key))
    if by == "segment":
        return in_first_segment(customers, int(key))
    return customers.filter(Q(pk=int(key), parent=None) | Q(parent=int(key))) if by == "group" else None


def _tags(key: str) -> list[str] | None:
    try:
        found = json.loads(key)
    except (ValueError, RecursionError):
        return None
    is_list = isinstance(found, list) and all(isinstance(tag, str) and "\0" not in tag for tag in found)
    return found if is_list else None
