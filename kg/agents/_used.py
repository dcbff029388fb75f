"""The tool `scan`: what a text that is handed in uses, with a verdict on each."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from kg.agents._asked import ScanAsked
from kg.agents._desk import ToolCall
from kg.agents._told import Rest, ToolAnswer, tell
from kg.agents.contract import SourceCited
from kg.errors import InputError
from kg.licenses.profile import NOBODY, checked
from kg.licenses.wording import MARKS, words_in
from kg.messages.message import Message
from kg.scan.finding import Scan
from kg.scan.identity import known_in
from kg.scan.report import ScannedModel, ScanReport, ScanRequest, judge_scan
from kg.scan.scan import scan_text

_MODELS, _PLACES = 15, 3  # of a short answer


def run_scan(call: ToolCall, asked: ScanAsked) -> ToolAnswer:
    """The models and data sets that a text names, the worst verdict first; no code of it runs."""
    if "/" in asked.name or "\\" in asked.name:
        raise InputError(Message("name is that of a file, without folders, such as app.py"))
    found = scan_text(asked.text, asked.name, known_in(call.snapshot))
    scan = Scan(root=asked.name, findings=found, files=1, skipped={}, unread=[], dynamic=[])
    profile = checked(asked.profile) if asked.profile else NOBODY
    request = ScanRequest(use=asked.use, profile=profile, lang=call.lang)
    whole = judge_scan(call.snapshot, scan, request)
    full = asked.detail == "full"
    kept = whole.models if full else [_brief(one) for one in whole.models[:_MODELS]]
    answer = msgspec.structs.replace(whole, models=kept)
    omitted = {
        "models": len(whole.models) - len(kept),
        "places": sum(len(one.places) for one in whole.models)
        - sum(len(one.places) for one in kept),
    }
    rest = Rest(
        citations=list(_cited(kept)),
        doubts=_doubts(call, answer),
        omitted=omitted,
        more={"detail": "full"} if any(omitted.values()) else {},
    )
    return tell(call, answer, _lines(answer, call.lang), rest)


def _brief(model: ScannedModel) -> ScannedModel:
    return msgspec.structs.replace(model, places=model.places[:_PLACES])


def _cited(models: list[ScannedModel]) -> Iterator[SourceCited]:
    """The clause that decides on each."""
    for model in models:
        made = model.decisive
        if made and made.citation and (made.citation.url or made.citation.quote):
            yield SourceCited(
                source=", ".join(ref.id for ref in made.licenses),
                url=made.citation.url or "",
                date=made.citation.date or "",
                section=made.citation.section,
                quote=made.citation.quote or "",
                supports=[model.what],
            )


def _doubts(call: ToolCall, answer: ScanReport) -> Iterator[str]:
    yield Message(
        "Only names that stand in the text are found, not those that it puts together or reads when it runs."
    ).text(call.lang)
    for model in answer.models:
        if model.decisive and (model.decisive.disputed or model.decisive.doubtful):
            yield Message(
                "the verdict on %(id)s rests on a disputed or guessed claim", id=model.what
            ).text(call.lang)


def _lines(answer: ScanReport, lang: str) -> Iterator[str]:
    if not answer.models:
        yield Message("No model or data set is named.").text(lang)
    for model in answer.models:
        places = ", ".join(f"{one.line} ({one.use}, {one.sure})" for one in model.places)
        id = f" | {model.id}" if model.id else ""
        yield f"{MARKS[model.verdict]} {model.what}{id} | {model.sentence}"
        yield "  " + Message("line %(places)s", places=places).text(lang)
    yield words_in(lang)["advice"]
