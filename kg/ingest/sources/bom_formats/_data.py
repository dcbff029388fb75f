"""Which components of type `data` are data sets: CycloneDX files much else under that type."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kg.ingest.kit._words import VECTOR_STORE, fold
from kg.ingest.sources.bom_formats._identity import hub_id
from kg.ingest.sources.bom_formats._json import Json, object_at, objects_at, text_at
from kg.model.purl import read_purl

DATASET = "dataset"  # of the types that CycloneDX has for data
_FILES = re.compile(  # of a model's repository, whatever a document calls them
    r"(^|[/#])([^/]*\.(safetensors|gguf|ggml|pt|pth|ckpt|onnx|tflite|py|jinja)"
    r"|(pytorch_model|adapter_model|model|consolidated|tf_model)[\w.-]*\.(bin|h5|msgpack)"
    r"|[^/]*(config|index|special_tokens_map|added_tokens|tokenizer|vocab|merges)\.(json|ya?ml|txt|model))$",
    re.IGNORECASE,
)
# Such as FAISS.from_texts
_CALL = re.compile(r"\w+(\.\w+)*\.(from|load|get|create|connect|as)_\w+(\(.*\))?")
_OF_PROTOCOL = re.compile(r"\bmcp\b", re.IGNORECASE)  # resources of the Model Context Protocol
_SOURCE = ("source_file", "sourcefile", "source-file")  # names of properties end in


def is_dataset(component: Json, words: Mapping[str, str]) -> bool:
    """Whether a component of type `data` is a data set.

    What its `data` says counts; without that it is one, unless it is a file of a model or something that a
    scanner met in source code.

    Args:
        component: of type `data`.
        words: folded word -> group, data/ingest/words.yaml.
    """
    entries = objects_at(component, "data")
    if entries and not any(text_at(e, "type") in ("", DATASET) for e in entries):
        return False
    if _is_model_file(component, entries):
        return False
    return bool(entries) or not _is_code(component, words)


def _is_model_file(component: Json, entries: list[Json]) -> bool:
    purl = read_purl(text_at(component, "purl"))
    urls = [text_at(object_at(e, "contents"), "url") for e in entries]
    within = any(hub_id("model", url) and re.search("/(blob|resolve|raw)/", url) for url in urls)
    names = [text_at(component, "name"), purl.piece if purl else ""]
    return within or any(map(_FILES.search, filter(None, names)))


def _is_code(component: Json, words: Mapping[str, str]) -> bool:
    """Whether it is something met in source code: a call, a vector store, a resource of a server."""
    name, ref = text_at(component, "name"), text_at(component, "bom-ref")
    if text_at(component, "purl") or objects_at(component, "externalReferences"):
        return False
    evidence = object_at(component, "evidence")
    scanned = bool(objects_at(evidence, "occurrences")) or any(
        text_at(p, "name").casefold().endswith(_SOURCE) for p in objects_at(component, "properties")
    )
    store = any(words.get(fold(part)) == VECTOR_STORE for part in re.split(r"[^\w-]+", name))
    return bool(scanned or store or _CALL.fullmatch(name) or _OF_PROTOCOL.search(f"{ref} {name}"))
