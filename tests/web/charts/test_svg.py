"""Markup with places to fill gives what markupsafe gives, whatever fills it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from kg.language.width import text_width
from web.charts.svg import Pattern, fitted

FILLED = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["<b>", "a & b", "'\"", "100%", "%s", "{0}"]),
    st.text(max_size=8).map(Markup),
    st.integers(),
    st.none(),
    st.lists(st.text(max_size=3), max_size=2),
)
TEXTS = (
    '<a href="{href}" class="{name}">{name}</a> 100% %s\n',
    "<b>{name}</b>{href}'\\\"",
)


@given(st.sampled_from(TEXTS), FILLED, FILLED)
def test_a_pattern_gives_what_markup_gives(text: str, name: object, href: object) -> None:
    filled = Pattern(text).format(name=name, href=href)
    assert filled == Markup(text).format(name=name, href=href) and type(filled) is Markup


@given(FILLED, FILLED)
def test_places_without_names_are_filled_in_order(first: object, second: object) -> None:
    assert Pattern("<i>{}-{}</i>").format(first, second) == Markup("<i>{}-{}</i>").format(
        first, second
    )
    assert Pattern("{1}{0}{1}").format(first, second) == Markup("{1}{0}{1}").format(first, second)


@pytest.mark.parametrize("name", ["Markup", "escape", "text", "self", "fill", "type"])
def test_a_place_may_have_any_name(name: str) -> None:
    assert Pattern(f"<i>{{{name}}}</i>").format(**{name: "<"}) == "<i>&lt;</i>"


def test_numbers_may_have_a_format() -> None:
    assert Pattern("{x:g} {y:.1f}").format(x=4.0, y=2.25) == "4 2.2"


def test_what_is_missing_or_unknown_is_an_error() -> None:
    for wrong in ({"a": 1}, {"a": 1, "b": 2, "c": 3}):
        with pytest.raises(TypeError):
            Pattern("{a}{b}").format(**wrong)


@given(st.text(st.characters(codec="utf-8"), max_size=40), st.floats(0, 300))
def test_as_much_of_a_text_stands_as_there_is_room_for(text: str, room: float) -> None:
    whole = " ".join("".join(c for c in text if c.isprintable()).split())
    found = fitted(text, room, 13)
    if text_width(whole, 13) <= room:
        assert found == whole
        return
    most = max(
        (n for n in range(len(whole)) if not n or text_width(whole[:n] + "…", 13) <= room),
        default=0,
    )
    assert found == whole[:most].rstrip() + "…"
