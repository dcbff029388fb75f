"""MTEB, the Massive Text Embedding Benchmark: what it keeps of each embedding model and reranker that it runs.

Its modules in mteb/models/model_implementations call ModelMeta with what is known of a model; they are read, never run, from
its repository, an installed package or a wheel, or as the same calls in a JSON list. A name `owner/name` is a repository of
the Hub only if the weights are open and the address given is that repository's, or the pinned revision is a commit whose
files are safetensors: models behind an API are called alike. `adapted_from` may name an ancestor of an intermediate model,
does not say the kind of derivation, and often is a path on somebody's disk. `training_datasets` are tasks of MTEB, some of
them made from data that the model has seen (a translation, a part); of those whose names say so only the first is kept.

Not read: dimensions and types of embeddings, memory, citations, contacts; an infinite `max_tokens`, which names no length.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from kg.errors import DataError
from kg.files.parsing import json_document
from kg.ingest.kit._fields import FieldWatch
from kg.ingest.kit._names import named_once, repeated
from kg.ingest.kit._words import fold
from kg.ingest.kit.kit import Found, Kit, Place, Record, unreadable
from kg.ingest.kit.parents import classify, is_hub_id
from kg.ingest.kit.source_record import SourceRecord
from kg.ingest.sources._card_fields import language
from kg.ingest.sources._card_parents import CardPlace
from kg.ingest.sources._mteb_modules import ModuleReader, UnreadValue
from kg.ingest.sources.hub import whole
from kg.model.issues import Issue

SOURCE = SourceRecord(
    id="mteb",
    label={"en": "MTEB", "ko": "MTEB"},
    description={
        "en": "Embedding models and rerankers of the Massive Text Embedding Benchmark, with base models, training data and licenses.",
        "ko": "MTEB 벤치마크가 다루는 임베딩 모델과 리랭커의 베이스 모델, 학습 데이터, 라이선스를 모은 기록입니다.",
    },
    source_type="database",
    license="license/apache-2.0",
    homepage="https://github.com/embeddings-benchmark/mteb",
    fetch="https://github.com/embeddings-benchmark/mteb/archive/refs/heads/main.tar.gz",
)

_FOLDER = "model_implementations"
_FIELDS = (
    *(
        "name",
        "revision",
        "release_date",
        "languages",
        "n_parameters",
        "max_tokens",
        "license",
        "reference",
    ),
    *("open_weights", "framework", "adapted_from", "superseded_by", "training_datasets"),
    "public_training_code",
)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_NO_MODEL = re.compile(r"(^|/)baseline[-/]")  # word counts, chance, people
_SETTING = re.compile(r"\(\w+=.*\)$")  # a model run in another way
_VARIANT = re.compile(r"[-_.].+|HardNegatives|[A-Z]{2}")  # what is appended to the name of a task
_CODE = "-Code"  # the script of programming languages
_NOTE = "adapted_from; a model between the two may go unnamed"


class _Meta(NamedTuple):
    id: str
    name: str
    is_hub: bool
    data: Mapping[str, Any]
    at: str


def fetch(place: Place) -> Iterator[Record | Issue]:
    """The calls of ModelMeta in all modules, or in a JSON list.

    Raises:
        DataError: the list is not JSON, or cut short.
    """
    modules = ModuleReader()
    for file in place.files():
        folder = file.name.rpartition("/")[0].rpartition("/")[2]
        if file.name.endswith(".py") and folder in ("", _FOLDER):
            try:
                modules.add(file)
            except DataError as error:
                yield unreadable(str(error), file.name, "source/mteb")
        elif file.name.endswith(".json") and not folder:
            models = json_document(file)
            for number, one in enumerate(models if isinstance(models, list) else (), 1):
                data = one if isinstance(one, dict) else {}
                yield Record(f"{file.name}:{number}", {k: _from_json(v) for k, v in data.items()})
    for call in modules.calls("ModelMeta"):
        yield Record(f"{call.module}:{call.line}", call.arguments)


def _from_json(value: Any) -> Any:
    """A value of the JSON list, in which calls and names are objects.

    >>> _from_json({"$call": "int", "args": [9.24e9]}), _from_json({"$attr": "inf"})
    (9240000000.0, inf)
    >>> _from_json({"$name": "bgem3_languages"})
    UnreadValue(text='bgem3_languages')
    """
    match value:
        case {"$call": "int" | "float", "args": [int() | float() as number]}:
            return number
        case {"$attr": "inf"} | {"$call": "float", "args": ["inf"]}:
            return math.inf
        case {"$call": "set" | "list", "args": []}:
            return []
        case {"$name": name} | {"$attr": name} | {"$expr": name} | {"$call": name}:
            return UnreadValue(str(name))
    return value


def claims(records: Iterable[Record], kit: Kit) -> Iterator[Found]:
    """What each record says; records name each other."""
    watch, kept = FieldWatch(_FIELDS), []
    for record in records:
        watch.see(record.data)
        name = record.data.get("name")
        if not isinstance(name, str) or not name.strip():
            yield kit.issue("empty", "", "a record without a name", record.data, record.locator)
        elif why := _no_model(name):
            yield kit.issue("no-model", "", why, name, record.locator)
        else:
            kept.append(_meta(name, record, kit))
    ids = {meta.name: meta.id for meta in kept}
    yield from repeated([meta.id for meta in kept], kit, [meta.at for meta in kept])
    yield from named_once(found for meta in kept for found in _said(meta, ids, kit))
    yield from watch.issues(kit)


def _said(meta: _Meta, ids: Mapping[str, str], kit: Kit) -> Iterator[Found]:
    yield from _unread(meta, kit)
    yield from _identity(meta, kit)
    yield from _facts(meta, kit)
    yield from _languages(meta, kit)
    yield from _kin(meta, ids, kit)
    yield from _datasets(meta, kit)


def _no_model(name: str) -> str:
    """Why a name is not that of a model; "" if it is.

    >>> _no_model("mteb/baseline-bm25s"), _no_model("Cohere/embed-v4.0 (output_dtype=int8)")
    ('a baseline, and no model', 'a model run with other settings')
    >>> _no_model("openai/text-embedding-3-large")
    ''
    """
    if _NO_MODEL.search(name):
        return "a baseline, and no model"
    return "a model run with other settings" if _SETTING.search(name) else ""


def _meta(name: str, record: Record, kit: Kit) -> _Meta:
    is_hub = _is_hub(name, record.data)
    id = f"model/hf/{name}" if is_hub else kit.id("model", name)
    return _Meta(id, name, is_hub, record.data, record.locator)


def _is_hub(name: str, data: Mapping[str, Any]) -> bool:
    if data.get("open_weights") is False or "/" not in name or not is_hub_id(name):
        return False
    address = classify(data.get("reference"))
    if address.sort == "hub":
        return address.value.casefold() == name.casefold()
    commit = _COMMIT.fullmatch(str(data.get("revision")))
    return bool(commit) and "safetensors" in _list(data.get("framework"))


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _unread(meta: _Meta, kit: Kit) -> Iterator[Found]:
    """An issue for each field that is read and whose value only running the module would tell."""
    for field in _FIELDS:
        for value in (meta.data.get(field), *_list(meta.data.get(field))):
            if isinstance(value, UnreadValue):
                yield kit.issue(
                    "unread", meta.id, f"only running MTEB would tell {field}", value.text, meta.at
                )


def _identity(meta: _Meta, kit: Kit) -> Iterator[Found]:
    owner, _, tail = meta.name.rpartition("/")
    yield kit.name(meta.id, tail, meta.at, lang="en")
    if meta.is_hub:
        yield kit.say(meta.id, "hubId", meta.name, meta.at)
    elif meta.data.get("open_weights") is True:
        message = "its address is not that of a repository of this name"
        reference = meta.data.get("reference")
        yield kit.issue("hub-id", meta.id, message, reference, meta.at, "hubId")
    if owner:
        org = f"org/hf/{owner}" if meta.is_hub else kit.id("org", owner)
        yield kit.name(org, owner, meta.at, lang="en")
        yield kit.say(meta.id, "publisher", org, meta.at)
    reference = meta.data.get("reference")
    if isinstance(reference, str) and re.match(r"https?://", reference):
        yield kit.say(meta.id, "url", reference, meta.at)


def _facts(meta: _Meta, kit: Kit) -> Iterator[Found]:
    data = meta.data
    if isinstance(data.get("release_date"), str):
        yield from kit.value(meta.id, "revisionDate", data["release_date"], meta.at)
    for field, property in (("n_parameters", "parameterCount"), ("max_tokens", "contextLength")):
        value = data.get(field)
        if number := whole(value):
            yield kit.say(meta.id, property, number, meta.at)
        elif value is not None and value != math.inf and not isinstance(value, UnreadValue):
            yield kit.issue("number", meta.id, "not a count", value, meta.at, property)
    text = data.get("license")
    if isinstance(text, str):
        link = text if "://" in text else ""
        yield from kit.license(meta.id, "other" if link else text, meta.at, link=link)
    if data.get("open_weights") is True:
        yield kit.say(meta.id, "access", "open-weights", meta.at)
    elif data.get("open_weights") is False and "API" in _list(data.get("framework")):
        yield kit.say(meta.id, "access", "api-only", meta.at)
    code = data.get("public_training_code")
    if isinstance(code, str) and code.strip():
        yield kit.say(meta.id, "trainingCodeAvailable", True, meta.at, url=code.strip())


def _languages(meta: _Meta, kit: Kit) -> Iterator[Found]:
    """Languages, which MTEB writes with their script: eng-Latn, and python-Code."""
    about = CardPlace(meta.id, meta.name if meta.is_hub else "", kit.source, meta.at)
    tags = [one for one in _list(meta.data.get("languages")) if isinstance(one, str)]
    for code in dict.fromkeys(tag.partition("-")[0] for tag in tags if not tag.endswith(_CODE)):
        yield from language(code, about, "languages", kit)
    for tag in tags:
        if tag.endswith(_CODE):
            message = "a programming language"
            yield kit.issue("language", meta.id, message, tag, meta.at, "language")


def _kin(meta: _Meta, ids: Mapping[str, str], kit: Kit) -> Iterator[Found]:
    base, newer = (meta.data.get(field) for field in ("adapted_from", "superseded_by"))
    if isinstance(base, str):
        yield from _base(meta, base, ids, kit)
    if not isinstance(newer, str):
        return
    if newer == meta.name:
        message = "it is named as what supersedes it"
        yield kit.issue("self", meta.id, message, newer, meta.at, "successorOf")
    elif newer in ids:
        yield kit.say(ids[newer], "successorOf", meta.id, meta.at)
    else:
        message = "the source describes nothing of this name"
        yield kit.issue("dangling", meta.id, message, newer, meta.at, "successorOf")


def _base(meta: _Meta, base: str, ids: Mapping[str, str], kit: Kit) -> Iterator[Found]:
    if ids.get(base, meta.id) != meta.id:
        yield kit.say(meta.id, "derivedFrom", ids[base], meta.at, note=_NOTE)
    else:
        yield from kit.derive(meta.id, "derivedFrom", base, meta.at, own=meta.name, note=_NOTE)


def _datasets(meta: _Meta, kit: Kit) -> Iterator[Found]:
    names = [one for one in _list(meta.data.get("training_datasets")) if isinstance(one, str)]
    own, variants = _without_variants(sorted(dict.fromkeys(names)))
    for name in own:
        dataset = kit.id("dataset", name)
        yield kit.name(dataset, name, meta.at, lang="en")
        note = "MTEB lists the tasks whose data the model has seen"
        yield kit.say(meta.id, "trainedOn", dataset, meta.at, note=note)
    if variants:
        message = "tasks made from others of this list; whether the model saw them is not said"
        listed = ", ".join(variants)
        yield kit.issue("variant-dataset", meta.id, message, listed, meta.at, "trainedOn")


def _without_variants(names: list[str]) -> tuple[list[str], list[str]]:
    """Names of tasks, those that another one stands in first told apart.

    >>> _without_variants(["HotPotQA", "HotpotQA-NL", "NQ", "NQ-PL", "NQHardNegatives", "NanoNQRetrieval"])
    (['HotPotQA', 'NQ'], ['HotpotQA-NL', 'NQ-PL', 'NQHardNegatives', 'NanoNQRetrieval'])
    """
    folded = {fold(name) for name in names}

    def is_variant(name: str) -> bool:
        plain = re.sub(r"^Nano(.+?)(Retrieval)?$", r"\1", name)
        if plain != name and folded & {fold(plain), fold(f"{plain}Retrieval")}:
            return True
        return any(
            fold(name[:end]) in folded and _VARIANT.fullmatch(name[end:])
            for end in range(2, len(name))
        )

    variants = [name for name in names if is_variant(name)]
    return [name for name in names if name not in variants], variants
