"""Names inside one source: several in one text, ids that do not collide, references by name."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from kg.ingest.kit._words import NAME_TAIL, NOTHING, UNKNOWN, fold, outside_brackets
from kg.ingest.kit.kit import Found, Kit
from kg.language.writing import slug
from kg.model.claim import LABEL, Claim

T = TypeVar("T")


class NamedThing(NamedTuple):
    """What a source describes: enough to give it an id."""

    kind: str
    name: str
    maker: str = ""


def ids(things: Sequence[NamedThing], id_of: Callable[[str, str], str]) -> list[str]:
    """An id for each thing: by its name, and by its maker too where makers use one name.

    Args:
        things: of one source.
        id_of: `Kit.id`.

    >>> both = [NamedThing("model", "Dragonfly", maker) for maker in ("OpenAI", "Together")]
    >>> ids(both, lambda kind, name: f"{kind}/{slug(name)}")
    ['model/dragonfly-openai', 'model/dragonfly-together']
    """
    made: dict[str, set[str]] = defaultdict(set)
    for thing in things:
        made[id_of(thing.kind, thing.name)].add(slug(thing.maker))
    return [_id(thing, id_of, made) for thing in things]


def _id(thing: NamedThing, id_of: Callable[[str, str], str], made: Mapping[str, set[str]]) -> str:
    plain = id_of(thing.kind, thing.name)
    return id_of(thing.kind, f"{thing.name} {thing.maker}") if len(made[plain]) > 1 else plain


class SourceNames:
    """What the names of a source refer to: the exact spelling first, then case and spaces folded.

    Args:
        pairs: names with ids.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._exact: dict[str, dict[str, None]] = defaultdict(dict)
        self._folded: dict[str, dict[str, None]] = defaultdict(dict)
        for name, id in pairs:
            self._exact[" ".join(name.split())][id] = None
            self._folded[fold(name)][id] = None

    def find(self, name: str) -> tuple[str, ...]:
        """The ids that bear a name; more than one where it does not tell them apart.

        >>> SourceNames([("Llama 2", "model/a")]).find("LLaMA  2")
        ('model/a',)
        """
        exact = self._exact.get(" ".join(name.split()))
        return tuple(exact or self._folded.get(fold(name)) or ())


def repeated(found: Sequence[str], kit: Kit, places: Sequence[str]) -> Iterator[Found]:
    """An issue for each id that several records share: their claims stand side by side."""
    counts = Counter(found)
    for id, at in zip(found, places, strict=True):
        if counts[id] > 1:
            yield kit.issue("duplicate", id, f"{counts[id]} entries of this name", "", at)


def named_once(found: Iterable[T]) -> Iterator[T]:
    """What was found, without names of things that were said before in the same words."""
    told: set[tuple[str, object]] = set()
    for one in found:
        if isinstance(one, Claim) and one.property == LABEL:
            name = (one.subject, one.said.value)
            if name in told:
                continue
            told.add(name)
        yield one


def split_names(text: str, words: Mapping[str, str]) -> list[str]:
    """The names in one text, parted by commas, the last with `and`.

    An `and` or `&` without a comma may stand inside a name, as in Science and Technology, so it
    parts nothing.

    >>> split_names("USC, Meta, and UCSD", {})
    ['USC', 'Meta', 'UCSD']
    >>> split_names("Runway AI, Inc.", {"inc": "name_tail"})
    ['Runway AI, Inc.']
    """
    names: list[str] = []
    for part in outside_brackets(" ".join(text.split())):
        name = re.sub(r"^and\s+", "", part)
        if names and words.get(fold(name)) == NAME_TAIL:
            names[-1] += f", {name}"
        elif name:
            names.append(name)
    return names


def makers(
    kit: Kit,
    subject: str,
    names: Iterable[str],
    at: str,
    property: str = "developer",
    note: str = "",
) -> Iterator[Found]:
    """Who made something."""
    for name in names:
        group = kit.group(name)
        if group == UNKNOWN:
            yield kit.say(subject, property, None, at, note=note)
        elif group != NOTHING:
            org = kit.id("org", name)
            yield kit.name(org, name, at)
            yield kit.say(subject, property, org, at, note=note)


def unresolved(
    kit: Kit, subject: str, name: str, at: str, property: str, why: str = ""
) -> Iterator[Found]:
    """A reference that leads nowhere: the name is kept, and reported."""
    yield kit.say(subject, "dependencyName", name, at)
    yield from kit.unresolved(
        subject,
        property,
        at,
        rule="dangling",
        message=why or "the source describes nothing of this name",
        value=name,
        written=f"as written: {name}",
    )
