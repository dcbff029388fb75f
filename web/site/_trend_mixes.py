"""The mixes on `/trends`: what may be done with the models of each year, and what is known of their data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import msgspec
from flask import url_for
from markupsafe import Markup

from kg.answers.boards.mixes import (
    DATA_KINDS,
    DataKind,
    find_data_mix,
    find_whole_mix,
)
from kg.answers.license_mix import list_verdicts
from kg.language.numbers import number
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot
from web.app.i18n import mark, translator
from web.charts import stacks
from web.charts.plot import Canvas
from web.charts.stacks import BLANK, FULL, STRIPES, StackColumn, StackPart
from web.ui.figure import FORMATS, Figure, on_page
from web.ui.mix import FEW, verdict_columns, verdict_parts

_EARLY = 0.04  # of all models: so few may stand before the years that are drawn
_DATA_LOOKS: Mapping[DataKind, tuple[str, str, str]] = {
    "outputs": (mark("learned from what a model wrote"), "c2", FULL),
    "named": (mark("data named, none of it known to be written by a model"), "c1", STRIPES),
    "none": (mark("no data named"), "c0", BLANK),
}


class MixTopic(NamedTuple):
    """One mix of the page."""

    title: str  # English, marked for translation
    about: str


MIXES: Mapping[str, MixTopic] = {
    "licenses": MixTopic(
        mark("Licenses over time"),
        mark(
            "Whether the models of each year may be used commercially, by all terms in force on them; copies are left out."
        ),
    ),
    "data": MixTopic(
        mark("Data over time"),
        mark(
            "What sources say of the data that the models of each year learned from themselves; what a model has from its base counts there. Copies are left out."
        ),
    ),
}


class ShownMix(msgspec.Struct, frozen=True, kw_only=True):
    """A mix with its table."""

    name: str
    topic: MixTopic
    figure: Figure | None  # None: few enough for a sentence
    columns: Sequence[StackColumn]
    parts: Sequence[StackPart]
    earlier: int  # models of the years before those that are drawn
    lang: str

    @property
    def sentence(self) -> str:
        """What a chart of a few models would say; "" of none."""
        counts = {p.key: sum(c.counts.get(p.key, 0) for c in self.columns) for p in self.parts}
        return ", ".join(f"{p.word} {number(counts[p.key], self.lang)}" for p in self.parts)


def mix_columns(held: Snapshot, name: str, code: str) -> list[StackColumn]:
    """The periods of a mix."""
    if name == "licenses":
        return verdict_columns(find_whole_mix(held), code, "")
    return [
        StackColumn(_year(p.year, code), {str(kind): n for kind, n in p.counts.items()})
        for p in find_data_mix(held)
    ]


def _year(year: int, code: str) -> str:
    return f"{year}년" if code == "ko" else str(year)


def mix_parts(held: Snapshot, name: str, say: Callable[[str], str]) -> list[StackPart]:
    """What a mix counts, as far as it occurs."""
    if name == "licenses":
        return verdict_parts(find_whole_mix(held), say)
    found = find_data_mix(held)
    kinds = [kind for kind in DATA_KINDS if any(p.counts[kind] for p in found)]
    return [
        StackPart(kind, say(word), css, tile)
        for kind in kinds
        for word, css, tile in (_DATA_LOOKS[kind],)
    ]


def mix_drawing(held: Snapshot, name: str) -> Callable[[Canvas], Markup]:
    """What draws a mix."""

    def draw(canvas: Canvas) -> Markup:
        columns = _drawn(mix_columns(held, name, canvas.lang))
        parts = mix_parts(held, name, canvas.gettext)
        return stacks.draw(columns, parts, canvas.gettext(MIXES[name].title), canvas)

    return draw


@memo()
def show_mix(held: Snapshot, name: str, code: str) -> ShownMix:
    """A mix for the page; drawn once for each snapshot and language."""
    columns, parts = mix_columns(held, name, code), mix_parts(held, name, translator(code))
    files = [(f, mix_file(name, f, code)) for f in FORMATS]
    enough = sum(column.total for column in columns) >= FEW
    drawn = on_page(mix_drawing(held, name), code, files) if enough else None
    return ShownMix(
        name=name,
        topic=MIXES[name],
        figure=drawn,
        columns=columns,
        parts=parts,
        earlier=sum(c.total for c in columns) - sum(c.total for c in _drawn(columns)),
        lang=code,
    )


def _drawn(columns: Sequence[StackColumn]) -> Sequence[StackColumn]:
    """The columns without those at the beginning that hold few of all."""
    few, passed = sum(column.total for column in columns) * _EARLY, 0
    for place, column in enumerate(columns):
        passed += column.total
        if passed > few:
            return columns[place:]
    return columns


def mix_file(name: str, format: str, code: str) -> str:
    """The address of a mix as a file."""
    spoken = code if format == "svg" and code != "en" else None
    return url_for("trends.file", name=name, format=format, lang=spoken)


def mix_rows(held: Snapshot, name: str) -> tuple[Sequence[str], list[tuple[object, ...]]]:
    """The columns and rows of a mix as a table."""
    if name == "licenses":
        periods = find_whole_mix(held)
        keys: Sequence[str] = list_verdicts(periods)
        return ("period", *keys), [
            (p.name("en", ""), *(p.counts[v] for v in list_verdicts(periods))) for p in periods
        ]
    return ("period", *DATA_KINDS), [
        (str(p.year), *(p.counts[kind] for kind in DATA_KINDS)) for p in find_data_mix(held)
    ]
