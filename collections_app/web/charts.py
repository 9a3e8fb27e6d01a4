"""Charts as SVG made on the server: the same drawing in the page, on paper and in a PDF, without a script.

Pure functions: figures and words in, safe markup out. Coordinates are computed with Decimal and whole numbers. Colours come
from classes; `fill` and `stroke` attributes stand in where no style sheet reaches. Nothing is queried or formatted here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from collections_app.web.aging_scale import AGING_STEPS

ACCENT, GRID, AXIS, INK, INK_2, PAPER = "#0e5a5e", "#dfe4e1", "#7f8a85", "#141c19", "#414c47", "#ffffff"
WIDTH = 760
Write = Callable[[Decimal], str]
Cells = list[list[object]]
_ZERO = Decimal(0)
_EMPTY = SafeString("")


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
    top = max((bar.value for bar in bars), default=_ZERO)
    rows = format_html_join("", "{}", ((_bar_row(bar, index, top),) for index, bar in enumerate(bars)))
    return _svg(name, title, description, WIDTH, max(len(bars), 1) * 28, rows)


def stacked_columns(name: str, title: str, description: str, columns: Sequence[Column], write: Write) -> SafeString:
    """One stack per month, not due at the bottom, latest on top; gridlines with labels by `write`, total above each."""
    left, base, height = 56, 224, 192
    top = nice_top(max((sum(map(_positive, column.parts), _ZERO) for column in columns), default=_ZERO))
    step = (WIDTH - left) // max(len(columns), 1)
    stacks = format_html_join(
        "",
        "{}",
        ((_stack(column, name, left + i * step, step, base, height, top),) for i, column in enumerate(columns)),
    )
    grid = _grid(left, base, height, top, write)
    return _svg(name, title, description, WIDTH, base + 28, format_html("{}{}{}", _patterns(name), grid, stacks))


def line_chart(
    name: str, title: str, description: str, points: Sequence[Bar], write: Write, second: Sequence[Decimal] = ()
) -> SafeString:
    """A line over time from zero, an optional second one dashed, the last value written at its end."""
    left, base, height = 56, 184, 152
    values = [point.value for point in points]
    top = nice_top(max([*values, *second], default=_ZERO))
    main = _places(values, left + 8, WIDTH - 96, base, height, top)
    other = _places(second, left + 8, WIDTH - 96, base, height, top)
    ticks = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="middle" fill="{}">{}</text>',
        ((x, base + 18, INK_2, points[i].label) for i, (x, _) in enumerate(main) if _is_tick(i, len(points))),
    )
    drawn = [
        _grid(left, base, height, top, write),
        ticks,
        _polyline(other, "chart-line second", INK_2),
        _polyline(main),
    ]
    if main:
        x, y = main[-1]
        drawn.append(format_html('<circle class="chart-dot" cx="{}" cy="{}" r="4" fill="{}"/>', x, y, ACCENT))
        drawn.append(_text(x + 10, y + 4, points[-1].text, "chart-value"))
    return _svg(name, title, description, WIDTH, base + 28, _joined(drawn))


def spark(name: str, title: str, values: Sequence[Decimal]) -> SafeString:
    """A word-sized line without axes, from the lowest to the highest value; a dot marks the last."""
    low, high = min(values, default=_ZERO), max(values, default=_ZERO)
    places = _places([value - low for value in values], 3, 90, 21, 18, (high - low) or Decimal(1))
    dot = (
        format_html('<circle class="chart-dot" cx="{}" cy="{}" r="3" fill="{}"/>', *places[-1], ACCENT)
        if places
        else _EMPTY
    )
    return _svg(name, title, "", 96, 24, _joined([_polyline(places), dot]), "chart spark")


def aging_bar(name: str, title: str, parts: Sequence[Decimal], urls: Sequence[str] = ()) -> SafeString:
    """One flat bar split by aging step, as wide as its place. Credits (negative parts) draw nothing."""
    total = sum(map(_positive, parts), _ZERO)
    pieces, x = [], 0
    for index, part in enumerate(parts):
        width = _scaled(part, total, 1000)
        url = urls[index] if index < len(urls) else ""
        pieces.append(_linked(_piece(name, index, x, 0, width, 12), url, str(AGING_STEPS[index].label)))
        x += width
    return _svg(name, title, "", 1000, 12, _joined([_patterns(name), *pieces]), stretch=True)


def nice_top(value: Decimal) -> Decimal:
    """The lowest of 1, 2, 4, 5, 8 or 10 times a power of ten that is not below the value; 1 for zero and less."""
    if value <= 0:
        return Decimal(1)
    power = Decimal(1).scaleb(value.adjusted())
    return next(power * factor for factor in (1, 2, 4, 5, 8, 10) if power * factor >= value)


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
    width = _scaled(bar.value, top, room)
    rect = format_html(
        '<rect class="chart-bar" x="{}" y="{}" width="{}" height="16" rx="2" fill="{}"/>', left, y + 6, width, ACCENT
    )
    words = [
        _text(0, y + 19, bar.label),
        _linked(rect, bar.url, bar.label),
        _text(left + width + 8, y + 19, bar.text, "chart-value"),
    ]
    return _joined(words)


def _stack(column: Column, name: str, x: int, step: int, base: int, height: int, top: Decimal) -> SafeString:
    width, y, pieces = min(step * 7 // 10, 56), base, []
    inner = x + (step - width) // 2
    for index, part in enumerate(column.parts):
        tall = _scaled(part, top, height)
        y -= tall
        pieces.append(_piece(name, index, inner, y, width, tall))
    middle = x + step // 2
    return _joined(
        [
            _linked(_joined(pieces), column.url, f"{column.label}: {column.text}"),
            format_html(
                '<text x="{}" y="{}" text-anchor="middle" fill="{}">{}</text>', middle, base + 18, INK_2, column.label
            ),
        ]
    )


def _piece(name: str, index: int, x: int, y: int, width: int, height: int) -> SafeString:
    if not width or not height:
        return _EMPTY
    step = AGING_STEPS[index]
    colour = format_html(
        '<rect class="age-{} chart-gap" x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}"/>',
        *(index, x, y, width, height, step.fill, PAPER),
    )
    if not step.pattern:
        return colour
    over = '<rect class="chart-pattern" x="{}" y="{}" width="{}" height="{}" fill="url(#{}-p{})"/>'
    return format_html("{}{}", colour, format_html(over, x, y, width, height, name, index))


def _patterns(name: str) -> SafeString:
    tile = (
        '<pattern id="{}-p{}" width="8" height="8" patternUnits="userSpaceOnUse">'
        '<path d="{}" stroke="{}" stroke-width="1.4" fill="none"/></pattern>'
    )
    tiles = ((name, step.step, step.pattern, PAPER) for step in AGING_STEPS if step.pattern)
    return format_html("<defs>{}</defs>", format_html_join("", tile, tiles))


def _grid(left: int, base: int, height: int, top: Decimal, write: Write) -> SafeString:
    lines = []
    for quarter in range(5):
        y = base - height * quarter // 4
        kind, colour = ("chart-grid", GRID) if quarter else ("chart-axis", AXIS)
        lines.append((kind, left, y, WIDTH, y, colour, left - 8, y + 4, INK_2, write(top * quarter / 4)))
    line = (
        '<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}"/>'
        '<text x="{}" y="{}" text-anchor="end" fill="{}">{}</text>'
    )
    return format_html_join("", line, lines)


def _places(
    values: Sequence[Decimal], left: int, right: int, base: int, height: int, top: Decimal
) -> list[tuple[int, int]]:
    gaps = max(len(values) - 1, 1)
    return [(left + (right - left) * i // gaps, base - _scaled(value, top, height)) for i, value in enumerate(values)]


def _polyline(places: Sequence[tuple[int, int]], kind: str = "chart-line", colour: str = ACCENT) -> SafeString:
    if not places:
        return _EMPTY
    dash = "4 3" if "second" in kind else "none"
    line = '<polyline class="{}" points="{}" fill="none" stroke="{}" stroke-width="2" stroke-dasharray="{}"/>'
    return format_html(line, kind, " ".join(f"{x},{y}" for x, y in places), colour, dash)


def _svg(
    name: str,
    title: str,
    description: str,
    width: int,
    height: int,
    body: SafeString,
    kind: str = "chart",
    *,
    stretch: bool = False,
) -> SafeString:
    words = format_html('<title id="{}-t">{}</title>', name, title)
    labelled = f"{name}-t"
    if description:
        words = format_html('{}<desc id="{}-d">{}</desc>', words, name, description)
        labelled = f"{name}-t {name}-d"
    frame = '<svg class="{}" viewBox="0 0 {} {}" width="{}" height="{}" preserveAspectRatio="{}" {} aria-labelledby="{}">{}{}</svg>'
    aspect = "none" if stretch else "xMinYMin meet"
    # A picture hides what is inside it from screen readers; with links inside it must be a group instead.
    role = SafeString('role="group"' if "<a " in body else 'role="img"')
    return format_html(frame, kind, width, height, width, height, aspect, role, labelled, words, body)


def _text(x: int, y: int, words: str, kind: str = "chart-label") -> SafeString:
    return format_html('<text class="{}" x="{}" y="{}" fill="{}">{}</text>', kind, x, y, INK, words)


def _linked(shape: SafeString, url: str, words: str) -> SafeString:
    return format_html('<a href="{}" aria-label="{}">{}</a>', url, words, shape) if url and shape else shape


def _scaled(value: Decimal, top: Decimal, room: int) -> int:
    """Whole units for a value; something above zero is never invisible."""
    if value <= 0 or top <= 0:
        return 0
    return max(1, int((value * room / top).to_integral_value()))


def _positive(value: Decimal) -> Decimal:
    return max(value, _ZERO)


def _is_tick(index: int, count: int) -> bool:
    every = int((Decimal(count) / 8).to_integral_value(ROUND_CEILING)) or 1
    return index % every == 0


def _joined(parts: Sequence[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))
