"""A drafted document as Markdown: what is not known bears a mark that can be searched for and counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kg.documents.contract import (
    CitedPlace,
    DocumentAnswer,
    DraftLine,
    DraftSource,
    DraftStatement,
    Way,
)
from kg.language.markdown import escape_markdown
from kg.messages.message import Message, mark, translate

MARK = "(?)"  # before each line that is not known; texts of the data hold it with a backslash
_RANKS = {"preferred": mark("preferred"), "rejected": mark("rejected")}
_WAYS: Mapping[Way, str] = {
    "family": mark("said of the family %(name)s, not of this model itself"),
    "base": mark("said of %(name)s, which this model comes from, not of this model itself"),
}


def document_markdown(document: DocumentAnswer, lang: str = "en") -> str:
    """A document as CommonMark.

    Args:
        document: as it was drafted.
        lang: the language it was drafted in.
    """
    return "\n".join([*_head(document, lang), *_body(document, lang), *_sources(document, lang)])


def _head(document: DocumentAnswer, lang: str) -> Iterator[str]:
    basis = document.basis
    yield f"# {document.title}: {escape_markdown(document.model.label)}"
    yield ""
    for line in (_draft_line(document), *_count_lines(document)):
        yield f"> {line.text(lang)}"
    yield f"> {document.advice}"
    yield ""
    yield f"- {Message('Model').text(lang)}: {escape_markdown(f'{document.model.label} ({document.model.id})')}"
    if document.lookalike:
        yield f"- ⚠ {escape_markdown(document.lookalike)}"
    yield f"- {Message('Asked for by').text(lang)}: {basis.name}, {basis.place}, <{basis.url}> ({basis.date})"
    yield f"- {Message('How its text was read').text(lang)}: {basis.read}"
    yield f"- {Message('To be completed by').text(lang)}: {document.who}"


def _draft_line(document: DocumentAnswer) -> Message:
    return Message(
        "A draft that Gyebo %(version)s made of release %(release)s, from what sources said by %(date)s. It states nothing that no source states; whoever provides the model completes and checks it.",
        version=document.gyebo,
        release=document.release,
        date=document.as_of or "?",
    )


def _count_lines(document: DocumentAnswer) -> Iterator[Message]:
    yield Message(
        "Filled: %(filled)s of %(total)s lines. Beside them: only from the family or from a model that it comes from: %(inherited)s; in doubt: %(doubtful)s; not known, marked %(mark)s: %(unknown)s.",
        filled=document.filled,
        total=document.total,
        inherited=document.inherited,
        doubtful=document.doubtful,
        unknown=document.unknown,
        mark=MARK,
    )


def _body(document: DocumentAnswer, lang: str) -> Iterator[str]:
    for section in document.sections:
        yield ""
        yield f"## {section.title}"
        for line in section.lines:
            yield ""
            yield from _line(line, lang)


def _line(line: DraftLine, lang: str) -> Iterator[str]:
    yield f"- **{line.point}** {line.asked}"
    if line.state == "unknown":
        yield f"  - **{MARK} {Message('not known').text(lang)}**"
    for one in line.statements:
        yield f"  - {_statement(one, lang)}"
    if line.hint:
        yield f"  - *{line.hint}*"


def _statement(one: DraftStatement, lang: str) -> str:
    text = escape_markdown(one.text)
    if one.against:
        text = f"{Message('but a source says').text(lang)}: {text}"
    notes = []
    if template := _WAYS.get(one.way):
        notes.append(Message(template, name=one.about.label).text(lang))
    notes += one.doubts
    if one.missing:
        notes.append(Message("fills nothing").text(lang))
    shown = f" ({escape_markdown('; '.join(notes))})" if notes else ""
    cited = "".join(f" {_cited(place, lang)}" for place in one.cited)
    return f"{text}{shown}{cited}"


def _cited(place: CitedPlace, lang: str) -> str:
    parts = [str(place.source)]
    parts += [place.locator] if place.locator else []
    if place.rank in _RANKS:
        rank = translate(_RANKS[place.rank], lang=lang)
        parts.append(f"{rank}: {place.reason}" if place.reason else rank)
    parts += [Message("follows from the source").text(lang)] if place.inferred else []
    parts += [place.note] if place.note else []
    return escape_markdown(f"[{', '.join(parts)}]")


def _sources(document: DocumentAnswer, lang: str) -> Iterator[str]:
    if document.sources:
        yield ""
        yield f"## {Message('Sources').text(lang)}"
        yield ""
    yield from (_source(source, lang) for source in document.sources)
    yield ""


def _source(source: DraftSource, lang: str) -> str:
    read = f" ({Message('read').text(lang)} {escape_markdown(source.date)})" if source.date else ""
    return f"{source.number}. {escape_markdown(source.label)}: <{source.url}>{read}"
