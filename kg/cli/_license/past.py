"""`gyebo license --since`: which release is asked, and the verdicts of one that is kept only in part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import msgspec

from kg.answers.contract import to_json
from kg.cli._license.gate import Asked, ReportStyle
from kg.cli._license.report import read_models
from kg.errors import InputError, UnknownId
from kg.language.width import clean
from kg.licenses.profile import NOBODY, Profile
from kg.licenses.terms import Use, Verdict
from kg.licenses.wording import MARKS, words_in
from kg.messages.message import Message
from kg.snapshot.layout import Layout
from kg.snapshot.releases.past import PastRelease, find_release
from kg.snapshot.snapshot import Snapshot
from kg.watch.since import PastVerdict, past_verdict, unknown_then


class Asking(NamedTuple):
    """The release that a question is put to."""

    release: PastRelease | None  # None: the current one
    snapshot: Snapshot | None  # of `release`, where it stands whole


@contextmanager
def release_of(snapshot: Snapshot, since: str) -> Iterator[Asking]:
    """The release that a user names, opened where it stands whole; without a name the current one.

    Raises:
        InputError: there is no such release here.
    """
    if not since:
        yield Asking(None, None)
        return
    release = find_release(Layout(snapshot.folder.parent.parent), since)
    if not release.is_whole:
        yield Asking(release, None)
        return
    with Snapshot(release.folder) as before:
        yield Asking(release, before)


def tell_release(release: PastRelease, lang: str) -> str:
    """By which release an answer is."""
    return Message(
        "By release %(release)s, built %(day)s, sources read by %(as_of)s.",
        release=release.version,
        day=release.day,
        as_of=release.as_of or "?",
    ).text(lang)


def report_past(
    snapshot: Snapshot,
    release: PastRelease,
    asked: Asked,
    who: Mapping[str, Profile],
    use: Use,
    style: ReportStyle,
) -> tuple[str, Sequence[Verdict]]:
    """The verdicts of a release of which only briefs are left, and the report on them.

    Raises:
        InputError: what is asked needs more than is left of that release.
    """
    if asked.proposal or set(who.values()) != {NOBODY} or style.all:
        raise InputError(
            Message(
                "of release %(release)s the verdicts are left, not their reasons: no profile, planned model or --all",
                release=release.version,
            )
        )
    if style.format not in ("table", "json"):
        raise InputError(
            Message(
                "of release %(release)s the verdicts are left, not their reasons: table or json",
                release=release.version,
            )
        )
    lines = read_models(asked.file) if asked.file else list(enumerate(asked.ids, 1))
    found = [_past(snapshot, release, text, use, asked, style.lang) for _, text in lines]
    verdicts = [one.verdict for one in found]
    if style.format == "json":
        if not asked.is_list:
            return to_json(found[0]).decode().rstrip(), verdicts
        return msgspec.json.format(msgspec.json.encode(found), indent=2).decode(), verdicts
    return "\n".join(
        [*(_line(one, style.lang) for one in found), words_in(style.lang)["advice"]]
    ), verdicts


def _past(
    snapshot: Snapshot, release: PastRelease, text: str, use: Use, asked: Asked, lang: str
) -> PastVerdict:
    """One verdict; in a list, what is not known is a finding."""
    try:
        return past_verdict(snapshot, release, text, use, lang)
    except (UnknownId, InputError):
        if not asked.is_list:
            raise
        return unknown_then(release, text, use)


def _line(one: PastVerdict, lang: str) -> str:
    words = words_in(lang)
    told = f"{MARKS[one.verdict]} {clean(one.label)} ({clean(one.id)}), {words[one.use]}: {words[one.verdict]}"
    if not one.known:
        missing = Message("that release had no such model").text(lang)
        return f"{told} ({missing})"
    licenses = ", ".join(ref.label for ref in one.license)
    return f"{told}  {licenses}".rstrip()
