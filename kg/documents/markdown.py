"""A drafted document as Markdown: what is not known bears a mark that can be searched for and counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

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
    for line in (_draft_line(document), count_line(document)):
        yield f"> {escape_markdown(line.text(lang))}"
    yield f"> {document.advice}"
    yield ""
    model = f"{document.model.label} ({document.model.id})"
    asked = f"{basis.name}, {basis.place}, <{basis.url}> ({basis.date})"
    yield _named(mark("Model"), escape_markdown(model), lang)
    if document.lookalike:
        yield f"- ⚠ {escape_markdown(document.lookalike)}"
    yield _named(mark("Asked for by"), asked, lang)
    yield _named(mark("How its text was read"), basis.read, lang)
    yield _named(mark("To be completed by"), document.who, lang)


def _named(name: str, text: str, lang: str) -> str:
    return f"- {translate(name, lang=lang)}: {text}"


def _draft_line(document: DocumentAnswer) -> Message:
    return Message(
        "A draft that Gyebo %(version)s made of release %(release)s, from what sources said by %(date)s. It states nothing that no source states; whoever provides the model completes and checks it.",
        version=document.gyebo,
        release=document.release,
        date=document.as_of or "?",
    )


def count_line(document: DocumentAnswer) -> Message:
    """How many lines of a document are filled, and how many are not."""
    return Message(
        "%(filled)s of %(total)s lines are filled. Of the others, %(inherited)s hold only what is said of the family or of a model that it comes from, %(doubtful)s are in doubt, %(unknown)s are not known and marked %(mark)s.",
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
        unknown = Message("not known").text(lang)
        yield f"  - **{MARK} {unknown}**"
    for one in line.statements:
        yield f"  - {_statement(one, lang)}"
        yield from (
            f"    - {_noted(part.text, part.doubts, part.cited, lang)}" for part in one.details
        )
    if line.hint:
        yield f"  - *{line.hint}*"


def _statement(one: DraftStatement, lang: str) -> str:
    text, notes = one.text, []
    if one.against:
        text = Message("but a source says: %(what)s", what=text).text(lang)
    if template := _WAYS.get(one.way):
        notes.append(Message(template, name=one.about.label).text(lang))
    if one.missing:
        notes.append(Message("fills nothing").text(lang))
    return _noted(text, [*notes, *one.doubts], one.cited, lang)


def _noted(text: str, notes: Sequence[str], cited: Iterable[CitedPlace], lang: str) -> str:
    """A text with what is to be known about it, and its sources."""
    notes = [note for note in notes if note != text]
    shown = f" ({escape_markdown('; '.join(notes))})" if notes else ""
    return escape_markdown(text) + shown + "".join(f" {_cited(place, lang)}" for place in cited)


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
        yield "## " + Message("Sources").text(lang)
        yield ""
    yield from (_source(source, lang) for source in document.sources)
    yield ""


def _source(source: DraftSource, lang: str) -> str:
    read = Message("read %(date)s", date=source.date).text(lang) if source.date else ""
    when = f" ({escape_markdown(read)})" if read else ""
    return f"{source.number}. {escape_markdown(source.label)}: <{source.url}>{when}"
