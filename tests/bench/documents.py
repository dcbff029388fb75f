"""The search documents of a snapshot, as other engines are given them: texts, filters, facets and numbers.

In a file they stand as a line of JSON each, so that an engine can be measured without what makes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path

import msgspec
import tantivy

from kg.build.documents._documents import Documents
from kg.build.documents._filters import meaningful_filters
from kg.build.documents._survey import UNSEARCHED, named_entities, survey
from kg.claims.accounts import read_accounts
from kg.model.claim import kind_of
from kg.paths import DATA
from kg.search.analyzer import SearchDoc
from kg.search.clauses import COUNTED, NUMBERS, TEXT
from kg.search.engines._tantivy import HEAP
from kg.search.glossary import read_glossary
from kg.search.lexicon import lexicon
from kg.snapshot.snapshot import Snapshot


class Texts(msgspec.Struct, frozen=True):
    """What any engine is given of one entity."""

    id: str
    texts: dict[str, list[str]]
    exact: dict[str, list[str]]  # filters and facets
    numbers: dict[str, float]

    @property
    def words(self) -> str:
        """All words, as engines with one field are given them."""
        return " \n ".join(text for texts in self.texts.values() for text in texts)


def documents(snapshot: Snapshot, take: int = 0) -> Iterator[SearchDoc]:
    """What a build puts into the index; with `take` only so many, spread evenly."""
    searched = [
        n for n in range(len(snapshot.lines)) if kind_of(snapshot.lines.id(n)) not in UNSEARCHED
    ]
    named = named_entities(snapshot)
    made = Documents(snapshot, survey(snapshot, named, read_accounts(DATA)))
    step = max(1, len(searched) // take) if take else 1
    return map(made.document, searched[::step])


def words_of(snapshot: Snapshot) -> tuple[dict[str, str], list[str]]:
    """Words that mean the same, and filters that mean something, as a build finds them."""
    named = named_entities(snapshot)
    words = dict(lexicon(named, read_glossary(DATA / "glossary.yaml")))
    return words, [*meaningful_filters(snapshot.vocabulary)]


def texts_of(doc: SearchDoc) -> Texts:
    """A document as any engine is given it."""
    facets = {**doc.common.facets, **doc.facets}
    exact = {f"facet_{name}": [*values] for name, values in facets.items()}
    exact["filter"] = [
        f"{name}={value}"
        for name, values in chain(doc.common.filters.items(), doc.filters.items())
        for value in chain.from_iterable(values)
    ]
    texts = {field: [*chain.from_iterable(groups)] for field, groups in doc.text.items()}
    return Texts(doc.id, texts, exact, dict(doc.numbers))


def write_texts(home: Path, path: Path) -> int:
    """Write the documents of a home into a file, and return how many there are."""
    encode = msgspec.json.Encoder().encode
    count = 0
    with closing(Snapshot.current(home)) as snapshot, path.open("wb") as file:
        for count, doc in enumerate(documents(snapshot), 1):  # noqa: B007
            file.write(encode(texts_of(doc)) + b"\n")
    return count


def read_texts(path: Path) -> Iterator[Texts]:
    """The documents of such a file."""
    decode = msgspec.json.Decoder(Texts).decode
    with path.open("rb") as lines:
        yield from map(decode, lines)


def write_raw(docs: Iterable[Texts], folder: Path) -> None:
    """Index documents as tantivy's documentation shows it, each field with the tokenizer that is its default."""
    made = tantivy.SchemaBuilder().add_text_field("id", stored=True, tokenizer_name="raw")
    for field in TEXT:
        made.add_text_field(field)
    for field in ("filter", *(f"facet_{name}" for name in COUNTED)):
        made.add_text_field(field, tokenizer_name="raw", index_option="basic", fast=True)
    for field in NUMBERS:
        made.add_float_field(field, indexed=True, fast=True)
    folder.mkdir(parents=True)
    writer = tantivy.Index(made.build(), path=str(folder)).writer(HEAP, 1)
    for doc in docs:
        writer.add_document(_raw(doc))
    writer.commit()
    writer.wait_merging_threads()


def _raw(doc: Texts) -> tantivy.Document:
    made = tantivy.Document()
    made.add_text("id", doc.id)
    for field, texts in (*doc.texts.items(), *doc.exact.items()):
        for text in texts:
            made.add_text(field, text)
    for field, number in doc.numbers.items():
        made.add_float(field, number)
    return made
