"""One row of the list as HTML. Written here and not in a template: fifty rows are most of the page, and format_html is
several times quicker. Everything that came from outside is escaped by it."""

from collections.abc import Mapping
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

_OOB = mark_safe(' hx-swap-oob="true"')
_CURRENT = mark_safe(' aria-current="true"')
_FOCUSED = mark_safe(' aria-current="true" data-focus')
_NOTHING = mark_safe("")
_ROW = (
    '<li id="row-{id}"{oob}><a class="work-row" data-item href="{url}" hx-get="{url}"'
    ' hx-trigger="click, item-reached delay:90ms" hx-target="#panel" hx-push-url="true" hx-sync="#panel:replace"'
    ' tabindex="{tab}"{current}><span class="work-name truncate">{name}</span><span class="work-money">{money}</span>'
    '<span class="work-why truncate" title="{why}">{why}</span>'
    '<span class="work-marks">{marks}</span><span class="work-next"><span>{next}</span>{owner}</span></a></li>'
)


def row_html(row: Mapping[str, Any], *, focus: bool = False, oob: bool = False) -> SafeString:
    """The row; `focus` puts the keyboard on the current one, `oob` swaps it in place of the row with the same id."""
    marks = format_html_join("", '<span class="badge" data-state="{}">{}</span>', row["badges"])
    if row["snoozed"]:
        marks += format_html('<span class="badge truncate" data-state="held">{}</span>', row["snoozed"])
    elif row["contact"]:
        marks += format_html('<span class="work-contact truncate">{}</span>', row["contact"])
    current = _NOTHING
    if row["current"]:
        current = _FOCUSED if focus else _CURRENT
    return format_html(
        _ROW,
        **{name: row[name] for name in ("id", "url", "name", "money", "why", "next")},
        owner=format_html(" · {}", row["owner"]) if row["owner"] else _NOTHING,
        oob=_OOB if oob else _NOTHING,
        tab="0" if row["current"] else "-1",
        current=current,
        marks=marks,
    )
