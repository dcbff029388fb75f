"""What a person named that the data lacks: said with the date of the data, the closest, and how to get it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from math import log
from typing import NamedTuple

from kg.answers.contract import MissingAnswer, Ref
from kg.errors import InputError, UnknownId
from kg.language.lookalikes import code_point, find_lookalikes
from kg.language.numerals import size_of
from kg.language.tokens import by_word, key, tokens
from kg.messages.message import Message
from kg.model.claim import kind_of, slug_of
from kg.model.vocabulary import IN_FAMILY, LICENSE, RETRIEVED
from kg.search.analyzer import filter_term
from kg.search.clauses import FILTER, SearchPlan, TermClause
from kg.search.naming import (
    HUB_ID,
    MODELS,
    Name,
    Wanted,
    called,
    find_wanted,
    named_license,
    version_number,
)
from kg.search.query import parse
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot

_CANDIDATES = 400  # things of a name that are compared with the one that is not there
_NEAR = 20  # ids that look like a name
_UNLIKE = 99.0  # how far a name without a version is from one with
_ALIKE = 0.6  # how much the name of a repository must look like the closest
_LONGEST = 200  # characters of a name
_MOST_WORDS = 16  # of a name
_BETWEEN = re.compile(r"[\s/_-]+")
_NAMES = 8_192  # whose words are remembered: mistyped are the same ones again
_BEHIND = re.compile(r"[a-z]*?([0-9]{1,2}(?:\.[0-9]+)?)[a-z]?")


class Missing(NamedTuple):
    """What is not there."""

    answer: MissingAnswer
    rest: str  # the plain words of the query without what nothing bears
    message: Message


def find_missing(snapshot: Snapshot, text: str, lang: str = "en") -> Missing | None:
    """The first name in some words that nothing known bears, None if there is none.

    Args:
        snapshot: an open snapshot.
        text: plain words of a query, or a name.
        lang: language of labels and sentences.
    """
    text = text[:_LONGEST].strip()
    if kind_of(text) in snapshot.vocabulary.kinds:  # an id of ours
        text = slug_of(text).removeprefix("hf/")
    if HUB_ID.fullmatch(text):
        return None if _is_known(snapshot, text) else _of_hub(snapshot, text, lang)
    wanted = find_wanted(snapshot.index, text)
    if not wanted or _is_known(snapshot, wanted.name.text):
        return None
    closest = _closest(snapshot, wanted.name)
    license = named_license(snapshot.index, wanted.name) or _license(snapshot, closest)
    return _told(snapshot, wanted, closest, license, lang)


def without_known(snapshot: Snapshot, error: UnknownId, lang: str) -> UnknownId:
    """The error that nothing goes by a name, with what is not there and what is closest instead.

    Args:
        snapshot: an open snapshot.
        error: as the snapshot raised it, or as this function gave it.
        lang: language of labels and sentences.
    """
    known = error.missing or _is_no_name(error.id)
    missing = None if known else find_missing(snapshot, error.id, lang)
    if missing is None:
        return error
    closest = missing.answer.closest
    near = list(dict.fromkeys([*([closest.id] if closest else []), *error.near]))
    return UnknownId(error.id, near, missing.message)


def _is_no_name(text: str) -> bool:
    """Whether a text has more words than any name."""
    return len(_BETWEEN.split(text)) > _MOST_WORDS and not HUB_ID.fullmatch(text)


@memo()
def data_date(snapshot: Snapshot) -> str:
    """The day of the data: that on which the newest source was read, "" if none says."""
    days = (str(v) for e in snapshot.entities("source") for v in e.values(RETRIEVED) if v)
    return max(days, default="")


def _is_known(snapshot: Snapshot, text: str) -> bool:
    try:
        return snapshot.identify(text) is not None
    except InputError:  # the name of several things
        return True


def _of_hub(snapshot: Snapshot, id: str, lang: str) -> Missing:
    """A repository of the Hub that nothing is known of; the closest of what its name finds is named most alike."""
    tail = id.partition("/")[2]
    chosen = {"kind": ("model", "family")}
    found = snapshot.index.best(parse(tail), _NEAR, chosen, group=True)
    closest = _most_alike(tail, {id: snapshot.label(id) for id in found})
    wanted = Wanted(Name(id, ()), snapshot.label(closest) if closest else tail)
    return _told(snapshot, wanted, closest, _license(snapshot, closest), lang)


def _most_alike(name: str, labels: Mapping[str, str]) -> str:
    """The id whose label looks most like a name, the first of equals; "" if none does.

    How alike two can be at most is told by their letters alone, and most are not compared further.
    """
    compared = SequenceMatcher(None, "", key(name))
    closest, most = "", 0.0
    for id, label in labels.items():
        compared.set_seq1(key(label))
        least = max(most, _ALIKE)
        if compared.real_quick_ratio() < least or compared.quick_ratio() < least:
            continue
        if (ratio := compared.ratio()) >= _ALIKE and ratio > most:
            closest, most = id, ratio
    return closest


def _closest(snapshot: Snapshot, name: Name) -> str:
    """The id of what is named most alike, "" if nothing is."""
    ids = called(snapshot.index, name, MODELS, _CANDIDATES)
    if not ids:
        near = snapshot.near(name.text, _NEAR)
        return next((id for id in near if kind_of(id) in MODELS), "")
    lang = "en" if name.text.isascii() else "ko"
    words = {form for word in name.words for t in word.terms for form in (t, t.removeprefix("@"))}
    far = {}
    for place, id in enumerate(ids):
        labels = snapshot.named(snapshot.number(id)).labels
        names = labels.get(lang) or [one for names in labels.values() for one in names]
        kind = (kind_of(id) == "family") == bool(name.size)
        distances = (_distance(name, one, words) for one in names)
        far[id] = (*min(distances, default=(_UNLIKE, 0.0, 0)), kind, place)
    return min(far, key=lambda id: _order(far[id]))


def _order(far: tuple[float, float, int, bool, int]) -> tuple[float, float, bool, int, int]:
    version, size, extra, kind, place = far
    return version, size, kind, extra, place


def _distance(wanted: Name, name: str, words: set[str]) -> tuple[float, float, int]:
    """How far a name is in version, in size, and by how many words it says more."""
    parts = _parts_of(name)
    version = size = 0.0
    if wanted.version:
        number = version_number(wanted.version)
        meant = number * 10**9 in parts.sizes  # alpaca-7 may be a size without its letter
        version = 0.0 if meant else _UNLIKE
        version = version if parts.version is None else abs(parts.version - number)
    if wanted.size:
        size = min((abs(log(s / wanted.size)) for s in parts.sizes), default=_UNLIKE)
    extra = sum(word not in words for word in parts.words)
    return version, size, extra


class _Parts(NamedTuple):
    """A name taken apart."""

    version: float | None  # 3.1 of llama 3.1, 3 of qwen3, 2 of k2
    sizes: Sequence[float]
    words: Sequence[str]  # of letters alone


@lru_cache(_NAMES)
def _parts_of(name: str) -> _Parts:
    stems = [group[0].term for group in by_word(tokens(name))]
    sizes = [size_of(stem) for stem in stems]
    numbers = (
        match[1]
        for stem, size in zip(stems, sizes, strict=True)
        if not size and (match := _BEHIND.fullmatch(stem))
    )
    version = next(map(float, numbers), None)
    return _Parts(version, tuple(filter(None, sizes)), tuple(filter(str.isalpha, stems)))


def _license(snapshot: Snapshot, id: str) -> str:
    """The license of a model, else of its family; of a family that most of its members have."""
    for entity in snapshot.those([id] if id else []):
        families = [entity.id, *map(str, entity.values(IN_FAMILY))]
        stated = [str(value) for value in entity.values(LICENSE) if value]
        for family in () if stated else families:
            of = SearchPlan(None, (TermClause(FILTER, filter_term("family", family)),))
            stated += snapshot.index.engine.counts(of, ["license"], 1)["license"]
        return next(iter(stated), "")
    return ""


def _told(snapshot: Snapshot, wanted: Wanted, closest: str, license: str, lang: str) -> Missing:
    """What is not there, in words."""
    name = wanted.name.text
    is_hub = HUB_ID.fullmatch(name) is not None
    command = f"gyebo ingest hub {name}" if is_hub else "gyebo ingest --list"
    date = data_date(snapshot)
    refs = [Ref(id, snapshot.label(id, lang)) if id else None for id in (closest, license)]
    parts = [tell_absent(snapshot, name), *_closeness(*refs)]
    if is_hub:
        told = Message(
            "%(command)s and %(build)s take it in from the Hub.",
            command=f"`{command}`",
            build="`gyebo build`",
        )
    else:
        told = Message(
            "A model of the Hub is taken in by %(hub)s, other sources are listed by %(command)s.",
            hub="`gyebo ingest hub OWNER/NAME`",
            command=f"`{command}`",
        )
    parts.append(told)
    message = parts[0]
    for part in parts[1:]:
        message = Message("%(first)s %(second)s", first=message, second=part)
    answer = MissingAnswer(
        wanted=name,
        date=date,
        closest=refs[0],
        license=refs[1],
        how="ingest-hub" if is_hub else "ingest",
        command=command,
        text=message.text(lang),
    )
    return Missing(answer, wanted.rest, message)


def tell_absent(snapshot: Snapshot, name: str) -> Message:
    """That nothing known bears a name, as of the day of the data, and letters in it of another script."""
    date = data_date(snapshot)
    told = Message("No model %(name)s is known (data of %(date)s).", name=name, date=date)
    if not (letters := find_lookalikes(name).letters):
        return told
    points = ", ".join(map(code_point, letters))
    other = Message("The name holds letters of another script: %(points)s.", points=points)
    return Message("%(first)s %(second)s", first=told, second=other)


def _closeness(closest: Ref | None, license: Ref | None) -> Iterator[Message]:
    if closest and license:
        yield Message(
            "The closest is %(closest)s; license: %(license)s.",
            closest=closest.label,
            license=license.label,
        )
    elif closest:
        yield Message("The closest is %(closest)s.", closest=closest.label)
    elif license:
        yield Message("A license is called so: %(license)s.", license=license.label)
