"""A reference to what was read here, as BibTeX, CSL-JSON and plain text: with year, version, permanent address and day of access."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping

import msgspec

TITLE = "Gyebo: the genealogy of language models"
EDITORS = "The Gyebo editors"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# What TeX reads as commands, and what it writes instead.
_TEX: Mapping[str, str] = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "{}&%$#_"},
}


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """What is cited."""

    title: str  # of the page; "" = the data as a whole
    url: str  # where the same can be read again
    version: str  # of the data
    published: str  # the day on which that version was built, ISO
    accessed: str  # the day on which it was read, ISO


def bibtex(reference: Reference) -> str:
    """A reference as BibTeX, which biblatex reads as well.

    >>> told = Reference(title="R_1 {x}", url="http://a/r", version="0123456789ab",
    ...                  published="2026-11-29", accessed="2026-12-01")
    >>> print(bibtex(told))
    @misc{gyebo-r-1-x-01234567,
      title        = {{R\\_1 \\{x\\}}},
      author       = {{The Gyebo editors}},
      howpublished = {Gyebo: the genealogy of language models},
      year         = {2026},
      month        = nov,
      version      = {0123456789ab},
      url          = {http://a/r},
      urldate      = {2026-12-01},
      note         = {Data version 0123456789ab of 2026-11-29, CC0-1.0; accessed 2026-12-01}
    }
    <BLANKLINE>
    """
    title = _tex(reference.title or TITLE)
    fields = [
        ("title", f"{{{{{title}}}}}"),
        ("author", f"{{{{{EDITORS}}}}}"),
        *([("howpublished", f"{{{TITLE}}}")] if reference.title else []),
        ("year", f"{{{reference.published[:4]}}}"),
        ("month", _MONTHS[int(reference.published[5:7]) - 1]),
        ("version", f"{{{reference.version}}}"),
        ("url", f"{{{_braced(reference.url)}}}"),
        ("urldate", f"{{{reference.accessed}}}"),
        ("note", f"{{{_note(reference)}}}"),
    ]
    lines = ",\n".join(f"  {name:<12} = {value}" for name, value in fields)
    return f"@misc{{{key_of(reference)},\n{lines}\n}}\n"


def csl_json(reference: Reference) -> str:
    """A reference as CSL-JSON, which Zotero and pandoc read: a list of one item."""
    item = {
        "id": key_of(reference),
        "type": "dataset" if not reference.title else "webpage",
        "title": reference.title or TITLE,
        **({"container-title": TITLE} if reference.title else {}),
        "author": [{"literal": EDITORS}],
        "issued": _parts(reference.published),
        "accessed": _parts(reference.accessed),
        "version": reference.version,
        "URL": reference.url,
        "license": "CC0-1.0",
    }
    return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


def plain(reference: Reference) -> str:
    """A reference as a line of text."""
    titled = f"“{reference.title}.” " if reference.title else ""
    return (
        f"{EDITORS} ({reference.published[:4]}). {titled}{TITLE}, data version {reference.version} "
        f"({reference.published}). {reference.url} (accessed {reference.accessed}).\n"
    )


def key_of(reference: Reference) -> str:
    """The name of a reference among others: of ASCII, as BibTeX wants it."""
    text = unicodedata.normalize("NFKD", reference.title).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    return "-".join(filter(None, ("gyebo", slug, reference.version[:8])))


def _note(reference: Reference) -> str:
    return (
        f"Data version {reference.version} of {reference.published}, CC0-1.0; "
        f"accessed {reference.accessed}"
    )


def _tex(text: str) -> str:
    shown = (sign for sign in " ".join(text.split()) if sign.isprintable())
    return "".join(_TEX.get(sign, sign) for sign in shown)


def _braced(url: str) -> str:
    """An address that closes no brace."""
    return url.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")


def _parts(day: str) -> Mapping[str, list[list[int]]]:
    return {"date-parts": [[int(part) for part in day.split("-")]]}
