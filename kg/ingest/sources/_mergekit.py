"""mergekit configurations: every model that went into a merge, with the method and its weight.

References are `path`, `path@revision`, `model+lora`, or a mapping of these parts (mergekit's
ModelReference). Tokenizer sources are no parents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from kg.files.yaml import Path_, Yaml
from kg.ingest.kit.kit import Found, Kit

_WORDS = re.compile(r"\b(merge_method|source_model)[\"']?\s*:")
_LISTS = re.compile(r"^(models|slices|experts|modules)\s*:", re.MULTILINE)


class MergePart(NamedTuple):
    """One model of a merge."""

    reference: object  # as written
    role: str
    path: Path_  # in the document


def speaks_of_merge(text: str) -> bool:
    """Whether a text has one of the keys that only the configuration of a merge has."""
    return bool(_WORDS.search(text))


def lists_models(text: str) -> bool:
    """Whether a text has a key that configurations of merges have, and those of much else."""
    return bool(_LISTS.search(text))


def is_merge(data: object) -> bool:
    """Whether a document is a configuration of a merge: it has a method, experts, or slices of models.

    `models` alone is none: evaluations, gateways, dbt and Compose files list models as well.

    >>> is_merge({"models": [{"model": "a/b"}]}), is_merge({"experts": [{"source_model": "a/b"}]})
    (False, True)
    """
    if not isinstance(data, dict):
        return False
    if isinstance(data.get("merge_method"), str):
        return True
    experts, slices = _list(data.get("experts")), _list(data.get("slices"))
    modules = data.get("modules")
    return (
        any(isinstance(one, dict) and "source_model" in one for one in experts)
        or any(isinstance(one, dict) and isinstance(one.get("sources"), list) for one in slices)
        or (isinstance(modules, dict) and any(map(is_merge, modules.values())))
    )


def claims(documents: Sequence[Yaml], subject: str, own: str, kit: Kit) -> Iterator[Found]:
    """The parents that a configuration names, each told once with all it did.

    Of several documents, each but the last has a `name` by which later ones call what it makes
    (mergekit-multi); such a name is no parent, what went into it is.

    Args:
        documents: of the configuration.
        subject: id of the merged model.
        own: its Hub id, if it has one.
        kit: the source's.
    """
    made = {str(one.data["name"]) for one in documents if one.data.get("name")}
    told: dict[str, tuple[list[str], str]] = {}
    for one in documents:
        method = str(one.data.get("merge_method") or one.data.get("gate_mode") or "")
        for part in parts(one.data):
            for text, role in _references(part.reference, part.role):
                if text not in made:
                    place = f"{one.name}:{one.line(part.path)}"
                    notes, _ = told.setdefault(text, ([], place))
                    notes += [f"mergekit {method}".strip(), role]
    for number, (text, (notes, place)) in enumerate(told.items(), 1):
        note = "; ".join(dict.fromkeys(filter(None, notes)))
        which = (number, len(told))
        yield from kit.derive(subject, "mergedFrom", text, place, own=own, note=note, place=which)


def parts(data: Mapping[str, Any], path: Path_ = ()) -> Iterator[MergePart]:
    """The models of a configuration, in the order of the document's kinds of fields.

    >>> [p.reference for p in parts({"slices": [{"sources": [{"model": "a/b+c/d"}]}], "base_model": "e/f"})]
    ['a/b+c/d', 'e/f']
    """
    for key, name in (
        ("models", "model"),
        ("experts", "source_model"),
        ("shared_experts", "source_model"),
        ("sources", "model"),
    ):
        for i, one in enumerate(_list(data.get(key))):
            if isinstance(one, dict) and one.get(name):
                role = {"experts": "expert", "shared_experts": "shared expert"}.get(key, "")
                yield MergePart(
                    one[name], "; ".join(filter(None, (role, _weight(one)))), (*path, key, i)
                )
    for i, one in enumerate(_list(data.get("slices"))):
        if isinstance(one, dict):
            yield from parts(one, (*path, "slices", i))
    modules = data.get("modules")
    for name, one in modules.items() if isinstance(modules, dict) else ():
        if isinstance(one, dict):
            yield from parts(one, (*path, "modules", name))
    if data.get("base_model"):
        yield MergePart(data["base_model"], "base model", (*path, "base_model"))


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _weight(one: Mapping[str, Any]) -> str:
    """What a model gives: its weight or its layers."""
    parameters = one.get("parameters")
    weight = parameters.get("weight") if isinstance(parameters, dict) else None
    layers = one.get("layer_range")
    told = [
        f"weight {_short(weight)}" if weight is not None else "",
        f"layers {_short(layers)}" if layers else "",
    ]
    return ", ".join(filter(None, told))


def _short(value: object) -> str:
    if isinstance(value, list) and all(isinstance(one, int | float) for one in value):
        return "–".join(map(str, value)) if len(value) == 2 else ", ".join(map(str, value))
    return str(value) if isinstance(value, int | float) else "by layer"


def _references(value: object, role: str) -> Iterator[tuple[str, str]]:
    """The repositories of a reference, a LoRA beside its model, each as `path@revision`.

    >>> list(_references("org/base@main+org/lora", "weight 1"))
    [('org/base@main', 'weight 1; with the adapter org/lora'), ('org/lora', 'adapter on org/base')]
    """
    model, lora = _pair(value)
    if not lora:
        yield model, role
        return
    name, _, _ = model.partition("@")
    yield model, "; ".join(filter(None, (role, f"with the adapter {_shown(lora)}")))
    yield lora, f"adapter on {_shown(name)}"


def _pair(value: object) -> tuple[str, str]:
    if isinstance(value, dict):
        return _one(value.get("model", value)), _one(value.get("lora")) if value.get("lora") else ""
    model, _, lora = str(value).partition("+")
    return model.strip(), lora.strip()


def _one(value: object) -> str:
    if isinstance(value, dict):
        path = value.get("path")
        inner = _one(path) if isinstance(path, dict) else str(path or "")
        return f"{inner}@{value['revision']}" if value.get("revision") else inner
    return str(value)


def _shown(text: str) -> str:
    """A reference in a note; a local path stays untold."""
    return "(local path)" if text.startswith(("/", ".", "~")) or "\\" in text else text
