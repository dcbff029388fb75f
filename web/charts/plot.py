"""What the charts share: scales, axes, marks, labels that do not collide, the frame of the SVG.

Only presentation attributes and classes (static/charts/charts.css), so that a chart can stand in a page with
a strict policy or in a file of its own. A chart is one picture (`role="img"`): what it shows stands in
a table beside it, with the links.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from math import ceil, floor, log10
from typing import NamedTuple

from markupsafe import Markup

from kg.language.dates import format_day
from kg.language.width import text_width
from web.charts import timescale
from web.charts.svg import Pattern, joined
from web.charts.svg import short as n

SIZE = 13.0  # of words
LINE = 18.0  # height of a label
REACH = 6.0  # from the middle of a mark to its edge
_LEGEND_ROW = 24.0
_CREDIT = 22.0  # height of the line that says whose data it is

# Drawn around 0,0; series differ in shape as well as in color.
MARKS = (
    '<circle r="5"/>',
    '<path d="M-4.7-4.7H4.7V4.7H-4.7z"/>',
    '<path d="M0-6 5.6 4.4H-5.6z"/>',
    '<path d="M0-6.2 6.2 0 0 6.2-6.2 0z"/>',
    '<path d="M0 6-5.6-4.4H5.6z"/>',
    '<path d="M-1.9-5.6H1.9V-1.9H5.6V1.9H1.9V5.6H-1.9V1.9H-5.6V-1.9H-1.9z"/>',
    '<path d="M-3.1-5.4H3.1L6.2 0 3.1 5.4H-3.1L-6.2 0z"/>',
)
OTHER = '<circle r="3.4"/>'


class Canvas(NamedTuple):
    """How a chart is to be drawn."""

    lang: str  # of dates and numbers
    gettext: Callable[[str], str]  # translates a word of the interface
    width: float = 1040  # pixels
    alone: Markup = Markup("")  # for a file of its own: its style
    credit: str = ""  # for a file of its own: whose data it shows, and of when


class Rectangle(NamedTuple):
    """A rectangle on the drawing."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Rectangle) -> bool:
        """Whether two rectangles share any ground."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def within(self, frame: Rectangle) -> bool:
        """Whether a rectangle stands inside another."""
        return (
            frame.left <= self.left
            and self.right <= frame.right
            and frame.top <= self.top
            and self.bottom <= frame.bottom
        )


class PlacedLabel(NamedTuple):
    """A word at its place; `x` is where it starts."""

    x: float
    y: float  # baseline
    text: str
    box: Rectangle


class Log:
    """A logarithmic scale between two places; whole decades, or less where all lies in one.

    Args:
        values: all that is to be shown, above 0.
        start, end: the places of the lowest and the highest.
    """

    def __init__(self, values: Iterable[float], start: float, end: float) -> None:
        known = [log10(value) for value in values]
        middle, half = (min(known) + max(known)) / 2, (max(known) - min(known)) / 2 + 0.12
        half = max(half, 0.55)  # a decade at least, so that a round value is on it
        self.low, self.high = middle - half, middle + half
        self._start, self._end = start, end

    def at(self, value: float) -> float:
        """The place of a value."""
        share = (log10(value) - self.low) / (self.high - self.low)
        return self._start + share * (self._end - self._start)

    def ticks(self) -> list[float]:
        """Round values on the scale: tens, and where those are few their halves and fifths too."""
        exponents = range(floor(self.low), ceil(self.high) + 1)
        for steps in ((1,), (1, 3), (1, 2, 5)):
            found = [
                10.0**e * s
                for e in exponents
                for s in steps
                if self.low <= log10(10.0**e * s) <= self.high
            ]
            if len(found) > 2:
                return found
        return found


def round_steps(low: float, high: float, about: int = 5) -> list[float]:
    """Round values from below `low` to above `high`, about so many.

    >>> round_steps(0, 17), round_steps(62.5, 88.7)
    ([0, 5, 10, 15, 20], [60, 65, 70, 75, 80, 85, 90])
    """
    span = high - low
    if span < 1e-6 * max(1.0, abs(high)):  # as good as one value
        span = abs(high) if abs(high) > 1e-6 else 1.0
    raw = span / about
    unit: float = 10 ** floor(log10(raw))
    step = next(unit * k for k in (1, 2, 2.5, 5, 10) if unit * k >= raw)
    first, last = floor(low / step), ceil(high / step)
    return [round(step * i, 10) for i in range(first, max(last, first + 1) + 1)]


def labels(
    wanted: Sequence[tuple[float, float, str]],
    taken: Iterable[Rectangle],
    frame: Rectangle,
    size: float = SIZE,
    most: int = 40,
) -> list[PlacedLabel]:
    """Words beside points, as many as find a free place; the first come first.

    Args:
        wanted: the points with their words, the most important first.
        taken: where nothing may stand, such as the points themselves.
        frame: what the words must stay inside of.
        size: of the words, in pixels.
        most: no more than so many.
    """
    ground, placed = _Ground(taken), list[PlacedLabel]()
    for x, y, text in wanted:
        wide = text_width(text, size)
        for left, middle in _beside(x, y, wide):
            box = Rectangle(left - 1, middle - size * 0.62, left + wide + 1, middle + size * 0.62)
            if box.within(frame) and ground.is_free(box):
                placed.append(PlacedLabel(left, middle + size * 0.35, text, box))
                ground.take(box)
                break
        if len(placed) >= most:
            break
    return placed


class _Ground:
    """Where something stands, by bands across the drawing, so that few rectangles are compared."""

    def __init__(self, taken: Iterable[Rectangle]) -> None:
        self._bands: defaultdict[int, list[Rectangle]] = defaultdict(list)
        for box in taken:
            self.take(box)

    def take(self, box: Rectangle) -> None:
        for band in _bands_of(box):
            self._bands[band].append(box)

    def is_free(self, box: Rectangle) -> bool:
        left, top, right, bottom = box
        for band in _bands_of(box):
            for x, y, end, low in self._bands.get(band, ()):
                if x < right and left < end and y < bottom and top < low:
                    return False
        return True


def _bands_of(box: Rectangle) -> range:
    return range(int(box.top // LINE), int(box.bottom // LINE) + 1)


def _beside(x: float, y: float, wide: float) -> tuple[tuple[float, float], ...]:
    """Where a word may start, and its middle: right of a point, left, above, below."""
    away = REACH + 3
    return (
        (x + away, y),
        (x - away - wide, y),
        (x - wide / 2, y - away - 6),
        (x - wide / 2, y + away + 6),
    )


def draw_labels(found: Iterable[PlacedLabel]) -> Markup:
    """Labels as SVG."""
    texts = (Pattern('<text x="{}" y="{}">{}</text>').format(n(f.x), n(f.y), f.text) for f in found)
    return Pattern('<g class="words">{}</g>').format(joined(texts))


def mark(shape: str, color: str, x: float, y: float, told: str = "") -> Markup:
    """A mark at its place; what is told of it shows when it is pointed at."""
    title = Pattern("<title>{}</title>").format(told) if told else ""
    return Pattern('<g class="mark {}" transform="translate({} {})">{}{}</g>').format(
        color, n(x), n(y), title, Markup(shape)
    )


def legend(items: Iterable[tuple[Markup, str]], width: float, top: float) -> tuple[Markup, float]:
    """Samples with their words in as many rows as they need, and the height of them.

    Args:
        items: each a sample drawn around 0,0 and its word.
        width: of the drawing.
        top: where the legend begins.
    """
    x, y, drawn = 12.0, top + _LEGEND_ROW / 2, list[Markup]()
    for sample, word in items:
        wide = 22 + text_width(word, SIZE)
        if x > 12 and x + wide > width:
            x, y = 12.0, y + _LEGEND_ROW
        drawn.append(
            Pattern('<g transform="translate({} {})">{}<text x="13" y="4.5">{}</text></g>').format(
                n(x), n(y), sample, word
            )
        )
        x += wide + 16
    return Pattern('<g class="key">{}</g>').format(joined(drawn)), y - top + _LEGEND_ROW / 2


def months(
    scale: timescale.Scale, canvas: Canvas, top: float, bottom: float, above: bool = False
) -> Iterator[Markup]:
    """The time axis: lines, and under them months or years; also above them where a chart is too tall to see both ends."""
    widest = format_day(dt.date(2023, 12, 1), "yMMM", canvas.lang)
    step, ticks = timescale.ticks(scale, 16 + text_width(widest, 12.5))
    for tick in ticks:
        skeleton = "y" if step >= 12 or (tick.year and step == 6) else "yMMM"
        word = format_day(tick.day, skeleton, canvas.lang)
        yield Pattern(
            '<path d="M{x} {top}V{bottom}"/><text x="{x}" y="{y}" text-anchor="middle">{word}</text>'
        ).format(x=n(tick.x), top=n(top), bottom=n(bottom), y=n(bottom + 18), word=word)
        if above:
            yield Pattern('<text x="{x}" y="{y}" text-anchor="middle">{word}</text>').format(
                x=n(tick.x), y=n(top - 6), word=word
            )


def levels(values: Iterable[tuple[float, str]], left: float, right: float) -> Iterator[Markup]:
    """The lines across and their words; each a place and a word."""
    for y, word in values:
        yield Pattern(
            '<path d="M{l} {y}H{r}"/><text x="{x}" y="{t}" text-anchor="end">{word}</text>'
        ).format(l=n(left), r=n(right), y=n(y), x=n(left - 7), t=n(y + 4.5), word=word)


def svg(
    canvas: Canvas,
    height: float,
    title: str,
    parts: Iterable[Markup],
    head: str = "",
    role: str = "img",
) -> Markup:
    """The frame of a chart; one that stands alone says under it whose data it shows.

    Args:
        canvas: how it is drawn.
        height: in pixels.
        title: what it shows, for those who do not see it.
        parts: the drawing.
        head: definitions that the parts refer to.
        role: img, or group where it holds links.
    """
    own = Markup("")
    if canvas.alone:
        height += _CREDIT if canvas.credit else 0
        own = Pattern(
            "<title>{}</title><desc>{}</desc><style>{}</style>"
            '<rect class="paper" width="{}" height="{}"/>'
        ).format(title, canvas.credit or title, canvas.alone, n(canvas.width), n(height))
    return Pattern(
        '<svg xmlns="http://www.w3.org/2000/svg" class="plot" role="{role}" viewBox="0 0 {w} {h}" '
        'width="{w}" height="{h}" lang="{lang}" aria-label="{title}">{own}{head}{body}{credit}</svg>'
    ).format(
        role=role,
        w=n(canvas.width),
        h=n(height),
        lang=canvas.lang,
        title=title,
        own=own,
        head=head,
        body=joined(parts),
        credit=_credit(canvas, height),
    )


def _credit(canvas: Canvas, height: float) -> Markup:
    if not canvas.alone or not canvas.credit:
        return Markup("")
    return Pattern('<text class="soft credit" x="12" y="{}">{}</text>').format(
        n(height - 8), canvas.credit
    )
