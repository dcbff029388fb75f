"""An answer of a tool as a model reads it: the answer, then doubts, sources, what is left out, the release."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from kg.agents._desk import ToolCall
from kg.agents._plain import plain
from kg.agents._tokens import estimate_tokens
from kg.agents.contract import Reply, SourceCited
from kg.messages.message import Message, mark, translate

_NAMED = 4  # of what rests on a source, in the text; the data names all
# What a short answer may leave out.
_LEFT = {
    "claims": mark("claims"),
    "clauses": mark("clauses"),
    "changes": mark("changes"),
    "entities": mark("entities"),
    "facets": mark("facets"),
    "facts": mark("facts"),
    "hits": mark("hits"),
    "ids": mark("ids of what is not known"),
    "lines": mark("ready-made lines"),
    "models": mark("models"),
    "names": mark("names"),
    "nodes": mark("models, families and datasets"),
    "places": mark("places"),
    "rows": mark("rows"),
    "same": mark("properties that do not differ"),
    "sources": mark("sources"),
    "values": mark("values"),
}


class ToolAnswer(NamedTuple):
    """An answer as data and as text."""

    reply: Reply[Any]
    text: str

    @property
    def data(self) -> dict[str, Any]:
        """The reply as JSON has it."""
        found: dict[str, Any] = plain(self.reply)
        return found

    @property
    def tokens(self) -> int:
        """About how many tokens both take, as a client may hand on either or both."""
        return estimate_tokens(msgspec.json.encode(self.data).decode() + self.text)


class Rest(NamedTuple):
    """What stands beside an answer."""

    citations: Sequence[SourceCited] = ()
    doubts: Iterable[str] = ()
    omitted: Mapping[str, int] = {}
    more: Mapping[str, str | int] = {}


def tell(call: ToolCall, answer: object, lines: Iterable[str], rest: Rest) -> ToolAnswer:
    """An answer with what it rests on, as data and as text.

    Args:
        call: what is answered.
        answer: a record of the contract.
        lines: the same in words.
        rest: what stands beside it.
    """
    lang, manifest = call.lang, call.snapshot.manifest
    reply = Reply(
        answer=answer,
        release=manifest.version,
        data_of=manifest.as_of,
        citations=list(rest.citations),
        doubts=list(dict.fromkeys(rest.doubts)),
        omitted={name: n for name, n in rest.omitted.items() if n},
        more=dict(rest.more),
    )
    return ToolAnswer(reply, "\n".join([*lines, *_beside(reply, lang)]))


def _beside(reply: Reply[Any], lang: str) -> Iterable[str]:
    for doubt in reply.doubts:
        yield f"⚠ {doubt}"
    if reply.citations:
        yield Message("Sources:").text(lang)
        yield from (f"- {_cited(one)}" for one in reply.citations)
    if reply.omitted:
        left = ", ".join(
            f"{translate(_LEFT[n], lang=lang)} {num:,}" for n, num in reply.omitted.items()
        )
        yield Message("Left out here: %(what)s.", what=left).text(lang)
    if reply.more:
        given = ", ".join(f"{name}={value}" for name, value in reply.more.items())
        yield Message("For more, call again with %(arguments)s.", arguments=given).text(lang)
    yield Message(
        "Release %(version)s, data of %(date)s.", version=reply.release, date=reply.data_of
    ).text(lang)


def _cited(one: SourceCited) -> str:
    place = " ".join(
        filter(None, [one.source, one.section and f"§ {one.section}", one.date and f"({one.date})"])
    )
    quote = f"“{one.quote}”" if one.quote else ""
    named = ", ".join(one.supports[:_NAMED])
    more = f" +{len(one.supports) - _NAMED}" if len(one.supports) > _NAMED else ""
    supports = f"[{named}{more}]" if named else ""
    return " ".join(filter(None, [place, supports, one.url, quote]))


class Sources:
    """The sources of an answer, each once, with what rests on it."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], SourceCited] = {}
        self._supports: dict[tuple[str, str], dict[str, None]] = {}

    def add(self, supports: str, source: str, url: str | None, date: str | None = None) -> None:
        """Note that something rests on a source."""
        key = source, url or ""
        self._known.setdefault(key, SourceCited(source=source, url=url or "", date=date or ""))
        self._supports.setdefault(key, {})[supports] = None

    def cited(self, most: int | None = None) -> list[SourceCited]:
        """Those noted, what supports most first; at most as many."""
        keys = sorted(self._known, key=lambda key: -len(self._supports[key]))
        return [
            msgspec.structs.replace(self._known[key], supports=list(self._supports[key]))
            for key in keys[:most]
        ]

    def __len__(self) -> int:
        return len(self._known)


def short(text: str, most: int) -> str:
    """The beginning of a text, cut at a word.

    >>> short("one two three", 9), short("one", 9)
    ('one two…', 'one')
    """
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    return f"{text[:most].rsplit(' ', 1)[0]}…"
