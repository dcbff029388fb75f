"""Parts of a claim run: what was found, checked against the vocabulary and as it stands on disk, made in any process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

import msgspec

from kg.claims.runs import IdentityLink
from kg.messages.message import Message
from kg.model.claim import ALIAS, LABEL, Claim, Value, is_id, kind_of, slug_of
from kg.model.issues import Issue
from kg.model.values import find_check
from kg.model.vocabulary import HUB_ID, Vocabulary

Check = Callable[[Value], Message | str | None]  # what is wrong with a value

_NAMES = frozenset((LABEL, ALIAS))
_encoder = msgspec.json.Encoder()


class RunPart(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a run; the parts in their order make it."""

    claims: bytes  # lines, as are the next two
    links: bytes
    issues: bytes
    properties: dict[str, int]  # claims of each
    rules: dict[str, int]  # issues of each
    linked: int  # links
    first: Issue | None  # the first issue


class PartEncoder:
    """Makes parts of a run; a claim that fits no property becomes an issue.

    Args:
        vocabulary: what claims may say.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._checks: dict[str, dict[str, Check]] = {}  # by kind and property, as they are met
        self._subject = ""  # the last that is an id of a known kind
        self._of_kind: dict[str, Check] = {}  # checks of what is said of it

    def encode(self, found: Iterable[Claim | Issue | IdentityLink]) -> RunPart:
        """A part that says all this, in its order."""
        claims: list[Claim] = []
        issues: list[Issue] = []
        links: list[IdentityLink] = []
        for one in found:
            if isinstance(one, Claim):  # most are
                if wrong := self._wrong(one):
                    issues.append(_unfit(one, wrong))
                    continue
                claims.append(one)
                if one.property == HUB_ID and one.said.value:
                    hub = f"{kind_of(one.subject)}/hf/{one.said.value}"
                    if hub != one.subject:
                        links.append(IdentityLink(one.subject, hub, "the source names this Hub id"))
            elif isinstance(one, Issue):
                issues.append(one)
            else:
                links.append(one)
        return RunPart(
            claims=_encoder.encode_lines(claims),
            links=_encoder.encode_lines(links),
            issues=_encoder.encode_lines(issues),
            properties=Counter([claim.property for claim in claims]),
            rules=Counter([issue.rule for issue in issues]),
            linked=len(links),
            first=issues[0] if issues else None,
        )

    def _wrong(self, claim: Claim) -> str:
        subject = claim.subject
        if subject != self._subject:  # claims on one subject stand together
            if not is_id(subject) or not slug_of(subject):
                return f"{subject!r} is not an id"
            kind = kind_of(subject)
            if kind not in self._vocabulary.kinds:
                return f"there is no kind {kind!r}"
            self._subject, self._of_kind = subject, self._checks.setdefault(kind, {})
        check = self._of_kind.get(claim.property)
        if check is None:
            said = self._unsaid(claim.property, kind_of(subject))
            if isinstance(said, str):
                return said
            check = self._of_kind[claim.property] = said
        value = claim.said.value
        if value is None and claim.property not in _NAMES:
            return ""
        wrong = check(value)
        return str(wrong) if wrong else ""

    def _unsaid(self, property: str, kind: str) -> Check | str:
        """What checks values of a property of a kind, or why nothing may be said of it."""
        if property in _NAMES:
            return _name_mistake
        known = self._vocabulary.properties.get(property)
        if known is None:
            return f"there is no property {property!r}"
        if known.domain and kind not in known.domain:
            return f"{property} is not said of a {kind}"
        return find_check(known)


def _name_mistake(value: Value) -> str:
    return "" if isinstance(value, str) and value.strip() else "a name must be text"


def _unfit(claim: Claim, wrong: str) -> Issue:
    said = claim.said
    return Issue(
        severity="warning",
        rule="value",
        subject=claim.subject,
        message=wrong,
        property=claim.property,
        value=str(said.value)[:500],
        source=said.source,
        origin=said.locator,
    )
