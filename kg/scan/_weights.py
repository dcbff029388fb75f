"""Weights that lie in a project: judged by what their heads and the files beside them say they were made from."""

from __future__ import annotations

from pathlib import Path

from kg.answers.contract import LicenseAnswer
from kg.answers.local import local_licenses
from kg.errors import InputError
from kg.ingest.pasted import pasted_kit
from kg.ingest.weights import weights_claims
from kg.licenses.naming.names import LicenseNames
from kg.licenses.profile import Profile
from kg.licenses.rules import SEVERITY
from kg.licenses.terms import Use
from kg.snapshot.snapshot import Snapshot


def judge_weights(
    snapshot: Snapshot, path: Path, use: Use, profile: Profile, lang: str
) -> LicenseAnswer | None:
    """The answer on a file of weights, the worst if it holds several models; None if it says nothing.

    Args:
        snapshot: an open snapshot.
        path: the file.
        use: what it is to be used for.
        profile: who asks.
        lang: language of the sentences.
    """
    if not path.is_file():
        return None
    kit = pasted_kit("source/folder", LicenseNames(snapshot.states.engine.terms))
    try:
        claims = weights_claims(path, kit)
    except InputError:
        return None
    answers = local_licenses(snapshot, claims, use, profile, lang)
    return max(answers, key=lambda answer: SEVERITY.index(answer.verdict), default=None)
