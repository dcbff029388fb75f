"""Work that is shared among processes comes back as if one had done it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest

from kg.build._workers import count_processes, cut_ranges, map_ranges
from kg.build.build import write_index
from kg.claims.accounts import read_accounts
from kg.paths import DATA
from kg.search.glossary import read_glossary
from kg.search.index import SearchIndex
from kg.search.query import parse
from kg.snapshot.snapshot import Snapshot


@contextmanager
def adding(base: int) -> Iterator[Callable[[range], tuple[int, int]]]:
    """Sums ranges, and says in which process."""

    def add(part: range) -> tuple[int, int]:
        if 13 in part and base < 0:
            raise ValueError("unlucky")
        return base + sum(part), os.getpid()

    yield add


def test_ranges_are_cut_at_the_same_places() -> None:
    assert [*cut_ranges(5, 2)] == [range(0, 2), range(2, 4), range(4, 5)]
    assert [*cut_ranges(0)] == []


def test_results_come_in_order_from_other_processes() -> None:
    ranges = [*cut_ranges(20, 2)]
    alone = [*map_ranges(partial(adding, 100), ranges, 1)]
    shared = [*map_ranges(partial(adding, 100), ranges, 2)]
    assert [total for total, _ in shared] == [total for total, _ in alone]
    assert {process for _, process in alone} == {os.getpid()}
    assert os.getpid() not in {process for _, process in shared}


def test_any_executor_will_do() -> None:
    def threads(count: int) -> Executor:
        return ThreadPoolExecutor(count)

    found = map_ranges(partial(adding, 1), cut_ranges(6, 3), 2, threads)
    assert [total for total, _ in found] == [4, 13]


def test_what_goes_wrong_in_a_process_goes_wrong_here() -> None:
    with pytest.raises(ValueError, match="unlucky"):
        list(map_ranges(partial(adding, -1), cut_ranges(40, 4), 2))


def test_a_number_of_processes_is_kept_and_none_means_the_cores() -> None:
    assert count_processes(3) == 3
    assert 1 <= count_processes(0) <= (os.cpu_count() or 1)


def test_an_index_is_the_same_whoever_makes_its_parts(
    snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[write_index.__module__], "MANY_LINES", 0)
    glossary, accounts = read_glossary(DATA / "glossary.yaml"), read_accounts(DATA)
    told: list[tuple[int, int]] = []
    for processes in (1, 2):
        write_index(
            snapshot,
            tmp_path / str(processes),
            glossary,
            "tantivy",
            accounts,
            lambda name, done, total: told.append((done, total)),
            processes,
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
