"""data/catalog/NOTICE: whose facts the catalog holds, under which license, and what was done with them."""

from __future__ import annotations

from kg.ingest.catalog._plan import CatalogPlan, PlannedSource
from kg.ingest.kit.source_record import SourceRecord
from kg.ingest.registry import load_source

_HEAD = """\
Facts in data/catalog and where they come from
==============================================

Each file <source>.jsonl holds facts that Gyebo read from the files of one source: names, dates, sizes,
licenses, base models and the like, each with its place in the source. No sentences, descriptions or
programs of the sources are kept. This file and the others are made by `gyebo catalog --make`, as
catalog.yaml says.
"""

_LICENSES = {
    "license/cc-by-4.0": "Creative Commons Attribution 4.0 International, "
    "https://creativecommons.org/licenses/by/4.0/",
    "license/mit": "MIT License, its text below",
    "license/apache-2.0": "Apache License 2.0, its text in LICENSE at the top of this repository",
    "license/cc0-1.0": "CC0 1.0 Universal, its text in data/LICENSE",
}

_MIT = """\
MIT License
-----------

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction, including
without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the
following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial
portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT
LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO
EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER
IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR
THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


def notice_text(plan: CatalogPlan) -> str:
    """The whole notice.

    Args:
        plan: the sources.
    """
    parts = [_entry(load_source(name).SOURCE, one) for name, one in plan.sources.items()]
    return "\n".join([_HEAD, *parts, _MIT])


def may_be_shipped(source: SourceRecord) -> bool:
    """Whether the facts of a source may travel with the program: its license allows it, and is known here."""
    return source.license in _LICENSES


def _entry(source: SourceRecord, planned: PlannedSource) -> str:
    lines = [
        f"{source.label['en']}  ({source.id}.jsonl)",
        f"  from: {planned.origin}, {planned.retrieved}",
        f"  homepage: {source.homepage}",
        f"  license: {_LICENSES[source.license]}",
        f"  {planned.copyright}" if planned.copyright else "",
        f"  please cite: {planned.citation}" if planned.citation else "",
        f"  {planned.changes}" if planned.changes else "",
        "  only a part is kept; catalog.yaml says which" if planned.cut else "",
    ]
    return "\n".join(line for line in lines if line) + "\n"
