"""llmfit's list of models of the Hugging Face Hub, one JSON list that its program carries.

It repeats what the Hub's API and config.json of each repository say: the day on which the repository was created, license,
languages, counts, the shape of the network, and the positions it has room for, which are not always the context length that
the maker states. Numbers that llmfit fills in are no claims: `_llmfit_numbers.py` tells them from those that a repository
states. Where the day is missing, so are downloads and likes, and 0 stands in their place. `gguf_sources` lists repositories
whose names fit: as it stands it is wrong as often as right, so only what leads to a maker's repository of the same name is
claimed, as the guess of a rule.

Not read: `provider`, the owner in llmfit's own words; the memory needed, which is computed; `active_parameters`, an estimate
for most models.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kg.claims.runs import IdentityLink
from kg.files.parsing import json_document, listed
from kg.ingest.kit._fields import FieldWatch
from kg.ingest.kit._gguf import GgufSources
from kg.ingest.kit._names import named_once
from kg.ingest.kit.kit import Found, Kit, Place, Record
from kg.ingest.kit.parents import is_hub_id
from kg.ingest.kit.source_record import SourceRecord
from kg.ingest.sources._card_fields import language
from kg.ingest.sources._card_parents import CardPlace
from kg.ingest.sources._llmfit_numbers import Doubt, Lengths, Row, doubt_count
from kg.ingest.sources.hub import FIRST_DAY, whole
from kg.model.claim import Claim

SOURCE = SourceRecord(
    id="llmfit",
    label={"en": "llmfit", "ko": "llmfit"},
    description={
        "en": "List of models on the Hugging Face Hub with dates, licenses, languages, sizes and context lengths.",
        "ko": "허깅페이스 허브에 있는 모델의 날짜, 라이선스, 언어, 크기, 컨텍스트 길이를 모은 목록입니다.",
    },
    source_type="database",
    license="license/mit",
    homepage="https://github.com/AlexsJones/llmfit",
    fetch="https://raw.githubusercontent.com/AlexsJones/llmfit/main/llmfit-core/data/hf_models.json",
)

_SHAPE = {
    "num_hidden_layers": "layerCount",
    "hidden_size": "hiddenDimension",
    "vocab_size": "vocabularySize",
    "num_attention_heads": "attentionHeadCount",
}
_COUNTS = {"hf_downloads": "downloads", "hf_likes": "likes"}
_FIELDS = (
    *("name", "release_date", "license", "languages", "pipeline_tag", "architecture", "format"),
    *("parameters_raw", "context_length", "gguf_sources"),
    *_SHAPE,
    *_COUNTS,
)
_POSITIONS = "positions in config.json; the maker may state another length"
_COUNTED = "its weights are counted on the Hub"
_NO_TASK = "unknown"  # llmfit's word for a repository without one
# A code with a region or a script, or as MMS names its languages; `ms-swift` and `on-device` are tags of another kind.
_LANGUAGE = re.compile(r"[a-z]{2,3}(-([a-z]{2}|[a-z]{4}|\d{3}))*|[a-z]{3}-(script|dialect)-[a-z]+")


def fetch(place: Place) -> Iterator[Record]:
    """The models of the list.

    Raises:
        DataError: not JSON, or cut short.
    """
    for file in place.files("*.json"):
        models = json_document(file)
        for number, one in enumerate(models if isinstance(models, list) else (), 1):
            data = one if isinstance(one, dict) else {}
            yield Record(f"{file.name}#{data.get('name') or number}", data)


class _Entry(NamedTuple):
    name: str  # Hub id
    data: Row
    at: str

    @property
    def subject(self) -> str:
        return f"model/hf/{self.name}"


def claims(records: Iterable[Record], kit: Kit) -> Iterator[Found | IdentityLink]:
    """What each record says; which numbers are doubtful shows only beside those of the others."""
    kept = list(records)
    lengths = Lengths(record.data for record in kept)
    yield from named_once(_all(kept, kit, lengths))


def _all(records: list[Record], kit: Kit, lengths: Lengths) -> Iterator[Found | IdentityLink]:
    watch = FieldWatch(_FIELDS)
    ggufs = GgufSources(kit, (str(record.data.get("name")) for record in records))
    spelled: dict[str, str] = {}
    for record in records:
        watch.see(record.data)
        name = record.data.get("name")
        if not isinstance(name, str) or not is_hub_id(name):
            message = "not an id of the Hub" if name else "a record without a name"
            rule = "hub-id" if name else "empty"
            yield kit.issue(rule, "", message, name or record.data, record.locator)
            continue
        entry = _Entry(name, record.data, record.locator)
        first = spelled.setdefault(name.casefold(), name)
        if first != name:
            reason = "the Hub does not tell case apart"
            yield IdentityLink(entry.subject, f"model/hf/{first}", reason)
        yield from _identity(entry, kit)
        yield from _date(entry, kit)
        yield from _counts(entry, kit)
        yield from _sizes(entry, kit, lengths)
        yield from _said(entry, kit)
        for given in listed(entry.data.get("gguf_sources")):
            repository = given.get("repo") if isinstance(given, dict) else given
            yield from ggufs.claims(repository, entry.name, f"{entry.at}#gguf_sources")
    yield from ggufs.issues()
    yield from watch.issues(kit)


def _identity(entry: _Entry, kit: Kit) -> Iterator[Found]:
    owner, _, tail = entry.name.rpartition("/")
    yield kit.name(entry.subject, tail, entry.at, lang="en")
    yield kit.say(entry.subject, "hubId", entry.name, entry.at)
    if owner:
        org = f"org/hf/{owner}"
        yield kit.name(org, owner, entry.at, lang="en")
        yield kit.say(entry.subject, "publisher", org, entry.at)


def _date(entry: _Entry, kit: Kit) -> Iterator[Found]:
    text = entry.data.get("release_date")
    if text is None or text == FIRST_DAY:
        return
    try:
        day = dt.date.fromisoformat(str(text)).isoformat()
    except ValueError:
        yield kit.issue("date", entry.subject, "not a day", text, entry.at, "repositoryCreated")
        return
    yield kit.say(entry.subject, "repositoryCreated", day, entry.at)


def _counts(entry: _Entry, kit: Kit) -> Iterator[Found]:
    """Downloads and likes: 0 stands where the Hub's answer had neither them nor the day."""
    doubt = Doubt("default-value", "it is written where the Hub's answer lacks a count", "0")
    for field, property in _COUNTS.items():
        default = entry.data.get(field) == 0 and not entry.data.get("release_date")
        yield from _number(entry, field, property, doubt if default else None, kit)


def _sizes(entry: _Entry, kit: Kit, lengths: Lengths) -> Iterator[Found]:
    data = entry.data
    for found in _number(entry, "parameters_raw", "parameterCount", doubt_count(data), kit):
        yield found
        # The Hub may ask who fetches them, which the list does not say
        if isinstance(found, Claim):
            yield kit.say(entry.subject, "access", "open-weights", entry.at, note=_COUNTED)
    doubt = lengths.doubt(data)
    yield from _number(entry, "context_length", "contextLength", doubt, kit, _POSITIONS)
    for field, property in _SHAPE.items():
        yield from _number(entry, field, property, None, kit)


def _number(
    entry: _Entry, field: str, property: str, doubt: Doubt | None, kit: Kit, note: str = ""
) -> Iterator[Found]:
    value = entry.data.get(field)
    if value is None:
        return
    if (number := whole(value)) is None:
        doubt = Doubt("number", "not a count", str(value))
    if doubt:
        yield kit.issue(doubt.rule, entry.subject, doubt.message, doubt.value, entry.at, property)
    elif number is not None:
        yield kit.say(entry.subject, property, number, entry.at, note=note)


def _said(entry: _Entry, kit: Kit) -> Iterator[Found]:
    """What the author declares: task, licenses, languages."""
    task = entry.data.get("pipeline_tag")
    if task != _NO_TASK:
        yield from kit.value(entry.subject, "task", task, entry.at)
    for text in str(entry.data.get("license") or "").split(","):
        yield from kit.license(entry.subject, text, entry.at)
    about = CardPlace(entry.subject, entry.name, kit.source, entry.at)
    for text in listed(entry.data.get("languages")):
        if _LANGUAGE.fullmatch(str(text)):
            yield from language(text, about, "languages", kit)
        else:
            message = "not a language code"
            yield kit.issue("language", entry.subject, message, text, entry.at, "language")
