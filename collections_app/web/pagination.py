"""Keyset paging: the next page starts after the last row seen, so page 1,000 is as quick as page 1 and nothing is
counted. Must not be used with columns that may be NULL, because NULL has no place in the order."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.core.signing import BadSignature, Signer
from django.db.models import Model, Q, QuerySet
from django.http import QueryDict

M = TypeVar("M", bound=Model)
R = TypeVar("R")
Fetch = Callable[[Sequence[str], Sequence[Any] | None, int], list[R]]
_signer = Signer(salt="collections_app.web.pagination")


@dataclass(frozen=True, slots=True)
class KeysetPage(Generic[R]):
    """Some rows in order, and where the neighbours begin; an empty cursor says there is no such neighbour."""

    rows: list[R]
    previous_cursor: str
    next_cursor: str


def keyset_page(rows: QuerySet[M], asked: QueryDict, *, order: Sequence[str], size: int = 50) -> KeysetPage[M]:
    """The page that `?after=` or `?before=` asks for; the first if neither, or a forged or stale cursor, is given.

    `order` names columns or annotations, '-' for descending; the last must be unique ("-due_on", "id").
    """

    def fetch(direction: Sequence[str], mark: Sequence[Any] | None, limit: int) -> list[M]:
        query = rows.filter(_beyond(direction, mark)) if mark else rows
        return list(query.order_by(*direction)[:limit])

    return keyset_rows(fetch, asked, order=order, size=size)


def keyset_rows(fetch: Fetch[R], asked: QueryDict, *, order: Sequence[str], size: int = 50) -> KeysetPage[R]:
    """The same for rows that are no queryset's. `fetch(direction, mark, limit)` answers with the first rows in that
    direction; with a mark, with those beyond it: one value per name of the direction, which they come after."""
    backwards = bool(asked.get("before")) and not asked.get("after")
    mark = _read(asked.get("before" if backwards else "after", ""), order)
    found = fetch([_turned(name) for name in order] if backwards else list(order), mark, size + 1)
    more, found = len(found) > size, found[:size]
    if backwards:
        if not mark or not more:  # the front was reached: show a full first page, not a short rest
            return keyset_rows(fetch, QueryDict(), order=order, size=size)
        found.reverse()
    has_previous, has_next = (more, True) if backwards else (mark is not None, more)
    return KeysetPage(
        found,
        _write(found[0], order) if found and has_previous else "",
        _write(found[-1], order) if found and has_next else "",
    )


def _beyond(order: Sequence[str], mark: Sequence[Any]) -> Q:
    """Rows after the mark: a later first column, or the same and a later second, and so on. The first condition
    alone is repeated as an AND, because that is the part an index can use. Beyond the last value of a yes or no lies
    nothing, so there the next column is the one to narrow by."""
    first = order[0].lstrip("-")
    if len(order) > 1 and isinstance(mark[0], bool) and mark[0] != order[0].startswith("-"):
        return Q(**{first: mark[0]}) & _beyond(order[1:], mark[1:])
    condition, same = Q(), Q()
    for name, value in zip(order, mark, strict=True):
        condition |= same & Q(**{f"{name.lstrip('-')}__{_later(name)}": value})
        same &= Q(**{name.lstrip("-"): value})
    return Q(**{f"{first}__{_later(order[0])}e": mark[0]}) & condition


def _later(name: str) -> str:
    return "lt" if name.startswith("-") else "gt"


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _write(row: Any, order: Sequence[str]) -> str:
    names = [name.lstrip("-").split("__") for name in order]
    return _signer.sign_object([list(order), [_packed(_value(row, name)) for name in names]])


def _value(row: Any, path: list[str]) -> Any:
    for part in path:
        row = getattr(row, part)
    return row


def _packed(value: Any) -> list[Any]:
    if isinstance(value, Decimal):
        return ["decimal", str(value)]
    if isinstance(value, datetime):
        return ["datetime", value.isoformat()]
    if isinstance(value, date):
        return ["date", value.isoformat()]
    return ["plain", value if isinstance(value, (int, str)) else str(value)]


_UNPACK: dict[str, Callable[[Any], Any]] = {
    "decimal": Decimal,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "plain": lambda value: value,
}


def _read(cursor: str, order: Sequence[str]) -> list[Any] | None:
    try:
        made_for, packed = _signer.unsign_object(cursor)
    except (BadSignature, ValueError, json.JSONDecodeError):
        return None
    return [_UNPACK[kind](value) for kind, value in packed] if made_for == list(order) else None
