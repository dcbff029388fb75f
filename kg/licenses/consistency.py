"""The declared license beside what was inherited: what it drops, what it adds, what would satisfy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from kg.licenses.profile import amount, begins
from kg.licenses.propagation import LicenseTerm, State
from kg.licenses.rules import LicenseRules
from kg.licenses.terms import Consistency, License

_MOST_KEPT = 10_000  # answers on what would satisfy, kept by what is owed
_TARGETS = ("competing", "llm", "any")  # each covers those before it


class Comparison(NamedTuple):
    """How a declared license stands to what was inherited."""

    consistency: Consistency
    dropped: tuple[LicenseTerm, ...]  # inherited, not carried; paperwork and substance
    would_satisfy: tuple[str, ...]  # licenses that carry all that was inherited


def compare_terms(
    engine: LicenseRules, stated: Sequence[str], state: State, names: tuple[str, ...]
) -> Comparison:
    """Compare a declared license with what reached its model.

    Args:
        engine: the rules.
        stated: the licenses that sources state, the resolved one first; none if they state none.
        state: all terms of the model, its own among them.
        names: what the model is called.
    """
    found, dropped = find_gap(engine, stated, state, names)
    inherited = sorted(_owed(engine, state, in_house=True))
    open = inherited and not _clashes(engine, state) and not _is_blind(engine, state)
    satisfy = _satisfying(engine, inherited, names) if open else ()
    return Comparison(found, dropped, satisfy)


def find_gap(
    engine: LicenseRules,
    stated: Sequence[str],
    state: State,
    names: tuple[str, ...],
    assumed: bool = False,
) -> tuple[Consistency, tuple[LicenseTerm, ...]]:
    """Find what a declared license lacks of that which reached its model.

    What a licensor has licensed anew is no gap: who holds the rights may do so. What
    comes along a guessed or disputed edge, or by unsettled law, is none either, unless it is assumed. Where
    sources disagree on the license, there is a gap only if each of those named leaves one.

    Args:
        engine: the rules.
        stated: the licenses that sources state, the resolved one first; none if they state none.
        state: all terms of the model, its own among them.
        names: what the model is called.
        assumed: as if every guessed and every disputed parent were right.

    Returns:
        How the license stands to the terms, and those that it does not carry.
    """
    if not stated:
        return "undeclared", ()
    if assumed:
        state = frozenset(map(_taken_as_sure, state))
    each = [_gap_of(engine, engine.license(one), state, names) for one in stated]
    found, dropped = each[0]
    if any(other != found for other, _ in each):
        return "cannot-tell", ()
    lacked = (_keys(lacks) for _, lacks in each)
    common = frozenset.intersection(*lacked)
    return found, tuple(t for t in dropped if (t.license, t.place) in common)


def _keys(terms: Iterable[LicenseTerm]) -> frozenset[tuple[str, int]]:
    return frozenset((term.license, term.place) for term in terms)


def _gap_of(
    engine: LicenseRules, license: License, state: State, names: tuple[str, ...]
) -> tuple[Consistency, tuple[LicenseTerm, ...]]:
    """What one license lacks of a state."""
    inherited = sorted(_owed(engine, state))
    dropped = tuple(t for t in inherited if not carries(engine, license, t, names))
    foreign = frozenset(t for t in state if not t.in_house)
    firm = frozenset(t for t in foreign if not t.doubtful and not t.disputed and t.tier < 3)
    if _clashes(engine, firm):
        return "unsatisfiable", dropped
    found = _judge(engine, license, foreign, inherited, dropped)
    guessed = (t for t in _owed(engine, state, guessed=True) if t.doubtful)
    unsure = not all(carries(engine, license, t, names) for t in guessed)
    if found != "drops-substance" and (unsure or _clashes(engine, foreign)):
        found = "cannot-tell"
    return found, dropped


def _taken_as_sure(term: LicenseTerm) -> LicenseTerm:
    if not term.doubtful and not term.disputed:
        return term
    return msgspec.structs.replace(term, doubtful=False, disputed=False, dispute="")


def _clashes(engine: LicenseRules, state: State) -> bool:
    """Whether terms that came with the weights cannot all be kept."""
    return any(
        effect != "allowed" and all(t.way == "held" and t.mode != "own" for t in terms)
        for _, terms, effect in engine.conflicts(state, "relicense")
    )


def _judge(
    engine: LicenseRules,
    license: License,
    state: State,
    inherited: list[LicenseTerm],
    dropped: tuple[LicenseTerm, ...],
) -> Consistency:
    if license.unknown is not None or (dropped and license.reading != "full"):
        return "cannot-tell"
    if any(engine.kind(term).group != "paperwork" for term in dropped):
        return "drops-substance"
    if _is_blind(engine, state):
        return "cannot-tell"
    if not all(engine.kind(term).each for term in dropped):
        return "drops-paperwork"
    came = (t for t in state if t.way == "held" and not t.doubtful)
    parents = {t.license for t in came if t.mode not in ("own", "maker")}
    return "adds" if parents and _adds(engine, license, inherited) else "consistent"


def _is_blind(engine: LicenseRules, state: State) -> bool:
    """Whether terms came with the weights that nobody knows: no license is known to carry them."""
    return any(
        t.mode not in ("own", "maker")
        and t.way == "held"
        and engine.kind(t).group == "unknown"
        and not t.doubtful
        for t in state
    )


def _adds(engine: LicenseRules, license: License, inherited: list[LicenseTerm]) -> bool:
    kinds = {term.kind for term in inherited}
    more = (engine.terms.kinds[c.kind] for c in license.clauses if c.kind not in kinds)
    return any(kind.flows and kind.group != "paperwork" for kind in more)


def _owed(
    engine: LicenseRules, state: State, guessed: bool = False, in_house: bool = False
) -> Iterator[LicenseTerm]:
    """Inherited terms that a license must carry; not those of which it is unsettled whether they bind.

    Args:
        engine: the rules.
        state: all terms of a model.
        guessed: with those that come from guessed parents.
        in_house: with those of which the licensor has licensed what comes from it anew.
    """
    seen: set[tuple[str, int]] = set()
    for term in sorted(state, key=lambda t: (t.license, t.place, t.doubtful, t.tier)):
        bound = term.way in ("held", "learned") and term.mode in ("", "changed", "arguable")
        key = term.license, term.place
        sure = bound and term.tier < 3 and not term.disputed and not term.open and term.place >= 0
        sure = sure and (guessed or not term.doubtful) and (in_house or not term.in_house)
        new = sure and key not in seen and engine.kind(term).flows
        if new and not _exempt(engine, term, state):
            seen.add(key)
            yield term


def _exempt(engine: LicenseRules, term: LicenseTerm, state: State) -> bool:
    value = engine.clause(term).value
    kept = isinstance(value, dict) and value.get("except") == "family" and term.way == "learned"
    return kept and engine.license(term.license).family in engine.families(state)


def carries(
    engine: LicenseRules, license: License, term: LicenseTerm, names: tuple[str, ...] = ()
) -> bool:
    """Whether a license passes on what a term asks for."""
    kind, clause = engine.kind(term), engine.clause(term)
    if license.id == term.license:
        return True
    if kind.each:
        return False
    if kind.value == "text" and kind.asks and begins(str(clause.value), names):
        return True  # the name itself meets it
    if kind.name == "share-alike":
        return license.id in {*engine.license(term.license).compatible, *(clause.value or ())}
    family = license.family == engine.license(term.license).family
    return any(
        c.kind in (kind.name, *kind.covered_by)
        and (family or c.kind != kind.name or covers(kind.value, c.value, clause.value))
        for c in license.clauses
    )


def covers(type: str, own: Any, asked: Any) -> bool:
    """Whether the value of a clause is at least as strict as the one asked for.

    >>> covers("limit", 10_000_000, 700_000_000), covers("list", ["EU"], ["EU", "KR"])
    (True, False)
    """
    match type:
        case "limit":
            return amount(own) <= amount(asked)
        case "list":
            return set(asked or ()) <= set(own or ())
        case "targets":
            return _TARGETS.index(own["targets"]) >= _TARGETS.index(asked["targets"])
        case "text":
            return begins(str(asked), (str(own),))
    return bool(own == asked)


def _satisfying(
    engine: LicenseRules, inherited: Sequence[LicenseTerm], names: tuple[str, ...]
) -> tuple[str, ...]:
    """Known licenses that carry everything, those that ask the least beyond it first."""
    named = any(term.kind == "name-prefix" for term in inherited)
    key = tuple((term.license, term.place) for term in inherited), names if named else ()
    if key not in engine.satisfying:
        if len(engine.satisfying) > _MOST_KEPT:
            engine.satisfying.clear()
        engine.satisfying[key] = tuple(_fits(engine, inherited, names))
    return engine.satisfying[key]


def _fits(engine: LicenseRules, owed: Sequence[LicenseTerm], names: tuple[str, ...]) -> list[str]:
    bound = {t.license for t in owed if engine.license(t.license).relicense in ("same", "none")}
    fits = [
        one
        for one in engine.terms.licenses.values()
        if one.reading == "full"
        and not any(clause.kind == "service-contract" for clause in one.clauses)
        and bound <= {one.id}
        and all(engine.kind(t).each or carries(engine, one, t, names) for t in owed)
    ]
    origins = {term.license for term in owed}
    fits.sort(key=lambda one: (one.id not in origins, len(one.clauses), one.id))
    return [one.id for one in fits]
