"""An index is the same whoever makes its parts."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from kg.build.build import write_index
from kg.claims.accounts import read_accounts
from kg.paths import DATA
from kg.search.glossary import read_glossary
from kg.search.index import SearchIndex
from kg.search.query import parse
from kg.snapshot.snapshot import Snapshot
from kg.work.workers import Workers


def test_an_index_is_the_same_whoever_makes_its_parts(snapshot: Snapshot, tmp_path: Path) -> None:
    glossary, accounts = read_glossary(DATA / "glossary.yaml"), read_accounts(DATA)
    told: list[tuple[int, int]] = []
    for processes in (1, 2):
        with Workers(processes, many=0) as workers:
            write_index(
                snapshot,
                tmp_path / str(processes),
                glossary,
                "tantivy",
                accounts,
                lambda name, done, total: told.append((done, total)),
                workers,
            )
    size = len(snapshot.lines)
    assert told.count((size, size)) == 2
    assert [done for done, _ in told[: len(told) // 2]] == sorted({done for done, _ in told})
    for name in ("words.json", "about.json"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()
    with closing(SearchIndex(tmp_path / "1")) as one, closing(SearchIndex(tmp_path / "2")) as two:
        for text in ("llama", "알파카 7b", '"language model"', "kind:license", ""):
            asked = parse(text)
            assert one.search(asked, 1000) == two.search(asked, 1000), text
