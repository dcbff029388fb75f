"""The models and data sets of a pasted bill of materials, each with what the document says of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from kg.ingest.pasted import pasted_kit
from kg.ingest.sources.bom import parse, said
from kg.licenses.naming.names import LicenseNames
from kg.licenses.states import LICENSED
from kg.messages.message import Message
from kg.model.claim import LABEL, Claim, kind_of, slug_of
from kg.model.issues import Issue
from kg.pasted._entries import LONGEST, PastedEntry
from kg.snapshot.snapshot import Snapshot

_SOURCE = "source/pasted"
_SOFTWARE = "bom-software"


def read_bom(snapshot: Snapshot, text: str, notes: list[Message]) -> Iterator[PastedEntry]:
    """What a bill of materials names that a license question can be about.

    Args:
        snapshot: an open snapshot.
        text: the document.
        notes: takes what could not be read of it.

    Raises:
        DataError: it is no bill of materials that is read here; the message says what to do.
    """
    kit = pasted_kit(_SOURCE, LicenseNames(snapshot.states.engine.terms))
    found = list(said(parse(text.encode("utf-8", "replace")), kit))
    issues = [one for one in found if isinstance(one, Issue)]
    if unread := sum(one.rule != _SOFTWARE for one in issues):
        notes.append(
            Message(
                "What the document says could not be read in %(num)s places; what stands there is not counted.",
                num=unread,
            )
        )
    if any(one.rule == _SOFTWARE for one in issues):
        notes.append(Message("Software in it is passed over: only models and data are judged."))
    claims = sorted((one for one in found if isinstance(one, Claim)), key=lambda one: one.subject)
    for subject, group in groupby(claims, key=lambda one: one.subject):
        if kind_of(subject) in LICENSED:
            yield _entry(snapshot, subject, list(group))


def _entry(snapshot: Snapshot, subject: str, claims: Sequence[Claim]) -> PastedEntry:
    id = snapshot.spelled(subject)
    known = snapshot.lines.find(id) is not None
    what = slug_of(subject).removeprefix("hf/")
    if "bom/" in what:  # which only the document names
        called = (str(one.said.value) for one in claims if one.property == LABEL)
        what = next(called, what)
    return PastedEntry(
        what=what[:LONGEST],
        kind=kind_of(subject),
        id=id if known else None,
        claims=() if known else tuple(claims),
    )
