"""What a source says, on its page: claim by claim, in the order of the document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from flask import request, url_for

from kg.contract import ClaimAnswer, Ref, SaidAnswer, SourceAnswer
from kg.errors import InputError
from kg.model import kind_of
from kg.source_answer import said, subjects_query
from web.context import lang, snapshot
from web.facts import Shape, shape
from web.graph import ids
from web.i18n import gettext, mark
from web.paging import Pages, pages
from web.params import whole_number

MOST = 5_000  # entities of one source that are read
PAGE_SIZE = 100  # claims on one page
ANCHOR = "said"

FILTERS: Mapping[str, str] = {
    "": mark("All claims"),
    "rejected": mark("Rejected"),
    "disputed": mark("Sources disagree"),
}


class Tab(NamedTuple):
    """A filter."""

    label: str
    total: int
    url: str
    chosen: bool


class Row(NamedTuple):
    """A claim, ready to print."""

    name: str
    label: str
    shape: Shape
    claim: ClaimAnswer
    disputed: bool
    holds: Sequence[Shape]  # what is shown instead


class Group(NamedTuple):
    """Claims on one entity that follow each other."""

    subject: Ref
    rows: Sequence[Row]


class Section(NamedTuple):
    """The claims of a source on its page."""

    answer: SourceAnswer
    tabs: Sequence[Tab]
    groups: Sequence[Group]
    paging: Pages


def answer(id: str, code: str) -> SourceAnswer:
    """All that a source says, of no more entities than a page can read."""
    held = snapshot()
    found = ids(subjects_query(held.manifest.base, id, MOST + 1))
    return said(held, id, found[:MOST], code, complete=len(found) <= MOST)


def section(id: str) -> Section | None:
    """What a source says, as the address asks; None for what is no source.

    Raises:
        InputError: the address asks for an unknown filter.
    """
    if kind_of(id) != "source":
        return None
    show = request.args.get("show", "")
    if show not in FILTERS:
        known = ", ".join(filter(None, FILTERS))
        raise InputError(f"show cannot be {show[:40]!r}; known are: {known}")
    all = answer(id, lang())
    chosen = [claim for claim in all.claims if _passes(claim, show)]
    last = max(1, -(-len(chosen) // PAGE_SIZE))
    page = whole_number("page", 1, 1, last) or 1
    return Section(
        all,
        _tabs(id, all, show),
        _groups(chosen[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]),
        pages(page, last, lambda n: _url(id, show, n)),
    )


def _passes(said: SaidAnswer, show: str) -> bool:
    return {"": True, "rejected": said.claim.rank == "rejected", "disputed": said.disputed}[show]


def _tabs(id: str, all: SourceAnswer, show: str) -> list[Tab]:
    totals = {"": all.total, "rejected": all.rejected, "disputed": all.disputed}
    return [Tab(gettext(label), totals[name], _url(id, name), name == show)
            for name, label in FILTERS.items()]  # fmt: skip


def _url(id: str, show: str, page: int = 1) -> str:
    return url_for("entities.entity", name=id, show=show or None, page=page if page > 1 else None,
                   _anchor=ANCHOR)  # fmt: skip


def _groups(claims: Sequence[SaidAnswer]) -> list[Group]:
    runs = groupby(claims, key=lambda said: said.subject)
    return [Group(subject, [_row(said) for said in run]) for subject, run in runs]


def _row(said: SaidAnswer) -> Row:
    known = snapshot().vocabulary.properties[said.property]
    instead = said.holds if said.disputed and said.claim.value not in said.holds else []
    return Row(
        said.property,
        known.term.labels.get(lang(), said.property),
        shape(said.claim.value, known, said.claim.lang or ""),
        said.claim,
        said.disputed,
        [shape(value, known) for value in instead],
    )
