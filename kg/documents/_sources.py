"""The list of sources at the end of a document: each gets a number where it is first cited."""

from __future__ import annotations

from collections.abc import Iterable

from kg.answers.contract import Citation
from kg.answers.show import Labels
from kg.documents.contract import CitedPlace, DraftSource
from kg.language.markdown import web_address
from kg.messages.message import Message
from kg.model.claim import Said
from kg.model.iri import iri


class Bibliography:
    """Numbers sources as they are cited.

    Args:
        labels: names of sources in the language of the document.
        base: start of the addresses of entities, for a source that has no address of its own.
        lang: language of the document.
    """

    def __init__(self, labels: Labels, base: str, lang: str) -> None:
        self._labels, self._base, self._lang = labels, base, lang
        self._numbers: dict[tuple[str, str], int] = {}
        self._found: list[DraftSource] = []

    @property
    def sources(self) -> list[DraftSource]:
        """What was cited, in order."""
        return list(self._found)

    def cite(self, claims: Iterable[Said]) -> list[CitedPlace]:
        """The places of some claims."""
        return [self._place(said) for said in claims]

    def cite_texts(self, citations: Iterable[Citation], license: str) -> list[CitedPlace]:
        """The places of clauses in the text of a license.

        Args:
            citations: of the clauses.
            license: id of the license, whose page stands in for an address that is not known.
        """
        return [self._text_place(citation, license) for citation in citations]

    def _place(self, said: Said) -> CitedPlace:
        url, read = self._labels.source(said.source)
        address = web_address(said.url or url) or iri(self._base, said.source)
        number = self._number(
            said.source, self._labels.name(said.source), address, said.retrieved or read
        )
        return CitedPlace(
            source=number,
            locator=said.locator,
            rank=said.rank,
            reason=self._labels.remark(said.reason),
            note=self._labels.remark(said.note),
            inferred=said.inferred,
        )

    def _text_place(self, citation: Citation, license: str) -> CitedPlace:
        address = web_address(citation.url or "") or iri(self._base, license)
        named = self._labels.name(license)
        if citation.date:
            named = f"{named} ({citation.date})"
        label = Message("text of %(license)s", license=named)
        number = self._number("", label.text(self._lang), address, "")
        return CitedPlace(source=number, locator=citation.section)

    def _number(self, id: str, label: str, address: str, date: str) -> int:
        key = id, address
        if key not in self._numbers:
            self._numbers[key] = len(self._found) + 1
            self._found.append(
                DraftSource(number=len(self._found) + 1, id=id, label=label, url=address, date=date)
            )
        return self._numbers[key]
