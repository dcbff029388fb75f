"""What is true of the models of a list, today and in a release of before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from kg.answers.license import license_verdict
from kg.answers.show import tell_missing
from kg.errors import InputError, UnknownId
from kg.licenses.profile import NOBODY
from kg.licenses.terms import Verdict
from kg.messages.message import Message
from kg.snapshot.releases.briefs import Brief, Briefs
from kg.snapshot.releases.past import PastRelease
from kg.snapshot.snapshot import Snapshot
from kg.watch.lock import Listed, LockLine, Question

_REVISION = re.compile(r"(?P<model>[^@]+)@(?P<revision>[\w./,-]{1,200})")
_BEFORE_NAME = (
    "",
    "model/",
    "model/hf/",
    "model/ms/",
    "family/",
    "dataset/",
    "dataset/hf/",
    "product/",
)


class TrueNow(NamedTuple):
    """What is true of a model of a list today."""

    held: LockLine
    label: str
    note: str = ""  # why it is not known


class Look:
    """Looks models up in the current release.

    Args:
        snapshot: an open snapshot.
        question: what the verdicts are about.
        lang: language of labels and notes.
    """

    def __init__(self, snapshot: Snapshot, question: Question, lang: str = "en") -> None:
        self._snapshot, self._question, self._lang = snapshot, question, lang
        self._briefs = Briefs(snapshot.folder)

    def find_all(self, names: Iterable[str | Listed]) -> dict[str, TrueNow]:
        """What is true of the models of a list, by what the list calls them; `@` parts a revision off a name."""
        found: dict[str, TrueNow] = {}
        for name in dict.fromkeys(names):
            one = self._find(name)
            if before := found.get(one.held.model):
                held = msgspec.structs.replace(
                    one.held, revision=_joined(before.held.revision, one.held.revision)
                )
                one = one._replace(held=held)
            found[one.held.model] = one
        return dict(sorted(found.items()))

    def _find(self, name: str | Listed) -> TrueNow:
        model, revision, id, note = name if isinstance(name, Listed) else self._named(name)
        brief = self._briefs.get(id) if id else None
        manifest = self._snapshot.manifest
        if id and brief is None:
            note = Message("%(id)s: no license question can be about it", id=id).text(self._lang)
        verdict = self._verdict(brief) if brief else "unknown"
        held = hold(brief, model, revision, verdict, manifest.version, manifest.as_of)
        label = self._snapshot.label(brief.id, self._lang) if brief else ""
        return TrueNow(held, label, note)

    def _named(self, name: str) -> Listed:
        """What a name stands for; one that holds an @ itself is not parted."""
        id, note = self._identify(name)
        parts = _REVISION.fullmatch(name)
        if id or not parts:
            return Listed(name, "", id, note)
        id, note = self._identify(parts["model"])
        return Listed(parts["model"], parts["revision"], id, note)

    def _identify(self, name: str) -> tuple[str, str]:
        try:
            return self._snapshot.find(name), ""
        except UnknownId as error:
            return "", tell_missing(self._snapshot, error, self._lang).message.text(self._lang)
        except InputError as error:
            return "", error.message.text(self._lang)

    def _verdict(self, brief: Brief) -> Verdict:
        use, profile = self._question
        if profile == NOBODY:
            return brief.verdict(use)
        return license_verdict(self._snapshot, brief.id, use, profile)


def _joined(one: str, other: str) -> str:
    """The revisions of a model that a list names several times."""
    return ",".join(sorted({*one.split(","), *other.split(",")} - {""}))


def hold(
    brief: Brief | None, model: str, revision: str, verdict: Verdict, release: str, as_of: str
) -> LockLine:
    """A line of the lock from what a release holds; a model without a brief is unknown."""
    if brief is None:
        return LockLine(
            model=model, revision=revision, verdict="unknown", release=release, as_of=as_of
        )
    return LockLine(
        model=model,
        revision=revision,
        id=brief.id,
        verdict=verdict,
        license=brief.license,
        terms=brief.terms,
        base=brief.base,
        access=brief.access,
        retired=brief.retired,
        superseded=brief.superseded,
        release=release,
        as_of=as_of,
    )


def hold_day(
    release: PastRelease, now: Mapping[str, TrueNow], snapshot: Snapshot, question: Question
) -> tuple[dict[str, LockLine], frozenset[str]]:
    """What was true of the models of a list in a release of before, and those whose verdict then is not known.

    Args:
        release: that of before.
        now: what is true today.
        snapshot: the current release, which says by which ids a model went before.
        question: what the verdicts are about.

    Raises:
        SnapshotError: nothing was kept of that release, or it is damaged.
    """
    briefs = release.briefs()
    held = {}
    for name, found in now.items():
        ids = (found.held.id,) if found.held.id else tuple(top + name for top in _BEFORE_NAME)
        brief = _brief_of(briefs, ids, snapshot)
        verdict: Verdict = brief.verdict(question.use) if brief else "unknown"
        held[name] = hold(brief, name, found.held.revision, verdict, release.version, release.as_of)
    if question.profile == NOBODY:
        return held, frozenset()
    if not release.is_whole:
        return held, frozenset(held)
    with Snapshot(release.folder) as before:
        return {
            name: msgspec.structs.replace(
                one, verdict=license_verdict(before, one.id, *question) if one.id else "unknown"
            )
            for name, one in held.items()
        }, frozenset()


def _brief_of(briefs: Briefs, ids: Iterable[str], snapshot: Snapshot) -> Brief | None:
    """What a release of before says of the first of some ids that it has; one may have gone by another then."""
    every = (one for id in ids for one in (id, *snapshot.former(id)))
    return next((brief for one in every if (brief := briefs.get(one))), None)
