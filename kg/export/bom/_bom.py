"""A model with its whole ancestry, as bills of materials, cards and badges need it.

Parts are models, datasets and products, and families where sources name no member as the parent.
What sources say of the data of a family holds of a member of which nothing closer is said. The
concluded license of a part is every license whose terms reached its weights (of a dataset: the data),
and none where one of them is not known, or would reach them only by a parent that a rule guesses. Nothing here guesses: a parent that no source names is
missing, and the writers say so, as they do of a parent that a source declares and nothing can find.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

import msgspec

from kg.answers.license_parents import read_ancestors
from kg.answers.show import Labels, rule_of_fact
from kg.answers.tree.unresolved import unresolved_of
from kg.errors import DataError, InputError
from kg.export.bom._parts import Bom, BomLicense, BomLink, BomPart, Held, Source
from kg.licenses.ancestry import Ancestry
from kg.licenses.rules import USES, LicenseRules
from kg.licenses.verdicts import verdict_of
from kg.lineage.reach import walk_up
from kg.messages.message import Message
from kg.model.claim import EDITORS, INFERRED, Entity, Fact, Said, kind_of, slug_of
from kg.model.vocabulary import IN_FAMILY, LICENSE
from kg.snapshot.snapshot import Snapshot

TRAINED_ON = "trainedOn"
MOST_MEMBERS = 50  # of a larger family the members are counted, not listed
NOT_KNOWN = "unknown"  # the Hub's tag for a license its maker does not know
_WAYS = {"dataset": ("material",)}  # terms that bind what a part is made of; every other kind: held
_UNFIT = re.compile(r"[^A-Za-z0-9.-]+")


def bom(snapshot: Snapshot, id: str, lang: str = "en", *, whole: bool = True) -> Bom:
    """A model with its whole ancestry.

    Args:
        snapshot: an open snapshot.
        id: canonical id of a model.
        lang: language of the labels of other entities.
        whole: if not, only what its weights come from, without licenses and sources.

    Raises:
        InputError: it is not a model.
        UnknownId: there is no such entity.
    """
    if kind_of(id) != "model":
        raise InputError(Message("%(id)s is not a model, and this format is of one model", id=id))
    snapshot.number(id)
    return _Gathering(snapshot, [id], lang, whole).bom()


def bom_of_all(snapshot: Snapshot, ids: Sequence[str], lang: str = "en") -> Bom:
    """Several models, data sets, families or products with their whole ancestry, each part once.

    Args:
        snapshot: an open snapshot.
        ids: canonical ids, at least one; they are the first parts.
        lang: as of `bom`.

    Raises:
        UnknownId: there is no such entity.
    """
    for id in ids:
        snapshot.number(id)
    return _Gathering(snapshot, ids, lang, whole=True).bom()


class _Gathering:
    """Reads models and their ancestors as parts.

    It follows the facts of each part and not `Families.ancestors`, because a bill of materials names
    parents that nobody describes, keeps which parent is disputed, and lists the members of a family.
    """

    def __init__(self, snapshot: Snapshot, roots: Sequence[str], lang: str, whole: bool) -> None:
        self._snapshot, self._roots, self._whole = snapshot, roots, whole
        self._lang = lang
        self._engine = snapshot.states.engine
        self._labels = Labels(snapshot, lang)
        kinds = ("weights", "distillation", "data") if whole else ("weights",)
        self._relations = snapshot.vocabulary.edges(*kinds)
        self._ancestries: list[Ancestry] = []
        self._licenses: dict[str, BomLicense] = {}

    def bom(self) -> Bom:
        """All parts, what was asked for first, the others by id."""
        found: dict[str, BomPart] = {}

        def needs(id: str) -> list[str]:
            found[id] = part = self._part(id)
            return [*(link.parent for link in part.links), *part.members]

        walk_up(self._roots, needs)
        order = sorted(found, key=lambda id: (id not in self._roots, id))
        manifest = self._snapshot.manifest
        return Bom(
            root=self._roots[0],
            parts={id: found[id] for id in order},
            base=manifest.base,
            version=manifest.version,
            gyebo=manifest.gyebo,
            labels=self._labels,
        )

    def _part(self, id: str) -> BomPart:
        number = self._snapshot.lines.find(id)
        if number is None:
            return BomPart(entity=Entity(id, {}), known=False)
        entity = self._snapshot.entity_at(number)
        codes = self._snapshot.verdicts[number]
        verdicts = {
            use: v for use, code in zip(USES, codes, strict=True) if (v := verdict_of(int(code)))
        }
        part = BomPart(
            entity=entity,
            known=True,
            verdicts=verdicts,
            links=tuple(self._links(entity)),
            unresolved=tuple(unresolved_of(entity, self._lang)),
        )
        if not self._whole:
            return part
        declared, rivals = self._said(entity)
        members = self._members(number) if kind_of(id) == "family" else ()
        shown = members if len(members) <= MOST_MEMBERS else ()
        return msgspec.structs.replace(
            part,
            declared=declared,
            rivals=rivals,
            held=self._held(id, number),
            members=shown,
            sources=tuple(self._sources(entity)),
            member_count=len(members),
        )

    # ---- edges

    def _links(self, entity: Entity) -> Iterator[BomLink]:
        own = list(self._edges(entity))
        yield from own
        if kind_of(entity.id) == "model" and not any(e.relation == TRAINED_ON for e in own):
            for family in map(str, entity.values(IN_FAMILY)):
                for known in self._snapshot.those([family]):
                    yield from (
                        msgspec.structs.replace(link, via=family)
                        for link in self._edges(known)
                        if link.relation == TRAINED_ON
                    )

    def _edges(self, entity: Entity) -> Iterator[BomLink]:
        for fact in entity.facts:
            if fact.property in self._relations:
                rule = rule_of_fact(self._snapshot, fact) or ""
                for value in fact.values:
                    yield BomLink(
                        parent=str(value),
                        relation=fact.property,
                        disputed=fact.disputed,
                        rule=rule,
                        doubtful=fact.doubtful,
                    )

    def _members(self, number: int) -> tuple[str, ...]:
        lineage = self._snapshot.lineage
        ids = (self._snapshot.id_at(e.child) for e in lineage.children(number, {IN_FAMILY}))
        return tuple(sorted(ids))

    # ---- licenses

    def _said(self, entity: Entity) -> tuple[BomLicense | None, tuple[BomLicense, ...]]:
        """The declared license, and what others say it is."""
        fact = entity.fact(LICENSE)
        values = [str(v) for v in fact.values] if fact else []
        if values and NOT_KNOWN in self._engine.license(values[0]).hub:
            return None, ()
        rivals = [v for v in rival_values(fact) if v not in values] if fact else []
        return (self._license(values[0]) if values else None, tuple(map(self._license, rivals)))

    def _held(self, id: str, number: int) -> Held:
        """Licenses that reached what a part is made of, and those that came by its data."""
        ancestry = self._ancestry(number)
        terms = sorted(self._snapshot.states.all[ancestry.state[number]])
        ways = _WAYS.get(kind_of(id), ("held",))
        terms = [t for t in terms if t.mode != "maker"]  # licensed anew by who wrote them
        held = [t for t in terms if t.way in ways and t.tier < 3]
        resolved = {said[0] for node in ancestry.nodes if (said := ancestry.said(node))}
        named = [t for t in held if t.license in resolved]  # not what rivals say
        sure = (t.license for t in named if not t.doubtful)
        ids = dict.fromkeys([*ancestry.said(number)[:1], *sure])
        guessed = dict.fromkeys(t.license for t in named if t.license not in ids)
        known = [one for one in ids if NOT_KNOWN not in self._engine.license(one).hub]
        blank = any(not t.license and self._engine.kind(t).group == "unknown" for t in held)
        rest = resolved - ids.keys() - guessed.keys()
        others = dict.fromkeys(t.license for t in terms if t.license in rest)
        return Held(
            bool(ids) and not blank and not guessed and len(known) == len(ids),
            tuple(map(self._license, known)),
            tuple(map(self._license, others)),
            tuple(map(self._license, guessed)),
        )

    def _ancestry(self, number: int) -> Ancestry:
        """An ancestry that holds a node; one run serves all that is above the same root."""
        found = next((a for a in self._ancestries if number in a.nodes), None)
        if found is None:
            nodes = read_ancestors(self._snapshot, number)
            found = Ancestry(nodes, number, self._snapshot.states)
            self._ancestries.append(found)
        return found

    def _license(self, id: str) -> BomLicense:
        if id not in self._licenses:
            terms = self._engine.license(id)
            key = license_key(self._engine, id)
            listed = bool(terms.spdx) and key == terms.spdx
            self._licenses[id] = BomLicense(
                id=id,
                key=key,
                label=self._labels.name(id),
                url=terms.url or "",
                listed=listed,
                read=terms.reading,
            )
        return self._licenses[id]

    # ---- sources

    def _sources(self, entity: Entity) -> Iterator[Source]:
        says: dict[tuple[str, str], dict[tuple[str, str], None]] = {}
        dates: dict[tuple[str, str], str] = {}
        for property, said in _claims(entity):
            url, read = self._labels.source(said.source)
            key = said.source, said.url or url
            says.setdefault(key, {})[property, said.locator] = None
            dates[key] = max(dates.get(key, ""), said.retrieved or read)
        for key in sorted(says):
            yield Source(key[0], self._labels.name(key[0]), key[1], tuple(says[key]), dates[key])


def _claims(entity: Entity) -> Iterator[tuple[str, Said]]:
    """Every claim on an entity that has a source of its own, with its property."""
    for fact in entity.facts:
        for said in fact.claims:
            if said.source not in (EDITORS, INFERRED):
                yield fact.property, said


def rival_values(fact: Fact) -> tuple[str, ...]:
    """What sources say against the values that hold, and nobody rejected."""
    said = (str(s.value) for s in fact.claims if s.rank != "rejected" and s.value is not None)
    held = set(map(str, fact.values))
    return tuple(dict.fromkeys(value for value in said if value not in held))


def license_key(engine: LicenseRules, id: str) -> str:
    """How license expressions name a license: SPDX where there is a name, else LicenseRef-….

    Args:
        engine: the license rules.
        id: id of a license, whose slug may be an SPDX expression.
    """
    text = unquote(slug_of(id))
    try:
        compound = " " in text and bool(engine.terms.parse(text))
    except DataError:
        compound = False
    if compound and id not in engine.terms.licenses:
        return f"({text})"
    key = engine.license(id).key
    prefix = "LicenseRef-"
    return prefix + _UNFIT.sub("-", key[len(prefix) :]) if key.startswith(prefix) else key
