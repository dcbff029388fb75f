"""Which entity of a snapshot a name that a project writes stands for; None where that is not certain."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from kg.model.claim import kind_of
from kg.model.identifiers import identifiers
from kg.scan._names import without_provider
from kg.scan._rules import name_rules
from kg.scan.finding import FindingKind, Host
from kg.snapshot.snapshot import Snapshot

_MODELS = ("model", "family", "product")
_SIZE = re.compile(r"(?P<size>\d+(?:\.\d+)?[bm]|\d+x\d+b)(?:-.*)?", re.IGNORECASE)


def known_in(snapshot: Snapshot) -> Callable[[str], FindingKind | None]:
    """What a snapshot holds that goes by exactly a name, a path on a hub or a name in an API: a model, a data set or nothing.

    Args:
        snapshot: an open snapshot.
    """

    kinds: tuple[FindingKind, ...] = ("model", "dataset")

    def known(text: str) -> FindingKind | None:
        for one in kinds:
            id = f"{one}/hf/{text}"
            if snapshot.lines.find(snapshot.redirects.get(id, id)) is not None:
                return one
        if "/" in text:
            return None
        for entity in snapshot.those(snapshot.index.named(text)):
            kind = kind_of(entity.id)
            named = kind == "dataset" or kind in _MODELS
            if named and text in identifiers(entity.id, entity.values, snapshot.former(entity.id)):
                return "dataset" if kind == "dataset" else "model"
        return None

    return known


def identify_finding(snapshot: Snapshot, what: str, kind: FindingKind, host: Host) -> str | None:
    """The id of what a finding names.

    A short name at Ollama or Docker stands for the model of that name and size; one without size for a family
    only, as its library may give any of its members. The name of a file stands for nothing.

    Args:
        snapshot: an open snapshot.
        what: the name, as written.
        kind: what it would be.
        host: where the name belongs.

    Raises:
        InputError: the name is of several things.
    """
    if host == "file":
        return None
    if host in ("ollama", "docker"):
        return _library_name(snapshot, what)
    kinds = ("dataset",) if kind == "dataset" else _MODELS
    for text in _spellings(what, kinds[0], host):
        id = snapshot.identify(text)
        if id and kind_of(id) in kinds:
            return id
    return None


def _spellings(what: str, kind: str, host: Host) -> Iterator[str]:
    """How the graph may know a name: as it is, on its hub, without a tag, without a provider."""
    if prefix := name_rules().prefixes.get(host):
        yield f"{kind}/hf/{prefix}{what}"
    hub = "ms" if host == "modelscope" else "hf"
    yield f"{kind}/{hub}/{what}"
    yield what
    bare = re.split(r"[:@]", what)[0]
    if "/" in bare and bare != what:
        yield f"{kind}/{hub}/{bare}"
        yield bare
    if rest := without_provider(what):
        yield rest
        yield re.split(r"[:@]", rest)[0]


def _library_name(snapshot: Snapshot, what: str) -> str | None:
    """The entity of a name in the library of Ollama or of Docker."""
    base, _, tag = what.removeprefix("ollama/").removeprefix("ai/").partition(":")
    if "/" in base:
        id = snapshot.identify(f"model/hf/{base}")
        return id if id and kind_of(id) == "model" else None
    if size := _SIZE.fullmatch(tag):
        id = snapshot.identify(f"{base} {size['size']}")
        return id if id and kind_of(id) == "model" else None
    id = snapshot.identify(base) if tag in ("", "latest") else None
    return id if id and kind_of(id) == "family" else None
