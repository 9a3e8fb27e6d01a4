"""Sample data for the style guide: every component in every state. Nothing here is real and nothing is read."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django import forms

from collections_app.web import charts
from collections_app.web.aging_scale import AGING_STEPS
from collections_app.web.pagination import KeysetPage
from collections_app.web.styleguide_work import work_context
from collections_app.web.writing import amount_text, short_amount

ON = date(2026, 11, 21)
STATES = (
    ("ok", "Paid"),
    ("attention", "Due soon"),
    ("late", "34 days late"),
    ("critical", "Final notice"),
    ("disputed", "Disputed"),
    ("promised", "Promised for 25 Nov"),
    ("held", "On hold"),
)
SHEETS = tuple(f"css/pages/{name}.css" for name in ("worklist", "account", "disputes", "team"))
LOOKS = (("Light", "light", "comfortable"), ("Dark", "dark", "comfortable"), ("Compact", "light", "compact"))
COLOURS = ("canvas", "surface", "raised", "sunken", "line", "line-strong", "ink", "ink-2", "ink-3", "accent", "focus")
_MONTHS = ("Jun", "Jul", "Aug", "Sep", "Oct", "Nov")


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(help_text="As it stands on the invoice.")
    due_on = forms.DateField(label="Promised for", widget=forms.DateInput(attrs={"type": "date"}))
    amount = forms.DecimalField(widget=forms.TextInput(attrs={"inputmode": "decimal"}), max_digits=19, decimal_places=4)
    reason = forms.ChoiceField(
        choices=[("", "Choose a reason"), ("price", "Price differs"), ("goods", "Goods missing")]
    )
    channel = forms.ChoiceField(
        choices=[("mail", "E-mail"), ("call", "Call")], widget=forms.RadioSelect, initial="mail"
    )
    text = forms.CharField(label="Note", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    proof = forms.FileField(label="File", required=False)
    everyone = forms.BooleanField(label="Show this note to the whole team", required=False)


class SmallForm(forms.Form):
    """Fields that stand in one line."""

    day = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    text = forms.CharField(label="Words", required=False)
    amount = forms.DecimalField(widget=forms.TextInput(attrs={"inputmode": "decimal"}), max_digits=19, decimal_places=4)
    days = forms.IntegerField(widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "num-input"}))


def styleguide_context() -> dict[str, Any]:
    """Everything the style guide page shows."""
    refused = SampleForm({"name": "", "amount": "1,5,5", "reason": "price", "channel": "mail"}, auto_id="refused_%s")
    refused.is_valid()
    amounts = dict(
        zip((step.key for step in AGING_STEPS), map(Decimal, (18200, 12480, 9310, 0, 4120, 4100)), strict=True)
    )
    columns = _columns()
    return {
        "states": STATES,
        "sheets": SHEETS,
        "looks": LOOKS,
        "work": work_context(),
        "colours": COLOURS,
        "sizes": ("12", "13", "14", "16", "20", "28"),
        "form": SampleForm(auto_id="sample_%s"),
        "refused": refused,
        "small": SmallForm(auto_id="small_%s"),
        "on": ON,
        "late_on": date(2026, 10, 18),
        "soon_on": date(2026, 11, 26),
        "amounts": amounts,
        "amount": Decimal("12480.00"),
        "credit": Decimal("-320.50"),
        "days": (-3, 12, 45, 75, 100, 200),
        "page": KeysetPage([], "a", "b"),
        "events": _events(),
        "crumbs": [("Accounts", "#"), ("Meyer Anlagenbau GmbH", "#"), ("Invoice 2026-0431", "")],
        "tabs": [("Open items", "#items", 12), ("Timeline", "#timeline", None), ("Disputes", "#disputes", 1)],
        "menu_items": [("Export as CSV", "#"), ("Export as XLSX", "#")],
        "bars": charts.horizontal_bars(
            "guide-bars", "Overdue by collector", "Three collectors, largest first.", _bars()
        ),
        "bars_rows": charts.bars_table(_bars()),
        "bars_columns": [("Collector", False), ("Overdue", True)],
        "stack": charts.stacked_columns("guide-stack", "Open amount by age", "Six months.", columns, _write),
        "stack_rows": charts.columns_table(columns, _write_exactly),
        "stack_columns": [("Month", False), *((str(step.label), True) for step in AGING_STEPS), ("Total", True)],
        "line": charts.line_chart(
            "guide-line", "Days sales outstanding", "Falling since July.", _points(), str, _second()
        ),
        "line_rows": charts.bars_table(_points()),
        "line_columns": [("Month", False), ("Days", True)],
        "overdue_spark": charts.spark(
            "guide-spark", "Overdue over six months, falling", [point.value for point in _points()]
        ),
    }


def _write(value: Decimal) -> str:
    return short_amount(value, "EUR")


def _write_exactly(value: Decimal) -> str:
    return amount_text(value, "EUR")


def _bars() -> list[charts.Bar]:
    sums = (("Ada Analyst", 84120), ("Ben Berger", 51300), ("Chiara Conti", 12480))
    return [charts.Bar(name, Decimal(value), _write_exactly(Decimal(value)), "#bars") for name, value in sums]


def _points() -> list[charts.Bar]:
    return [
        charts.Bar(month, Decimal(days), f"{days} days")
        for month, days in zip(_MONTHS, (52, 55, 49, 47, 44, 41), strict=True)
    ]


def _second() -> list[Decimal]:
    return [Decimal(days) for days in (40, 40, 38, 38, 37, 37)]


def _columns() -> list[charts.Column]:
    made = []
    for index, month in enumerate(_MONTHS):
        parts = [Decimal(amount * (10 - index)) for amount in (4200, 2600, 1900, 900, 500, 700)]
        made.append(charts.Column(month, parts, _write_exactly(sum(parts, Decimal(0))), "#stack"))
    return made


def _events() -> list[SimpleNamespace]:
    def event(text: str, icon: str, state: str, hour: int, **more: str) -> SimpleNamespace:
        at = datetime(2026, 11, 20, hour, 2, 11, tzinfo=UTC)
        return SimpleNamespace(
            **({"text": text, "icon": icon, "state": state, "at": at, "url": "", "note": "", "detail": ""} | more)
        )

    return [
        event("Payment of €1,200.00 received", "banknote", "ok", 14),
        event("Reminder 2 delivered", "mail-check", "", 11, note="opened, may be automatic", url="#mail"),
        event("Promise broken", "calendar-x", "late", 9, detail="€500.00 was promised for 19 Nov; nothing came."),
        event("Dispute opened", "message-square-warning", "disputed", 8, detail="Goods missing on invoice 2026-0431."),
    ]
