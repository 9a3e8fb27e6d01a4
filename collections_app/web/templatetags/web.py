"""Template tags of the furniture: amounts, dates, states, icons, links that keep the query, fields. They only write;
what to write is decided before the template."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import lucide as lucide_icons
from django import template
from django.forms import BoundField, Form, widgets
from django.template import RequestContext
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from collections_app.web import charts
from collections_app.web.aging_scale import AGING_STEPS, aging_step, step_for_days
from collections_app.web.fragments import UNDO_TAG
from collections_app.web.writing import amount_html, day_html, moment_html, short_amount

register = template.Library()

STATES = ("ok", "attention", "late", "critical", "disputed", "promised", "held")
_TONES = {"success": "ok", "warning": "attention", "error": "critical"}


@register.filter("money")
def money_filter(amount: Decimal, currency: str) -> SafeString:
    """{{ invoice.open|money:invoice.currency }}"""
    return amount_html(amount, currency)


@register.simple_tag
def money(amount: Decimal, currency: str) -> SafeString:
    """{% money amount currency %} for lists of one currency."""
    return amount_html(amount, currency)


@register.simple_tag
def money_code(amount: Decimal, currency: str) -> SafeString:
    """{% money_code amount currency %} with the ISO code, for lists that mix currencies."""
    return amount_html(amount, currency, with_code=True)


@register.simple_tag
def money_short(amount: Decimal, currency: str) -> str:
    """{% money_short amount currency %}: '€84K', where the exact amount is near by."""
    return short_amount(amount, currency)


@register.simple_tag(takes_context=True)
def day(context: Mapping[str, Any], value: date | None, on: date | None = None, kind: str = "") -> str:
    """{% day value %}: '3 Nov 2026'. With on=as_of also the distance; with kind="due" it counts days late."""
    return day_html(value, on=on, due=kind == "due") if value else "–"


@register.simple_tag
def moment(value: datetime | None, on: date | None = None) -> str:
    """{% moment value on=as_of %}: '14:02' on the day, else '3 Nov 14:02'."""
    return moment_html(value, on=on) if value else "–"


@register.simple_tag
def state_badge(state: str, word: str) -> SafeString:
    """{% state_badge "late" "34 days late" %}; an unknown state reads as held rather than breaking a page."""
    return format_html('<span class="badge" data-state="{}">{}</span>', state if state in STATES else "held", word)


@register.simple_tag
def age_badge(days_late: int) -> SafeString:
    """{% age_badge 34 %}: the bucket's words beside a swatch of its colour."""
    step = step_for_days(days_late)
    return format_html('<span class="badge" data-age="{}">{}</span>', step.step, step.label)


@register.simple_tag
def icon(name: str, label: str = "", size: int = 16) -> SafeString:
    """{% icon "mail" %} beside a word; with a label it speaks for itself. Unknown names raise IconDoesNotExist."""
    return _icon(str(name), str(label), size)


@lru_cache(maxsize=512)
def _icon(name: str, label: str, size: int) -> SafeString:
    spoken = {"role": "img", "aria-label": label} if label else {"aria-hidden": "true"}
    made: str = lucide_icons._render_icon(name, size, **{"class": "icon", "stroke_width": "1.75"}, **spoken)
    return mark_safe(made)  # noqa: S308 (attributes are escaped by ElementTree)


@register.simple_tag(takes_context=True)
def url_with_query(context: RequestContext, **changes: object) -> str:
    """{% url_with_query sort="due" after=None %}: this page's address with these parameters; None and '' remove one."""
    request = context["request"]
    query = request.GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"{request.path}?{query.urlencode()}" if query else str(request.path)


@register.inclusion_tag("web/components/sort_header.html", takes_context=True)
def sort_header(
    context: RequestContext, column: str, label: str, *, numeric: bool = False, target: str = "", default: str = ""
) -> dict[str, Any]:
    """{% sort_header "due" "Due" numeric=True target="#list" default="-due" %}: a <th> that sorts."""
    current = context["request"].GET.get("sort") or default
    turned = f"-{column}" if current == column else column
    direction = {column: "ascending", f"-{column}": "descending"}.get(current, "")
    url = url_with_query(context, sort=turned, after=None, before=None)
    return {"label": label, "numeric": numeric, "target": target, "direction": direction, "url": url}


@register.inclusion_tag("web/components/field.html")
def field(bound: BoundField, currency: str = "", kind: str = "", label: str = "") -> dict[str, Any]:
    """{% field form.amount currency="EUR" %}: label, control, help and errors, tied together for screen readers.

    kind is guessed from the widget; label replaces the form's own."""
    if label:
        bound.label = label
    return {"field": bound, "kind": kind or _kind(bound), "currency": currency, "optional": _("(optional)")}


@register.inclusion_tag("web/components/error_summary.html")
def error_summary(form: Form) -> dict[str, Any]:
    """{% error_summary form %}: "There is a problem", focused, with a link to each field. Empty when all is well."""
    return {"form": form}


def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    kinds: list[tuple[type[widgets.Widget], str]] = [
        (widgets.CheckboxInput, "checkbox"),
        (widgets.CheckboxSelectMultiple, "choices"),
        (widgets.RadioSelect, "choices"),
        (widgets.Select, "select"),
        (widgets.Textarea, "textarea"),
        (widgets.ClearableFileInput, "file"),
        (widgets.DateInput, "date"),
        (widgets.NumberInput, "number"),
    ]
    if widget.attrs.get("inputmode") == "decimal":
        return "money"
    return next((name for cls, name in kinds if isinstance(widget, cls)), "text")


@register.inclusion_tag("web/components/aging_strip.html")
def aging_strip(name: str, amounts: Mapping[str, Decimal], currency: str, *, mini: bool = False) -> dict[str, Any]:
    """{% aging_strip "customer-7" amounts "EUR" %}: amounts by bucket key ('not_due' … '120+'), missing ones are zero.

    mini=True draws the bar alone. `name` must be unique on the page.
    """
    unknown = set(amounts) - {step.key for step in AGING_STEPS} - {"total"}
    if unknown:
        aging_step(unknown.pop())
    parts = [amounts.get(step.key, Decimal(0)) for step in AGING_STEPS]
    buckets = [
        {"label": step.label, "step": step.step, "amount": amount_html(part, currency), "empty": not part}
        for step, part in zip(AGING_STEPS, parts, strict=True)
    ]
    return {"svg": charts.aging_bar(name, _("Open amount by age"), parts), "buckets": buckets, "mini": mini}


@register.inclusion_tag("web/components/chart.html")
def chart(title: str, svg: SafeString, columns: Sequence[tuple[str, bool]], rows: charts.Cells) -> dict[str, Any]:
    """{% chart title svg columns rows %}: the drawing with its caption and the table that says the same."""
    return {"title": title, "svg": svg, "columns": columns, "rows": rows}


@register.filter
def numeric_at(columns: Sequence[tuple[str, bool]], index: int) -> bool:
    """Whether the column at this place holds figures."""
    return index < len(columns) and columns[index][1]


@register.filter
def undo_address(tags: str | None) -> str:
    """The undo URL that `fragments.toast` left in a message's extra tags."""
    return next((tag[len(UNDO_TAG) :] for tag in (tags or "").split() if tag.startswith(UNDO_TAG)), "")


@register.filter
def tone_of(level: str) -> str:
    """The tone of a banner for a message level."""
    return _TONES.get(level, "")
