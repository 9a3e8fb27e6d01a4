"""Charts as SVG made on the server: the same drawing in the page, on paper and in a PDF, without a script.

Pure functions: figures and words in, safe markup out. Coordinates are computed with Decimal and whole numbers.
Colours come from classes; `fill` and `stroke` attributes stand in where no style sheet reaches. Must not query.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from collections_app.web.aging_scale import AGING_STEPS
from collections_app.web.chart_parts import (
    ACCENT,
    INK_2,
    NOTHING,
    WIDTH,
    ZERO,
    Write,
    aging_patterns,
    aging_piece,
    grid,
    joined,
    label,
    linked,
    places,
    polyline,
    positive,
    scaled,
    svg,
)

Cells = list[list[object]]
_ROUND = tuple(map(Decimal, ("1", "1.2", "1.6", "2", "2.4", "3.2", "4", "6", "8", "10")))


@dataclass(frozen=True, slots=True)
class Bar:
    """One labelled value. `text` is the value in words ("€84,120.00"); `url` leads to what is behind it."""

    label: str
    value: Decimal
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One stack: a label, one part per aging step (six), the total in words, and where a click leads."""

    label: str
    parts: Sequence[Decimal]
    text: str
    url: str = ""


def horizontal_bars(name: str, title: str, description: str, bars: Sequence[Bar]) -> SafeString:
    """One bar per row from zero, its label to the left and its value at its end. Negative values draw no bar."""
    top = max((bar.value for bar in bars), default=ZERO)
    rows = format_html_join("", "{}", ((_bar_row(bar, index, top),) for index, bar in enumerate(bars)))
    return svg(name, title, description, WIDTH, max(len(bars), 1) * 28, rows)


def stacked_columns(name: str, title: str, description: str, columns: Sequence[Column], write: Write) -> SafeString:
    """One stack per month, not due at the bottom, latest on top; gridlines with labels by `write`, total above each."""
    left, base, height = 56, 224, 192
    top = nice_top(max((sum(map(positive, column.parts), ZERO) for column in columns), default=ZERO))
    step = (WIDTH - left) // max(len(columns), 1)
    stacks = format_html_join(
        "",
        "{}",
        ((_stack(column, name, left + i * step, step, base, height, top),) for i, column in enumerate(columns)),
    )
    lines = grid(left, base, height, top, write)
    return svg(name, title, description, WIDTH, base + 28, format_html("{}{}{}", aging_patterns(name), lines, stacks))


def line_chart(
    name: str, title: str, description: str, points: Sequence[Bar], write: Write, second: Sequence[Decimal] = ()
) -> SafeString:
    """A line over time from zero, an optional second one dashed, the last value written at its end."""
    left, base, height = 56, 184, 152
    values = [point.value for point in points]
    top = nice_top(max([*values, *second], default=ZERO))
    main = places(values, left + 8, WIDTH - 96, base, height, top)
    other = places(second, left + 8, WIDTH - 96, base, height, top)
    ticks = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="middle" fill="{}">{}</text>',
        ((x, base + 18, INK_2, points[i].label) for i, (x, _) in enumerate(main) if _is_tick(i, len(points))),
    )
    drawn = [
        grid(left, base, height, top, write),
        ticks,
        polyline(other, "chart-line second", INK_2),
        polyline(main),
    ]
    if main:
        x, y = main[-1]
        drawn.append(format_html('<circle class="chart-dot" cx="{}" cy="{}" r="4" fill="{}"/>', x, y, ACCENT))
        drawn.append(label(x + 10, y + 4, points[-1].text, "chart-value"))
    return svg(name, title, description, WIDTH, base + 28, joined(drawn))


def spark(name: str, title: str, values: Sequence[Decimal]) -> SafeString:
    """A word-sized line without axes, from the lowest to the highest value; a dot marks the last."""
    low, high = min(values, default=ZERO), max(values, default=ZERO)
    steps = places([value - low for value in values], 3, 90, 21, 18, (high - low) or Decimal(1))
    dot = (
        format_html('<circle class="chart-dot" cx="{}" cy="{}" r="3" fill="{}"/>', *steps[-1], ACCENT)
        if steps
        else NOTHING
    )
    return svg(name, title, "", 96, 24, joined([polyline(steps), dot]), "chart spark")


def aging_bar(name: str, title: str, parts: Sequence[Decimal], urls: Sequence[str] = ()) -> SafeString:
    """One flat bar split by aging step, as wide as its place. Credits (negative parts) draw nothing."""
    total = sum(map(positive, parts), ZERO)
    pieces, x = [], 0
    for index, part in enumerate(parts):
        width = scaled(part, total, 1000)
        url = urls[index] if index < len(urls) else ""
        pieces.append(linked(aging_piece(name, index, x, 0, width, 12), url, str(AGING_STEPS[index].label)))
        x += width
    return svg(name, title, "", 1000, 12, joined([aging_patterns(name), *pieces]), "chart strip", stretch=True)


def nice_top(value: Decimal) -> Decimal:
    """A round number not below the value, whose quarters are round too (120 → 30, 60, 90); 1 for zero and less."""
    if value <= 0:
        return Decimal(1)
    power = Decimal(10) ** value.adjusted()
    return next(power * factor for factor in _ROUND if power * factor >= value)


def bars_table(bars: Sequence[Bar]) -> Cells:
    """The rows of the table that says the same as the bars or the line: label, value in words."""
    return [[_linked_words(bar.label, bar.url), bar.text] for bar in bars]


def columns_table(columns: Sequence[Column], write: Write) -> Cells:
    """The rows of the table that says the same as the stacks: label, each step written by `write`, total in words."""
    return [[_linked_words(c.label, c.url), *(write(part) for part in c.parts), c.text] for c in columns]


def _linked_words(words: str, url: str) -> str:
    return format_html('<a href="{}">{}</a>', url, words) if url else words


def _bar_row(bar: Bar, index: int, top: Decimal) -> SafeString:
    left, room, y = 200, WIDTH - 200 - 130, index * 28
    width = scaled(bar.value, top, room)
    rect = format_html(
        '<rect class="chart-bar" x="{}" y="{}" width="{}" height="16" rx="2" fill="{}"/>', left, y + 6, width, ACCENT
    )
    words = [
        label(0, y + 19, bar.label),
        linked(rect, bar.url, bar.label),
        label(left + width + 8, y + 19, bar.text, "chart-value"),
    ]
    return joined(words)


def _stack(column: Column, name: str, x: int, step: int, base: int, height: int, top: Decimal) -> SafeString:
    width, y, pieces = min(step * 7 // 10, 56), base, []
    inner = x + (step - width) // 2
    for index, part in enumerate(column.parts):
        tall = scaled(part, top, height)
        y -= tall
        pieces.append(aging_piece(name, index, inner, y, width, tall))
    middle = x + step // 2
    return joined(
        [
            linked(joined(pieces), column.url, f"{column.label}: {column.text}"),
            format_html(
                '<text x="{}" y="{}" text-anchor="middle" fill="{}">{}</text>', middle, base + 18, INK_2, column.label
            ),
        ]
    )


def _is_tick(index: int, count: int) -> bool:
    every = int((Decimal(count) / 8).to_integral_value(ROUND_CEILING)) or 1
    return index % every == 0
