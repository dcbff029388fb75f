"""What a person's text means in a snapshot: the id it names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from kg.errors import InputError, UnknownId
from kg.language.folding import fold, read_sizes
from kg.language.forms import readable
from kg.messages.message import Message
from kg.model.claim import Entity, is_id, kind_of, slug_of
from kg.model.identifiers import hub_path, identifiers
from kg.model.purl import id_of_purl, is_purl
from kg.model.vocabulary import DEVELOPER, IN_FAMILY

if TYPE_CHECKING:
    from kg.snapshot.snapshot import Snapshot

_LONGEST_NAME = 200  # characters of a name
_PATHS = ("model/hf", "model/ms", "dataset/hf", "org/hf")
# An address on a hub, as a browser, git, fsspec or Ollama has it, and what may stand behind the path of a model in it.
_ADDRESS = re.compile(
    r"(?:hf://|(?:https?://)?(?:www\.)?(?:(?:huggingface|hf)\.co|modelscope\.cn/models)/)"
    r"(?:datasets/)?(?P<path>[^?#]+)",
    re.IGNORECASE,
)
_BELOW = re.compile(
    r"(?:\.git|[@:][\w.-]*)?"
    r"(?:/(?:tree|blob|resolve|raw|commits?|discussions|files|summary|viewer)(?:/.*)?)?$",
    re.DOTALL,
)
_TITLED = ("publication", "source")
_MADE_BY = (DEVELOPER, "publisher")


def find_id(snapshot: Snapshot, text: str) -> str:
    """The canonical id of what a user typed: an id, an IRI of ours, a path on a hub, a package URL, or any name.

    Raises:
        UnknownId: nothing goes by that name; carries the nearest ids.
        InputError: a bare slug that several kinds share, or a name of several things.
    """
    if id := identify(snapshot, text):
        return id
    name = _without_base(text, snapshot.manifest.base)
    raise UnknownId(name, snapshot.near(name))


def identify(snapshot: Snapshot, text: str) -> str | None:
    """The canonical id that a text names, None if nothing goes by that name.

    It may be kind/slug, a bare slug, an IRI of ours, a path on Hugging Face or ModelScope, a package URL of
    the Hub, a name in an API, with its maker before it or not, or any name in Korean or English; case,
    hyphens and spaces do not matter.

    Raises:
        InputError: a bare slug that several kinds share, a name of several things, or a package URL of
            anything but the Hub.
    """
    if is_purl(text):
        known = find_spelled(snapshot, id_of_purl(text))
        return known if snapshot.lines.find(known) is not None else None
    text = _without_base(text, snapshot.manifest.base)
    for candidate in (text, *(f"{path}/{text}" for path in _PATHS)):
        known = snapshot.redirects.get(candidate, candidate)
        if is_id(known) and snapshot.lines.find(known) is not None:
            return known
    slugs = (f"{kind}/{text}" for kind in snapshot.vocabulary.kinds)
    named = [id for id in slugs if snapshot.lines.find(id) is not None] or _find_names(
        snapshot, text
    )
    if len(named) > 1:
        named = _meant(snapshot, text, named)
    if len(named) > 1:
        raise InputError(
            Message("%(text)r names several things: %(names)s", text=text, names=named)
        )
    return next(iter(named), None)


def find_spelled(snapshot: Snapshot, id: str) -> str:
    """The id that an id goes by, also one of the Hub in another case; itself if the snapshot has none.

    Args:
        snapshot: the release.
        id: such as a source makes of what it reads.
    """
    known = snapshot.redirects.get(id, id)
    path = hub_path(known)
    if not path or snapshot.lines.find(known) is not None:
        return known
    folded = path.casefold()
    for entity in snapshot.those(snapshot.index.named(path)):
        paths = identifiers(entity.id, entity.values, snapshot.former(entity.id))
        if kind_of(entity.id) == kind_of(id) and folded in map(str.casefold, paths):
            return entity.id
    return known


def _find_names(snapshot: Snapshot, text: str) -> list[str]:
    """What has this name in any spelling: as a whole, else behind the name of its maker."""
    text = text[:_LONGEST_NAME]
    if found := [entity.id for entity in _bearers(snapshot, text)]:
        return found
    maker, _, name = text.rpartition("/")
    makers = {entity.id for entity in _bearers(snapshot, maker)} if maker else set()
    return [entity.id for entity in _bearers(snapshot, name) if makers & _makers(entity)]


def _bearers(snapshot: Snapshot, name: str) -> Iterator[Entity]:
    """The entities that go by a name; what only search terms leave out still tells names apart."""
    spelled = {fold(name), fold(snapshot.index.standard(name.replace("+", " plus ")))}
    sizes = read_sizes(name.casefold())  # 3 8B is not 38B
    for entity in snapshot.those(snapshot.index.named(name)):
        names = [name for names in entity.labels.values() for name in names]
        folded = (n for n in (*names, *_paths(snapshot, entity)) if fold(n) in spelled)
        if any(not sizes or read_sizes(n.casefold()) == sizes for n in folded):
            yield entity


def _paths(snapshot: Snapshot, entity: Entity) -> Iterator[str]:
    """Its paths and API names, and what stands behind an account or a host."""
    for path in identifiers(entity.id, entity.values, snapshot.former(entity.id)):
        yield path
        yield path.rpartition("/")[2]


def _makers(entity: Entity) -> set[str]:
    return {str(id) for name in _MADE_BY for id in entity.values(name)}


def _meant(snapshot: Snapshot, name: str, ids: Sequence[str]) -> list[str]:
    """Of several things of one name those that it can mean.

    A family that is called like its member is not meant: the member has the license and the size. Nor is
    what others made of a model or uploaded again under its name: they are called by their paths. What is
    written about a thing goes by its title. What people described goes before what only a source names.
    """
    entities = list(snapshot.those(ids))
    families = {str(id) for entity in entities for id in entity.values(IN_FAMILY)}
    own = set(snapshot.index.named(name, own=True))
    rules: tuple[Callable[[str], bool], ...] = (
        lambda id: kind_of(id) not in _TITLED,
        lambda id: id not in families,
        lambda id: kind_of(id) != "model" or id in own,
        lambda id: "/" not in slug_of(id),
    )
    for fits in rules:
        ids = [id for id in ids if fits(id)] or ids
    return list(ids)


def _without_base(text: str, base: str) -> str:
    """A text without the address before it: ours, or that of a hub of models."""
    text = readable(text).strip()
    if is_purl(text):
        return hub_path(id_of_purl(text))
    if text.startswith(base):
        return text[len(base) :]
    if found := _ADDRESS.fullmatch(text.partition("?")[0].partition("#")[0]):
        return _BELOW.sub("", found["path"].strip("/"), count=1)
    return text
