"""The terms that reach an entity, for a page that draws the ways they came."""

from __future__ import annotations

from collections.abc import Iterator

from flask import request

from web.license._box import VerdictBox, box
from web.license.question import read_question, required
from web.ui.relations import TermsWay
from web.ui.sections import Subject


def reached_terms(subject: Subject) -> VerdictBox:
    """The verdict with its terms, for the question in the address.

    Args:
        subject: of a kind that licenses are judged of.

    Raises:
        InputError: the question cannot be understood.
    """
    required(read_question(subject.snapshot, request.args))
    return box(subject.snapshot, subject.id)


def ways_of(found: VerdictBox) -> Iterator[TermsWay]:
    """The ways of all its terms, those first that weigh most."""
    for told in (*found.effects, *found.paper, *found.quiet):
        yield from told.ways
