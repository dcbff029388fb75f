"""Licenses of SPDX documents: what an element that stands for a license says, as a text and an address."""

from __future__ import annotations

from collections.abc import Mapping

from kg.ingest.sources.bom_formats._json import Json, list_at, text_at
from kg.ingest.sources.bom_formats._parts import DEEPEST

_LISTED = "https://spdx.org/licenses/"
_SETS = {
    "expandedlicensing_ConjunctiveLicenseSet": " AND ",
    "expandedlicensing_DisjunctiveLicenseSet": " OR ",
}
_LONGEST = 120  # characters of a text that may be a name


class SpdxLicenses:
    """The licenses of a document.

    Args:
        elements: its elements by id.
    """

    def __init__(self, elements: Mapping[str, Json]) -> None:
        self._elements = elements

    def read(self, id: str) -> tuple[str, str]:
        """A license as an expression or a name, and the address of its text; "" of what is not said."""
        if id.startswith(_LISTED):
            return id.removeprefix(_LISTED).removesuffix(".html"), ""
        element = self._elements.get(id, {})
        if text := text_at(element, "simplelicensing_licenseExpression"):
            bare = text.removeprefix("(").removesuffix(")") if text.count("(") == 1 else text
            return bare, self._custom(element, bare)
        links = element.get("expandedlicensing_seeAlso")
        links = links if isinstance(links, list) else [links]
        link = next((one for one in links if isinstance(one, str)), "")
        return self._text(id, element, DEEPEST), link

    def _text(self, id: str, element: Json, left: int) -> str:
        """The expression of an element of the licensing profiles, else its name."""
        type = text_at(element, "type")
        if type in _SETS and left:
            members = [
                m for m in list_at(element, "expandedlicensing_member") if isinstance(m, str)
            ]
            texts = [self._member(member, left - 1) for member in members]
            return _SETS[type].join(texts) if all(texts) else ""
        subject = text_at(element, "expandedlicensing_subjectLicense")
        if type == "expandedlicensing_OrLaterOperator" and left:
            return f"{self._member(subject, left - 1)}+"
        text = text_at(element, "simplelicensing_licenseText").strip()
        short = text if len(text) <= _LONGEST and "\n" not in text else ""
        return text_at(element, "name") or short or (id.rpartition("/")[2] if element else "")

    def _member(self, id: str, left: int) -> str:
        if id.startswith(_LISTED):
            return id.removeprefix(_LISTED)
        element = self._elements.get(id, {})
        text = text_at(element, "simplelicensing_licenseExpression")
        text = text or self._text(id, element, left)
        return f"({text})" if " " in text else text

    def _custom(self, element: Json, text: str) -> str:
        """The address that a document gives for an expression that is one license of its own."""
        for entry in list_at(element, "simplelicensing_customIdToUri"):
            if isinstance(entry, dict) and text_at(entry, "key") == text:
                return text_at(entry, "value")
        return ""
