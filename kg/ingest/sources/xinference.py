"""Xinference: models it can serve, in llm/, embedding/ and rerank/ one JSON file a family.

A specification says for one size and format where the weights stand, on the Hub and on ModelScope. The repository of the
format `pytorch` is the model; those of other formats of the same family and size were made from it. A name may hold
`{quantization}`, which stands for each of the quantizations listed. Chat templates are not read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from kg.claims.runs import IdentityLink
from kg.errors import DataError
from kg.files.parsing import json_document, listed
from kg.ingest.kit._languages import find_language
from kg.ingest.kit.kit import Found, Kit, Place, Record, unreadable
from kg.ingest.kit.source_record import SourceRecord
from kg.ingest.sources._copies import is_marked, is_quantized, owner, plain_name
from kg.ingest.sources._repositories import TwinPair, hub_model, is_repository, modelscope_ties
from kg.ingest.sources._rounded import active_size, is_number, named_size, said_size
from kg.model.issues import Issue

SOURCE = SourceRecord(
    id="xinference",
    label={"en": "Xinference's models", "ko": "Xinference 지원 모델"},
    description={
        "en": "Models that Xinference can serve, with their quantized copies and their ids on the Hub and on ModelScope.",
        "ko": "Xinference로 서비스할 수 있는 모델의 양자화 사본과 허브 ID, ModelScope ID를 정리한 목록입니다.",
    },
    source_type="database",
    license="license/apache-2.0",
    homepage="https://github.com/xorbitsai/inference",
    fetch="https://github.com/xorbitsai/inference/archive/refs/heads/main.tar.gz",
)

Data = Mapping[str, Any]
_PLAIN = frozenset({"none", "bf16", "fp16", "fp32", "f16", "f32"})  # nothing is lost
_PLACEHOLDER = "{quantization}"
_OF_LANGUAGE_MODELS = ("llm", "embedding", "rerank")


class _Repository(msgspec.Struct, frozen=True, kw_only=True):
    hub: str
    format: str
    quantized: bool  # to a lower precision; else only in another format
    size: str  # billions, as written: `0_6`
    active: str
    at: str


class _Family(NamedTuple):
    data: Data
    at: str
    repositories: list[_Repository]


def fetch(place: Place) -> Iterator[Record | Issue]:
    """The families, several in a file of old."""
    for file in place.files("*.json"):
        try:
            for number, family in enumerate(listed(json_document(file))):
                if isinstance(family, dict) and "model_specs" in family and _spoken(file.name):
                    yield Record(f"{file.name}#{number}" if number else file.name, family)
        except DataError as error:
            yield unreadable(str(error), file.name, "source/xinference")


def _spoken(path: str) -> bool:
    """Whether a file is one of a language model: the repository holds image, audio and video models too."""
    folders = path.split("/")[:-1]
    return not folders or any(folder in _OF_LANGUAGE_MODELS for folder in folders[-2:])


def claims(records: Iterable[Record], kit: Kit) -> Iterator[Found | IdentityLink]:
    """What the families say; where models stand on ModelScope is said at the end, once."""
    pairs: list[TwinPair] = []
    told: set[str] = set()
    for record in records:
        family = _Family(record.data, record.locator, [])
        yield from _read_specs(family, pairs, kit)
        for one in family.repositories:
            if one.hub not in told:
                told.add(one.hub)
                yield from hub_model(kit, one.hub, one.at)
        yield from _family(family, kit)
    yield from modelscope_ties(pairs, kit)


def _read_specs(family: _Family, pairs: list[TwinPair], kit: Kit) -> Iterator[Found]:
    """Take the repositories and pairs from the specifications; say what cannot be one."""
    for number, spec in enumerate(listed(family.data["model_specs"])):
        at = f"{family.at}:model_specs[{number}]"
        sources = spec.get("model_src") if isinstance(spec, dict) else None
        hub = _ids(sources, "huggingface")
        modelscope = _ids(sources, "modelscope")
        if not hub and not modelscope:
            yield kit.issue("shape", "", "no repository of a known hub", spec, at)
        elif not hub:
            named = ", ".join(modelscope.values())
            yield kit.issue("modelscope-only", "", "stands on ModelScope only", named, at)
        for quantization, id in hub.items():
            if not is_repository(id):
                yield kit.issue("hub-id", "", "not an id of the Hub", id, at, "hubId")
                continue
            family.repositories.append(_repository(spec, id, quantization, at))
            twin = modelscope.get(quantization, "")
            if is_repository(twin):
                pairs.append(TwinPair(twin, id, at))


def _ids(sources: object, hub: str) -> dict[str, str]:
    """The ids on one hub, by quantization; "" is one that holds several."""
    source = sources.get(hub) if isinstance(sources, dict) else None
    id = source.get("model_id") if isinstance(source, dict) else None
    if not isinstance(source, dict) or not isinstance(id, str):
        return {}
    quantizations = [str(one) for one in listed(source.get("quantizations"))]
    if _PLACEHOLDER in id:
        return {one: id.replace(_PLACEHOLDER, one) for one in quantizations}
    plain = bool(quantizations) and all(one.casefold() in _PLAIN for one in quantizations)
    return {"none" if plain else "": id}


def _repository(spec: Data, id: str, quantization: str, at: str) -> _Repository:
    format = str(spec.get("model_format"))
    plain = quantization.casefold() in _PLAIN and format in ("pytorch", "mlx", "ggufv2")
    quantized = is_quantized(id) if format == "pytorch" else not plain
    return _Repository(
        hub=id,
        format=format,
        quantized=quantized,
        size=str(spec.get("model_size_in_billions", "")).replace("_", "."),
        active=str(spec.get("activated_size_in_billions", "")).replace("_", "."),
        at=at,
    )


def _family(family: _Family, kit: Kit) -> Iterator[Found]:
    by_size: dict[str, list[_Repository]] = defaultdict(list)
    for one in family.repositories:
        by_size[one.size].append(one)
    for size, found in by_size.items():
        own = {one.hub: one for one in found if one.format == "pytorch" and not one.quantized}
        if len(own) != 1:
            yield _no_model(family, size, [*own], found, kit)
            continue
        (model,) = own.values()
        yield from _said(family, model, kit)
        copies = {one.hub: one for one in reversed(found) if one.hub != model.hub}
        for copy in reversed(copies.values()):
            yield _edge(copy, model, kit)


def _no_model(
    family: _Family, size: str, own: list[str], found: list[_Repository], kit: Kit
) -> Found:
    """Of several repositories none is the model, and without one nothing was made from it."""
    rule, message = (
        ("several-models", "several repositories of one size are no copies")
        if own
        else ("no-model", "no repository of this size holds it as it was published")
    )
    named = ", ".join(own or [one.hub for one in found])
    return kit.issue(rule, "", message, named, f"{family.at}: {size}", "derivedFrom")


def _edge(copy: _Repository, model: _Repository, kit: Kit) -> Found:
    property = "quantizedFrom" if copy.quantized else "convertedFrom"
    subject, parent = f"model/hf/{copy.hub}", f"model/hf/{model.hub}"
    if why := _doubt(copy, model):
        return kit.issue(why[0], subject, why[1], model.hub, copy.at, property)
    return kit.say(subject, property, parent, copy.at, note=f"format {copy.format}")


def _doubt(copy: _Repository, model: _Repository) -> tuple[str, str] | None:
    """Why a repository is no copy of the model of its size: rule and message."""
    if plain_name(copy.hub) != plain_name(model.hub):
        return "other-name", "one size of the family, but named otherwise than the model"
    if owner(copy.hub) == owner(model.hub) and is_marked(model.hub) and not is_marked(copy.hub):
        return "direction", "the model's own name is a copy's, so that this may be the original"
    return None


def _said(family: _Family, model: _Repository, kit: Kit) -> Iterator[Found]:
    """What the file says of the family, said of one model of it."""
    data, subject = family.data, f"model/hf/{model.hub}"
    context = data.get("context_length") or data.get("max_tokens")
    if isinstance(context, int) and context > 0:
        note = "for the whole family"
        yield kit.say(subject, "contextLength", context, family.at, note=note)
    yield from _sizes(model, subject, kit)
    yield from _languages(data.get("model_lang") or data.get("language"), subject, family.at, kit)
    for ability in listed(data.get("model_ability")):
        yield kit.say(subject, "task", str(ability), family.at)


def _sizes(model: _Repository, subject: str, kit: Kit) -> Iterator[Found]:
    """Sizes are cut to few digits, so that only one which the model's name bears out is a fact."""
    if not is_number(model.size):
        return
    note = "in billions, rounded"
    size = said_size(model.hub, model.size)
    if size:
        yield kit.say(subject, "parameterCount", size, model.at, note=note)
    else:
        message = (
            "the model's name says another size"
            if named_size(model.hub)
            else "few digits, and the model's name says no size"
        )
        yield kit.issue("size", subject, message, model.size, model.at, "parameterCount")
    if active := active_size(model.hub, model.active, size):
        yield kit.say(subject, "activeParameterCount", active, model.at, note=note)


def _languages(codes: object, subject: str, at: str, kit: Kit) -> Iterator[Found]:
    """The languages of a list, if all of its codes are of languages: `la` is Laos beside `kh`, else Latin."""
    found = [(str(code), find_language(str(code))) for code in listed(codes)]
    if strange := [code for code, language in found if language is None]:
        message = f"holds what is no language: {', '.join(strange)}"
        yield kit.issue("language", subject, message, codes, at, "language")
        return
    for _, language in found:
        if language:
            for lang, name in language.names.items():
                yield kit.name(language.id, name, at, lang=lang)
            yield kit.say(subject, "language", language.id, at)
