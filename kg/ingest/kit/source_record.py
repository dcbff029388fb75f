"""What a source is: the record that each module of kg/ingest/sources defines as SOURCE, and what may be asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from kg.language.writing import slug


@dataclass(frozen=True, kw_only=True)
class SourceRecord:
    """A source that `gyebo ingest` reads: what it is, where it is fetched, how its claims stand."""

    id: str  # `epoch` in `gyebo ingest epoch` and in source/epoch
    label: Mapping[str, str]  # language -> text, in English and Korean
    description: Mapping[str, str]  # likewise, one sentence; the English one is the help
    source_type: str  # a key of data/trust.yaml
    license: str = ""  # id of the license it is under; "" = it names none
    homepage: str = ""
    fetch: str = ""  # address to fetch when no path is given; "" = there is none
    query: str = ""  # file of data/ingest whose SPARQL query is asked of that address
    each: bool = False  # every path is a source and a run of its own
    live: bool = False  # its module asks the source itself when no path is given
    own_models: bool = False  # a user's own: `gyebo ingest` shows what the snapshot makes of them
    prefix: str = ""  # of slugs of what only this source names; "" = its id
    also: tuple[SourceRecord, ...] = ()  # further sources that its records quote

    @property
    def slug_prefix(self) -> str:
        """What slugs of things that only this source names begin with."""
        return self.prefix or self.id


class SourceRequest(NamedTuple):
    """Which part of a source is asked for, of one that can be asked itself."""

    ids: tuple[str, ...] = ()  # these only
    author: str = ""  # what this organization or user published
    limit: int = 0  # at most so many; 0 = all

    @property
    def name(self) -> str:
        """What tells this part from others; "" for the whole."""
        parts = [
            *map(slug, self.ids),
            self.author and slug(self.author),
            f"first-{self.limit}" if self.limit else "",
        ]
        return "-".join(part for part in parts if part)[:100]
