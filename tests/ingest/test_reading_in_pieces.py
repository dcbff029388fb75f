"""A run of the Hub's files is the same wherever they are cut and whoever reads the pieces."""

from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.claims.claim_files import read_claims
from kg.claims.runs import read_links, read_run
from kg.ingest import _reading
from kg.ingest.ingest import IngestRequest, ingest
from kg.ingest.kit.kit import Place, Progress
from kg.ingest.kit.pieces import SourcePiece
from kg.ingest.sources import _hub_pieces, hub
from kg.model.claim import LABEL, Claim
from tests.reading import kit_of

Files = dict[str, bytes]


def models(start: int, stop: int) -> Iterator[dict[str, Any]]:
    """Models that share makers, datasets and parents; some renamed, some misspelled, some with new versions."""
    for i in range(start, stop):
        base = f"Acorn/base-{i % 3}" if i % 4 else f"acorn/BASE-{i % 3}"
        yield {
            "id": f"org{i % 5}/m{i}",
            "_id": f"{i // 2 if i % 7 == 0 else i:04}",
            "author": f"org{i % 5}",
            "downloads": i,
            "gated": "False",
            "tags": [f"base_model:finetune:{base}", "license:mit"],
            "baseModels": {"relation": "finetune", "models": [{"_id": f"b{i % 3}", "id": base}]},
            "cardData": json.dumps(
                {
                    "license": "mit" if i % 3 else "licence of ours",
                    "language": ["ko", "en"],
                    "datasets": [f"data/set{i % 4}"],
                    "base_model": base,
                    **({"new_version": f"org{(i + 5) % 5}/m{i + 5}"} if i % 6 == 0 else {}),
                }
            ),
        }


def write_lines(path: Path, start: int, stop: int) -> None:
    path.write_bytes(b"".join(json.dumps(m).encode() + b"\n" for m in models(start, stop)))


def write_corpus(folder: Path) -> Path:
    """Files of every form, whole and broken; the folder."""
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    folder.mkdir()
    (folder / "a.json").write_text(json.dumps([*models(0, 17), 7, {"likes": 1}]))
    good = [json.dumps(m) for m in models(17, 40)]
    bad = ['{"id": "o/b"', "7", "", "  ", '{"likes": 3}', '{"id": "a b"}']
    lines = [*good[:9], *bad, *good[9:], '{"next": null}', json.dumps([*models(40, 43)])]
    (folder / "b.jsonl").write_text("\n".join(lines))
    write_lines(folder / "packed.jsonl", 43, 500)
    packed = gzip.compress((folder / "packed.jsonl").read_bytes(), mtime=0)
    (folder / "packed.jsonl").unlink()
    (folder / "c.jsonl.gz").write_bytes(packed)
    (folder / "d.jsonl.gz").write_bytes(packed[: -len(packed) // 3])
    table = arrow.Table.from_pylist([*models(500, 540)])
    parquet.write_table(table, folder / "e.parquet", row_group_size=16)
    (folder / "f.parquet").write_bytes((folder / "e.parquet").read_bytes()[:-99])
    odd = arrow.array([b"o/whole", b"o/\xff"]).cast(arrow.string(), safe=False)
    parquet.write_table(arrow.table({"id": odd}), folder / "g.parquet", row_group_size=1)
    write_lines(folder / "h.jsonl", 540, 560)
    return folder


def read(home: Path, corpus: Path, processes: int = 1) -> Files:
    run = ingest(home, IngestRequest("hub", str(corpus), "r", "2026-11-30"), processes=processes)
    folder = home / "runs" / run.name
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_corpus(tmp_path_factory.mktemp("corpus") / "in")


@pytest.fixture(scope="module")
def whole(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Files:
    return read(tmp_path_factory.mktemp("whole"), corpus)


@pytest.mark.parametrize(("processes", "rows"), [(1, 1), (1, 7), (2, 3), (3, 16), (2, 1000)])
def test_the_same_run_wherever_files_are_cut_and_whoever_reads(
    whole: Files,
    corpus: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    processes: int,
    rows: int,
) -> None:
    monkeypatch.setattr(_hub_pieces, "_ROWS", rows)
    monkeypatch.setattr(_reading, "MANY", 10)
    assert read(tmp_path, corpus, processes) == whole


def test_pieces_end_where_they_are_long_enough(
    whole: Files, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_hub_pieces, "_BYTES", 900)
    assert sum(1 for _ in hub.cut(Place(corpus, str(corpus)))) > 200
    assert read(tmp_path, corpus) == whole


def test_what_cannot_be_read_is_told_with_file_and_line(whole: Files) -> None:
    issues = [json.loads(line) for line in whole["issues.jsonl"].splitlines()]
    told = [issue["origin"] for issue in issues if issue["rule"] in ("unreadable", "hub-id")]
    assert told == [
        *("a.json:18", "a.json:19"),
        *("b.jsonl:10", "b.jsonl:11", "b.jsonl:14", "b.jsonl:15"),
        *("d.jsonl", "f.parquet", "g.parquet"),
    ]
    (broken,) = [i["message"] for i in issues if i["origin"] == "g.parquet"]
    assert broken.startswith("g.parquet:2: not Parquet, or broken: ")


def test_what_stands_before_a_broken_place_is_read(corpus: Path, tmp_path: Path) -> None:
    part = ingest(tmp_path, IngestRequest("hub", str(corpus / "d.jsonl.gz")))
    records = part.counts["records"]
    assert 0 < records < 457 and part.issues == {"unreadable": 1}
    one = ingest(tmp_path, IngestRequest("hub", str(corpus / "g.parquet")))
    assert one.counts["records"] == 1


def test_names_of_others_are_told_once_a_run(whole: Files, tmp_path: Path) -> None:
    (tmp_path / "claims.jsonl").write_bytes(whole["claims.jsonl"])
    named = [c for c in read_claims(tmp_path / "claims.jsonl") if c.property == LABEL]
    others = [c for c in named if not c.subject.startswith("model/")]
    assert len(others) == len(set(others))
    assert {c.subject for c in others} >= {
        *(f"org/hf/org{i}" for i in range(5)),
        *(f"dataset/hf/data/set{i}" for i in range(4)),
        *("language/korean", "language/english"),
    }


def test_what_is_known_only_of_all_comes_from_all_pieces(whole: Files, tmp_path: Path) -> None:
    (tmp_path / "links.jsonl").write_bytes(whole["links.jsonl"])
    links = {(link.left, link.right) for link in read_links(tmp_path)}
    renamed = ("model/hf/org0/m10", "model/hf/org1/m21")  # of one key, far from each other
    assert renamed in links and ("model/hf/Acorn/base-2", "model/hf/acorn/BASE-2") in links
    (tmp_path / "claims.jsonl").write_bytes(whole["claims.jsonl"])
    said = {(c.subject, c.property, c.said.value) for c in read_claims(tmp_path / "claims.jsonl")}
    assert ("model/hf/org3/m503", "successorOf", "model/hf/org3/m498") in said


def test_an_archive_says_what_its_files_say(corpus: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        for name in ("a.json", "b.jsonl", "c.jsonl.gz"):
            archive.write(corpus / name, name)
    files = tmp_path / "files"
    files.mkdir()
    for name in ("a.json", "b.jsonl", "c.jsonl.gz"):
        (files / name).write_bytes((corpus / name).read_bytes())
    packed, plain = read(tmp_path / "1", tmp_path / "in.zip"), read(tmp_path / "2", files)
    for name in ("claims.jsonl", "links.jsonl", "issues.jsonl"):
        assert packed[name] == plain[name]


def test_one_piece_depends_on_no_other(corpus: Path) -> None:
    kit = kit_of("hub")
    pieces = [*hub.cut(Place(corpus, str(corpus)))]
    forward = [hub.read_piece(piece, kit) for piece in pieces]
    assert [hub.read_piece(piece, kit) for piece in reversed(pieces)] == forward[::-1]


def test_few_records_start_no_process(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(self: object) -> None:
        raise AssertionError("a process is started")

    monkeypatch.setattr("kg.work.workers.Workers._opened", start)
    assert read(tmp_path, corpus, processes=2)


def test_records_are_counted_within_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []

    def pieces(size: int) -> Iterator[SourcePiece]:
        for number in range(100):
            made.append(number)
            yield SourcePiece(form="", name="x", records=10, data=b"x" * size)

    rest, known = _reading._counted(pieces(1), 50)
    assert known is None and len(made) == 5 and len([*rest]) == 100
    made.clear()
    monkeypatch.setattr(_reading, "_MOST", 300)
    assert _reading._counted(pieces(100), 50)[1] is None and len(made) == 3
    rest, known = _reading._counted(pieces(1), 2000)
    assert known == 1000 and len([*rest]) == 100


def test_a_run_is_the_same_as_record_by_record(corpus: Path, whole: Files, tmp_path: Path) -> None:
    kit = kit_of("hub")
    found = hub.fetch(Place(corpus, str(corpus)))
    records = [one for one in found if hasattr(one, "locator")]
    (tmp_path / "run.json").write_bytes(whole["run.json"])
    run = read_run(tmp_path)
    assert run and run.counts["records"] == len(records)
    (tmp_path / "claims.jsonl").write_bytes(whole["claims.jsonl"])
    said = {one for one in hub.claims(records, kit) if isinstance(one, Claim)}
    assert {*read_claims(tmp_path / "claims.jsonl")} == said


@pytest.mark.parametrize("name", ["b.jsonl", "e.parquet", "a.json", ""])
def test_as_much_is_told_as_was_announced(corpus: Path, tmp_path: Path, name: str) -> None:
    announced: list[int] = []
    told: list[int] = []

    def watch(stage: str, total: int) -> Progress:
        announced.append(total)
        return told.append

    ingest(tmp_path, IngestRequest("hub", str(corpus / name)), watch=watch)
    size = (corpus / name).stat().st_size if name else 0  # the folder holds packed files
    assert announced == [size]
    assert size == 0 or 0 <= size - sum(told) <= 5  # empty lines are told by their ends alone
