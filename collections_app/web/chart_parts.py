"""The strokes charts are drawn with: rectangles, lines, words, links, the frame of a picture. They know no meaning."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from collections_app.web.aging_scale import AGING_STEPS

ACCENT, GRID, AXIS, INK, INK_2, PAPER = "#0e5a5e", "#dfe4e1", "#7f8a85", "#141c19", "#414c47", "#ffffff"
WIDTH = 760
ZERO = Decimal(0)
NOTHING = SafeString("")
Write = Callable[[Decimal], str]


def aging_piece(name: str, index: int, x: int, y: int, width: int, height: int) -> SafeString:
    """One rectangle in an aging step's colour, its pattern for paper over it; nothing when it has no size."""
    if not width or not height:
        return NOTHING
    step = AGING_STEPS[index]
    colour = format_html(
        '<rect class="age-{} chart-gap" x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}"/>',
        *(index, x, y, width, height, step.fill, PAPER),
    )
    if not step.pattern:
        return colour
    over = '<rect class="chart-pattern" x="{}" y="{}" width="{}" height="{}" fill="url(#{}-p{})"/>'
    return format_html("{}{}", colour, format_html(over, x, y, width, height, name, index))


def aging_patterns(name: str) -> SafeString:
    """The tiles of the aging steps, named for one chart, because names must be unique on a page."""
    tile = (
        '<pattern id="{}-p{}" width="8" height="8" patternUnits="userSpaceOnUse">'
        '<path d="{}" stroke="{}" stroke-width="1.4" fill="none"/></pattern>'
    )
    tiles = ((name, step.step, step.pattern, PAPER) for step in AGING_STEPS if step.pattern)
    return format_html("<defs>{}</defs>", format_html_join("", tile, tiles))


def grid(left: int, base: int, height: int, top: Decimal, write: Write) -> SafeString:
    """Five lines from zero to the top, with the value at each written by `write`; the zero line is stronger."""
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


def places(
    values: Sequence[Decimal], left: int, right: int, base: int, height: int, top: Decimal
) -> list[tuple[int, int]]:
    """Where each value stands: evenly from left to right, as high above the base as its share of the top."""
    gaps = max(len(values) - 1, 1)
    return [(left + (right - left) * i // gaps, base - scaled(value, top, height)) for i, value in enumerate(values)]


def polyline(places: Sequence[tuple[int, int]], kind: str = "chart-line", colour: str = ACCENT) -> SafeString:
    """A line through the places; nothing without places."""
    if not places:
        return NOTHING
    dash = "4 3" if "second" in kind else "none"
    line = '<polyline class="{}" points="{}" fill="none" stroke="{}" stroke-width="2" stroke-dasharray="{}"/>'
    return format_html(line, kind, " ".join(f"{x},{y}" for x, y in places), colour, dash)


def svg(
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
    """The picture around the body, with its title and description as its accessible name."""
    words = format_html('<title id="{}-t">{}</title>', name, title)
    labelled = f"{name}-t"
    if description:
        words = format_html('{}<desc id="{}-d">{}</desc>', words, name, description)
        labelled = f"{name}-t {name}-d"
    frame = (
        '<svg class="{}" viewBox="0 0 {} {}" width="{}" height="{}" preserveAspectRatio="{}" {} aria-labelledby="{}">'
        "{}{}</svg>"
    )
    aspect = "none" if stretch else "xMinYMin meet"
    # A picture hides what is inside it from screen readers; with links inside it must be a group instead.
    role = SafeString('role="group"' if "<a " in body else 'role="img"')
    return format_html(frame, kind, width, height, width, height, aspect, role, labelled, words, body)


def label(x: int, y: int, words: str, kind: str = "chart-label") -> SafeString:
    """Words at a place."""
    return format_html('<text class="{}" x="{}" y="{}" fill="{}">{}</text>', kind, x, y, INK, words)


def linked(shape: SafeString, url: str, words: str) -> SafeString:
    """The shape as a link with words of its own, or as it is without an address."""
    return format_html('<a href="{}" aria-label="{}">{}</a>', url, words, shape) if url and shape else shape


def scaled(value: Decimal, top: Decimal, room: int) -> int:
    """Whole units for a value; something above zero is never invisible."""
    if value <= 0 or top <= 0:
        return 0
    return max(1, int((value * room / top).to_integral_value()))


def positive(value: Decimal) -> Decimal:
    """The value, or zero when it is negative: a credit has no length."""
    return max(value, ZERO)


def joined(parts: Sequence[SafeString]) -> SafeString:
    """The parts one after the other."""
    return format_html_join("", "{}", ((part,) for part in parts))
