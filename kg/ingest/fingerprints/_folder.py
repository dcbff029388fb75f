"""What a folder of a model says by what it looks like: a model that nobody names as its parent.

It is said where the folder names no parent that can be found, or only published models that look otherwise. Who names a
parent of which no fingerprint is published is believed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from kg.ingest.fingerprints._matching import Resemblance, SignalComparison, find_resemblances
from kg.ingest.fingerprints._published import Fingerprints
from kg.ingest.fingerprints._signals import Signals, config_signals, joined
from kg.ingest.kit.kit import Found, Kit
from kg.ingest.kit.source_record import SourceRecord
from kg.model.claim import RULE, Claim, Said
from kg.model.issues import Issue
from kg.model.vocabulary import RESEMBLES, load_vocabulary

FINGERPRINTS = SourceRecord(
    id="model-fingerprints",
    label={"en": "Model fingerprints (rule)", "ko": "모델 지문(규칙)"},
    description={
        "en": "Inferred by Gyebo: config and tokenizer files compared with the published fingerprints of Cisco's Model Provenance Kit.",
        "ko": "계보가 추론한 사실입니다. 설정과 토크나이저 파일을 시스코 Model Provenance Kit이 공개한 지문과 견줍니다.",
    },
    source_type=RULE,
    license="license/apache-2.0",
    homepage="https://github.com/cisco-ai-defense/model-provenance-kit",
)
_HUB = "model/hf/"


def likenesses(
    files: Iterable[tuple[str, Any]], subject: str, own: str, said: Collection[Found], kit: Kit
) -> Iterator[Found]:
    """Which models a folder looks like that it does not name.

    Args:
        files: what its files are (`config` or `tokenizer` matter) and hold.
        subject: id of its model.
        own: Hub id of its model; "" if that is not known.
        said: what the folder's files say.
        kit: the source's.
    """
    published = kit.fingerprints
    if published is None or _is_published(own, published):
        return
    parts = [_signals(sort, data) for sort, data in files]
    found = find_resemblances(joined([part for part in parts if part]), published)
    named = _named_parents(said)
    if not found or not _leaves_open(named, found, published):
        return
    why = "it looks otherwise than the parent it declares" if named else "it names no parent"
    for one in found:
        yield Claim(subject, RESEMBLES, _said(one, len(found), why))
    yield _issue(found, subject, why, kit)


def _signals(sort: str, data: Any) -> Signals | None:
    if sort == "tokenizer" and isinstance(data, Signals):
        return data
    return config_signals(data) if sort == "config" and isinstance(data, dict) else None


def _is_published(id: str, published: Fingerprints) -> bool:
    return any(one.id.casefold() == id.casefold() for one in published.models)


def _named_parents(said: Iterable[Found]) -> frozenset[str]:
    """Hub ids, without case, of the parents that are named."""
    weights = load_vocabulary().edges("weights")
    return frozenset(
        str(one.said.value).removeprefix(_HUB).casefold()
        for one in said
        if isinstance(one, Claim) and one.property in weights and one.said.value
    )


def _leaves_open(
    named: Collection[str], found: Iterable[Resemblance], published: Fingerprints
) -> bool:
    """Whether what a folder names leaves open what it looks like: nothing, or only models that look otherwise."""
    lines = {published.line(one.id) for one in found}
    fingerprints = [one.id for one in published.models if one.id.casefold() in named]
    known = len(fingerprints) == len(named)
    return known and not any(published.line(id) in lines for id in fingerprints)


def _said(one: Resemblance, many: int, why: str) -> Said:
    note = [why, *_told(one.comparison)]
    if len(one.line) > 1:
        note.append(f"{len(one.line) - 1} more made from it look alike")
    if many > 1:
        note.append(f"one of {many} that it may be")
    return Said(
        value=_HUB + one.id,
        source=f"source/{FINGERPRINTS.id}",
        locator=one.id,
        note="; ".join(note),
        inferred=True,
    )


def _told(comparison: SignalComparison) -> Iterator[str]:
    """The signals in words."""
    yield f"{comparison.points} of 100 points"
    for word in ("same", "near", "different"):
        if signals := getattr(comparison, word):
            yield f"{word}: {', '.join(signals)}"


def _issue(found: Iterable[Resemblance], subject: str, why: str, kit: Kit) -> Issue:
    named = ", ".join(one.id for one in found)
    return kit.issue(
        "parent-looks-like",
        subject,
        f"it looks like a published model, and {why}",
        named,
        "",
        RESEMBLES,
    )
