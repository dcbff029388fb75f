"""How the functions of `import kg` work in a notebook: without a snapshot they take the current one, and answers show themselves.

An answer stays the plain record of its contract; what is handed out is a view of it, a record of the same fields that
a notebook can show. Everything that comes from data is escaped. A picture of a family is drawn where web/ is installed;
otherwise its members are a list.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import wraps
from html import escape
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, get_args, overload

import msgspec

from kg.answers.choosing.request import ORDERS
from kg.answers.contract import (
    Direction,
    EdgeChoice,
    FactAnswer,
    LicenseAnswer,
    LineageAnswer,
    Ref,
    SearchAnswer,
    ShowAnswer,
    Shown,
)
from kg.answers.tree.answer import TreeAnswer, TreeFileNode
from kg.errors import InputError, KGError
from kg.licenses.rules import USES
from kg.licenses.wording import words_in
from kg.messages.message import LANGUAGES, Message, counted, mark
from kg.model.claim import kind_of
from kg.model.vocabulary import load_vocabulary
from kg.snapshot.current import current_snapshot
from kg.snapshot.snapshot import Snapshot

P = ParamSpec("P")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
_WORDS: Mapping[str, Sequence[str]] = {  # what arguments of these names may be
    "use": USES,
    "uses": USES,
    "direction": get_args(Direction),
    "edges": get_args(EdgeChoice),
    "order": ORDERS,
    "lang": tuple(LANGUAGES),
}
_DRAWN = ("model", "family")  # kinds that have a tree
_COLORS = {  # of verdicts, on white as on dark
    "allowed": "#1a7f37",
    "conditional": "#9a6700",
    "unknown": "#6e7781",
    "contested": "#bc4c00",
    "prohibited": "#cf222e",
}


class OnSnapshot(Protocol[P, R_co]):
    """A function of a snapshot, which takes the current one where none is given."""

    @overload
    def __call__(self, snapshot: Snapshot, /, *args: P.args, **kwargs: P.kwargs) -> R_co: ...

    @overload
    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R_co: ...


def on_snapshot(function: Callable[Concatenate[Snapshot, P], R]) -> OnSnapshot[P, R]:
    """A function that may be called without its first argument, and whose answer shows itself.

    Args:
        function: its first parameter is the snapshot.
    """
    signature = inspect.signature(function)

    @wraps(function)
    def asked(*args: Any, **kwargs: Any) -> Any:
        if not (args and isinstance(args[0], Snapshot)) and "snapshot" not in kwargs:
            args = (current_snapshot(), *args)
        bound = signature.bind(*args, **kwargs)
        _check_words(bound.arguments)
        answer = function(*args, **kwargs)
        bound.apply_defaults()
        return _view(answer, bound.arguments)

    return asked


def _check_words(asked: Mapping[str, Any]) -> None:
    """That each argument that is one of a few words is one of them."""
    for name, known in _WORDS.items():
        given = asked.get(name, ())
        for word in (given,) if isinstance(given, str) else given:
            if word not in known:
                raise InputError(
                    Message(
                        "%(name)s cannot be %(word)r; it is one of: %(known)s",
                        name=name,
                        word=word,
                        known=known,
                    )
                )


def _view(answer: Any, asked: dict[str, Any]) -> Any:
    view = _VIEWS.get(type(answer))
    if view is None:
        return answer
    made = view(**{name: getattr(answer, name) for name in answer.__struct_fields__})
    msgspec.structs.force_setattr(made, "_asked", asked)
    return made


def _asked_of(answer: object) -> dict[str, Any]:
    """What an answer was asked with; nothing of one that was copied or read from a file."""
    found: dict[str, Any] = getattr(answer, "_asked", {})
    return found


def _lang(answer: object) -> str:
    return str(_asked_of(answer).get("lang", "en"))


# ---- HTML


def _tag(name: str, *inner: str, **attributes: str) -> str:
    """An element around HTML; the values of its attributes are escaped."""
    told = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name}{told}>{''.join(inner)}</{name}>"


def _list(items: Iterable[str]) -> str:
    made = [_tag("li", item) for item in items]
    return _tag("ul", *made) if made else ""


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    titles = _tag("tr", *(_tag("th", escape(word)) for word in head))
    lines = (_tag("tr", *(_tag("td", cell) for cell in row)) for row in rows)
    return _tag("table", _tag("thead", titles), _tag("tbody", *lines))


def _named(label: str, id: str) -> str:
    return f"{escape(label)} {_tag('code', escape(id))}"


def _link(text: str, address: str | None) -> str:
    safe = address and address.startswith(("https://", "http://"))
    return _tag("a", escape(text), href=address) if safe and address else escape(text)


def _value(value: Shown | list[Shown]) -> str:
    if isinstance(value, list):
        return ", ".join(map(_value, value))
    if isinstance(value, Ref):
        return _named(value.label, value.id)
    return escape(str(value)) if value is not None else ""


# ---- views


class SearchView(SearchAnswer, frozen=True, kw_only=True, dict=True):
    """Hits of a search, as a table in a notebook."""

    def _repr_html_(self) -> str:
        lang = _lang(self)
        count = counted("%(num)s hit", "%(num)s hits", self.total).text(lang)
        missing = [_tag("p", escape(self.missing.text))] if self.missing else []
        words = (Message(word).text(lang) for word in (mark("Name"), mark("Kind"), mark("Text")))
        rows = (
            (_named(one.label, one.id), escape(one.kind), escape(one.snippet)) for one in self.hits
        )
        notes = _list(map(escape, self.notes))
        return _tag("div", _tag("p", escape(count)), *missing, notes, _table(words, rows))


class ShowView(ShowAnswer, frozen=True, kw_only=True, dict=True):
    """An entity, as a table of its facts in a notebook."""

    def _repr_html_(self) -> str:
        lang = _lang(self)
        label = next(iter(self.labels.get(lang) or self.labels.get("en") or [""]))
        words = [
            Message(word).text(lang) for word in (mark("Property"), mark("Value"), mark("Sources"))
        ]
        warning = [_tag("p", _tag("strong", escape(self.lookalike)))] if self.lookalike else []
        rows = (_fact_row(fact, lang) for fact in self.facts)
        return _tag("div", _tag("h3", _named(label, self.id)), *warning, _table(words, rows))


def _fact_row(fact: FactAnswer, lang: str) -> Iterator[str]:
    known = load_vocabulary().properties.get(fact.property)
    doubts = [Message("disputed").text(lang)] if fact.disputed else []
    doubts += [Message("guessed").text(lang)] if fact.doubtful else []
    yield escape(known.term.labels.get(lang, fact.property) if known else fact.property)
    yield _value(fact.value) + (f" ({escape(', '.join(doubts))})" if doubts else "")
    places = dict.fromkeys((claim.source, claim.locator, claim.url) for claim in fact.claims)
    yield ", ".join(_link(f"{source}:{at}".rstrip(":"), url) for source, at, url in places)


class LicenseView(LicenseAnswer, frozen=True, kw_only=True, dict=True):
    """A verdict with what decides it, what must be done and what is not known, in a notebook."""

    def _repr_html_(self) -> str:
        words = words_in(_lang(self))
        color = f"font-weight:bold;color:{_COLORS[self.verdict]}"
        verdict = _tag("span", escape(words[self.verdict]), style=color)
        made = self.decisive
        doubts = [words["disputed"]] if made and made.disputed else []
        doubts += [words["guessed"]] if made and made.doubtful else []
        cited = made and made.citation
        section = f"§ {cited.section}" if cited and cited.section else ""
        parts = [
            _tag("h3", _named(self.label, self.id)),
            _tag("p", escape(words[self.use]), ": ", verdict),
            _tag("p", _tag("strong", escape(self.lookalike))) if self.lookalike else "",
            _tag("p", escape(self.sentence)),
            _list(map(escape, doubts)),
            _tag("p", _link(section, cited.url)) if cited and section else "",
            _section(words["duties"], (duty.text for duty in self.checklist)),
            _section(words["unknown-things"], (gap.text for gap in self.gaps)),
            _section(f"{words['change']}:", self.changes),
            _tag("p", escape(words["advice"])),
        ]
        return _tag("div", *parts)


def _section(title: str, lines: Iterable[str]) -> str:
    made = _list(map(escape, lines))
    return _tag("p", escape(title)) + made if made else ""


class TreeView(TreeAnswer, frozen=True, dict=True):
    """A family, as a picture in a notebook."""

    def _repr_svg_(self) -> str | None:
        asked = _asked_of(self)
        wanted = {name: asked[name] for name in ("limit", "depth", "data") if name in asked}
        return _picture(self, self.root, **wanted)

    def _repr_html_(self) -> str:
        return self._repr_svg_() or _tag("div", _nested(self.nodes))


class LineageView(LineageAnswer, frozen=True, kw_only=True, dict=True):
    """Ancestors and descendants, as a picture in a notebook where nothing was left out, else as a table."""

    def _repr_svg_(self) -> str | None:
        asked = _asked_of(self)
        whole = asked.get("direction") == "both" and not any(asked.get("where") or ())
        return _picture(self, self.root, data=asked.get("edges") != "weights") if whole else None

    def _repr_html_(self) -> str:
        lang = _lang(self)
        words = (Message(word).text(lang) for word in (mark("Name"), mark("Kind"), mark("Parents")))
        parents: dict[str, list[str]] = {}
        for edge in self.edges:
            parents.setdefault(edge.child, []).append(f"{edge.relation} {edge.parent}")
        rows = (
            (_named(n.label, n.id), escape(n.kind), escape(", ".join(parents.get(n.id, []))))
            for n in self.nodes
        )
        return self._repr_svg_() or _tag("div", _table(words, rows))


_VIEWS: dict[type, type] = {
    SearchAnswer: SearchView,
    ShowAnswer: ShowView,
    LicenseAnswer: LicenseView,
    TreeAnswer: TreeView,
    LineageAnswer: LineageView,
}


def _picture(answer: object, root: str, **wanted: Any) -> str | None:
    """The family of a root as SVG; None where nothing draws, or the snapshot is not at hand any more."""
    from kg.export.trees import family_file  # needs what answers without a picture do not

    snapshot = _asked_of(answer).get("snapshot")
    if snapshot is None or kind_of(root) not in _DRAWN:
        return None
    try:
        return family_file(snapshot, root, "svg", _lang(answer), **wanted).decode()
    except (KGError, OSError, ImportError):
        return None


def _nested(nodes: Iterable[TreeFileNode]) -> str:
    """The nodes of a tree as lists in each other."""
    below: dict[str | None, list[TreeFileNode]] = {}
    known = list(nodes)
    ids = {node.id for node in known}
    for node in known:
        below.setdefault(node.parent if node.parent in ids else None, []).append(node)

    def branch(parent: str | None) -> str:
        return _list(_named(n.label, n.id) + branch(n.id) for n in below.get(parent, ()))

    return branch(None)
