"""What a part of a bill of materials is: by its package URL, its addresses and its hashes, never by its name alone.

The Hub's page of a part may stand in many fields, and in the wrong one: a page that another part bears by name is
not the page of this one, and a website counts only if it bears the part's name, as it may be that of what the part
was made from. What nothing identifies is local to its document: two parts of one name are two.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from kg.ingest.kit.parents import classify, hub_dataset, is_hub_id
from kg.model.claim import is_id, kind_of
from kg.model.purl import PackageUrl, hub_package, read_purl

_HOST = re.compile(r"(?:www\.)?(?:huggingface\.co|hf\.co)/", re.I)
_UNFIT = re.compile(r"[^\w.+-]+")
_FILE = re.compile(r"/(?:blob|resolve|raw)/[^/]+/([^?#]+)")
_WHERE = ("download_url", "vcs_url")  # qualifiers of package URLs that hold an address


class PartEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """What a document says that tells one part from another."""

    kind: str  # model, dataset or product
    ref: str  # what the document calls it, "" if it does not
    called: str  # its name
    name: str  # its name with group and version, for what nothing identifies
    known: str = ""  # Gyebo's id
    purls: tuple[str, ...] = ()
    places: tuple[str, ...] = ()  # addresses where it lies
    pages: tuple[str, ...] = ()  # addresses that tell of it
    hashes: tuple[str, ...] = ()


class PartIdentity(NamedTuple):
    """What a part is."""

    id: str = ""  # "" for what only its document names
    piece: str = ""  # of what the id names, where it is not the whole
    doubt: str = ""  # why an address was not taken
    sure: bool = False  # a package URL names it, or Gyebo


def identify(parts: Sequence[PartEvidence]) -> list[PartIdentity]:
    """What each part is; with `id` empty where nothing but this document tells."""
    found = [_alone(part) for part in parts]
    found = [*_uncontested(parts, found)]
    spelled: dict[str, str] = {}
    for one in sorted(found, key=lambda one: not one.sure):
        spelled.setdefault(one.id.casefold(), one.id)
    found = [one._replace(id=spelled[one.id.casefold()]) for one in found]
    known: dict[str, PartIdentity] = {}
    order = sorted(
        zip(parts, found, strict=True), key=lambda pair: (not pair[0].known, not pair[1].sure)
    )
    for part, one in order:
        for key in _keys_within(part) if one.id else ():
            known.setdefault(key, one)
    return _pieces(
        parts, [_within(part, one, known) for part, one in zip(parts, found, strict=True)]
    )


def _pieces(parts: Sequence[PartEvidence], found: Sequence[PartIdentity]) -> list[PartIdentity]:
    """Each identity: of several parts that are one thing, those of another name are pieces of it."""
    shared: dict[str, set[str]] = defaultdict(set)
    for part, one in zip(parts, found, strict=True):
        shared[one.id].add(_own_key(part))
    return [
        one._replace(piece=part.called)
        if one.id
        and not one.piece
        and not one.sure
        and len(shared[one.id]) > 1
        and not bears(part, one.id.partition("/hf/")[2])
        else one
        for part, one in zip(parts, found, strict=True)
    ]


def _within(
    part: PartEvidence, one: PartIdentity, known: Mapping[str, PartIdentity]
) -> PartIdentity:
    """What a part is by what its document refers to it by, then by what was found, then by the hash of a file."""
    referred = known.get(f"{part.kind} {part.ref}") if part.ref else None
    if referred and not part.known and (referred.sure or not one.id):
        return referred
    if one.id:
        return one
    return next((known[key] for key in _keys_within(part) if key in known), one)


def local_names(parts: Sequence[PartEvidence]) -> list[str]:
    """What each part is called in ids of its document: two of one name are told apart."""
    keys = [_own_key(part) for part in parts]
    alike: dict[tuple[str, str], set[str]] = defaultdict(set)
    for part, key in zip(parts, keys, strict=True):
        alike[part.kind, slug_of_name(part.name)].add(key)
    return [
        part.name
        if len(alike[part.kind, slug_of_name(part.name)]) == 1
        else f"{part.name}-{hashlib.sha256(key.encode()).hexdigest()[:6]}"
        for part, key in zip(parts, keys, strict=True)
    ]


def slug_of_name(name: str) -> str:
    """A name as ids of a document hold it.

    >>> slug_of_name("Data (after preprocessing)"), slug_of_name("??")
    ('data-after-preprocessing', 'unnamed')
    """
    return _UNFIT.sub("-", name.casefold()).strip("-.") or "unnamed"


def hub_id(kind: str, address: str) -> str:
    """The id on the Hub that a package URL or an address names, "" if none of that kind.

    >>> hub_id("model", "pkg:huggingface/org/name@abc"), hub_id("model", "https://example.org/a/b")
    ('org/name', '')
    >>> hub_id("dataset", "https://huggingface.co/datasets/org/name/tree/main")
    'org/name'
    >>> hub_id("model", "git+https://huggingface.co/org/name.git@abc"), hub_id("model", "hf://org/name")
    ('org/name', 'org/name')
    """
    if purl := read_purl(address):
        return _hub_of_purl(kind, purl)
    text = re.sub(r"^(git\+|scm:git:)", "", address.strip(), flags=re.I)
    text = re.sub(
        r"^(hf://|git@(huggingface\.co|hf\.co):)", "https://huggingface.co/", text, flags=re.I
    )
    text = f"https://{text}" if _HOST.match(text) else text
    text = re.sub(r"\.git(?=$|[@/?#])(@[^/?#]*)?", "", text)
    if "://" not in text:
        return ""
    if kind == "dataset":
        return hub_dataset(text)
    found = classify(text)
    return found.value if found.sort == "hub" and "/" in found.value else ""


def _hub_of_purl(kind: str, purl: PackageUrl) -> str:
    """What a package URL of the Hub names; one for data sets says so, or is that of a part that is data."""
    package = hub_package(purl)
    if package is None or (package.is_data and kind != "dataset"):
        return ""
    return package.path if is_hub_id(package.path) else ""


def _alone(part: PartEvidence) -> PartIdentity:
    """What a part is by what is said of it alone."""
    if is_id(part.known) and kind_of(part.known) in (part.kind, "family", "product"):
        return PartIdentity(part.known, sure=True)
    for text in (*part.purls, *filter(_is_address, [part.ref])):
        if hub := hub_id(part.kind, text):
            purl = read_purl(text)
            return PartIdentity(f"{part.kind}/hf/{hub}", purl.piece if purl else "", sure=True)
    return _by_address(part)


def _is_address(ref: str) -> bool:
    return ref.startswith("pkg:") or "://" in ref


def _by_address(part: PartEvidence) -> PartIdentity:
    named = [
        *part.places,
        *(v for purl in _purls(part) for k in _WHERE if (v := purl.qualifiers.get(k))),
    ]
    found = {a: hub for a in named if (hub := hub_id(part.kind, a))}
    pages = {a: hub for a in part.pages if (hub := hub_id(part.kind, a))}
    found |= {address: hub for address, hub in pages.items() if _resembles(part, hub)}
    different = {hub.casefold(): hub for hub in reversed(found.values())}
    if len(different) > 1:
        different = {key: hub for key, hub in different.items() if bears(part, hub)}
    if len(different) != 1:
        told = ", ".join(dict.fromkeys([*found.values(), *pages.values()]))
        return PartIdentity(doubt=told)
    [hub] = different.values()
    file = next((m[1] for a, h in found.items() if h == hub and (m := _FILE.search(a))), "")
    return PartIdentity(f"{part.kind}/hf/{hub}", file)


def _uncontested(
    parts: Sequence[PartEvidence], found: Sequence[PartIdentity]
) -> Iterator[PartIdentity]:
    """Each identity, those left out that rest on a page which another part bears by its name."""
    owners = {
        one.id.casefold(): part
        for part, one in zip(parts, found, strict=True)
        if one.id and not one.piece and (one.sure or bears(part, one.id.partition("/hf/")[2]))
    }
    for part, one in zip(parts, found, strict=True):
        owner = owners.get(one.id.casefold())
        hub = one.id.partition("/hf/")[2]
        own = one.sure or one.piece or owner in (None, part) or _is_akin(part, hub)
        yield one if own or not one.id else PartIdentity(doubt=hub)


def bears(part: PartEvidence, hub: str) -> bool:
    """Whether the name of a part is that of a repository on the Hub, with its owner or without."""
    return _plain(part.called) in (_plain(hub), _plain(hub.rpartition("/")[2]))


def _resembles(part: PartEvidence, hub: str) -> bool:
    """Whether a name of a part is one of a repository on the Hub, written shorter."""
    return bears(part, hub) or (len(_plain(part.called)) > 3 and _plain(part.called) in _plain(hub))


def _is_akin(part: PartEvidence, hub: str) -> bool:
    """Whether one of the names of a part and of a repository on the Hub holds the other."""
    return _resembles(part, hub) or _plain(hub.rpartition("/")[2]) in _plain(part.called)


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def _purls(part: PartEvidence) -> list[PackageUrl]:
    return [purl for text in part.purls if (purl := read_purl(text))]


def _keys_within(part: PartEvidence) -> list[str]:
    """What names the same thing within a document: what it is referred to by, and the hash of a file."""
    return [f"{part.kind} {key}" for key in (part.ref, *part.hashes) if key]


def _own_key(part: PartEvidence) -> str:
    """What tells a part from others of its document."""
    purl = next((text.partition("#")[0] for text in part.purls if text), "")
    return next(filter(None, [*part.hashes[:1], purl, part.ref]), slug_of_name(part.name))
