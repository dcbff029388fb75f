"""A release is the same whoever makes its parts, wherever they are cut and whatever a build before has left."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import msgspec
import pytest

from kg.build.build import build
from kg.build.passes._pieces import Pieces
from kg.claims.claim_files import encode
from kg.config import load_config
from kg.errors import BuildError
from kg.model.claim import Claim, Said
from kg.snapshot.layout import Layout
from kg.work.workers import Workers
from tests.build.test_build import GOLDEN, release
from tests.large import write_family

Files = dict[str, bytes]


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Lets builds share all work, in parts of a number of entities."""

    def cut(part: int) -> None:
        module = sys.modules[build.__module__]
        monkeypatch.setattr(module, "Workers", partial(Workers, part=part, many=0))

    return cut


def built(home: Path, data: Path, workers: int = 1) -> Files:
    """The files of a release, and of the caches that are made with it."""
    folder = build(load_config(home=home, build_workers=workers), data).folder
    made = {
        str(path.relative_to(folder)): path.read_bytes()
        for name in ("lineage", "citations", "disputes")
        for path in (folder / name).rglob("*")
        if path.is_file()
    }
    return release(folder) | made | {"manifest.json": (folder / "manifest.json").read_bytes()}


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return built(tmp_path_factory.mktemp("alone"), GOLDEN / "data")


@pytest.mark.parametrize(("workers", "part"), [(1, 7), (2, 5), (3, 1)])
def test_the_same_bytes_whoever_makes_them_and_wherever_they_are_cut(
    alone: Files, tmp_path: Path, cut: Callable[[int], None], workers: int, part: int
) -> None:
    cut(part)
    assert built(tmp_path, GOLDEN / "data", workers) == alone


def test_any_executor_carries_a_build(
    alone: Files, tmp_path: Path, cut: Callable[[int], None]
) -> None:
    def threads(count: int) -> Executor:
        return ThreadPoolExecutor(count)

    cut(5)
    config = load_config(home=tmp_path, build_workers=2)
    assert release(build(config, GOLDEN / "data", start=threads).folder).items() <= alone.items()


LICENSES = ("apache-2.0", "mit", "llama-2-community", "cc-by-nc-4.0", "made-up")
RELATIONS = ("fineTunedFrom", "quantizedFrom", "mergedFrom", "derivedFrom")


class Edits:
    """A run whose claims change at random."""

    def __init__(self, home: Path, seed: int) -> None:
        self._file = home / "runs" / "large" / "claims.jsonl"
        write_family(self._file.parent, 60)
        self._random = random.Random(seed)

    def edit(self) -> None:
        """Add, remove or change a claim: a license, an edge, a label, a whole model."""
        rng, lines = self._random, self._file.read_bytes().splitlines(keepends=True)
        ids = sorted({msgspec.json.decode(line, type=Claim).subject for line in lines})
        models = [id for id in ids if id.startswith("model/")]
        match rng.randrange(5):
            case 0:
                named = (number for number, line in enumerate(lines) if b'"label"' not in line)
                del lines[rng.choice([*named])]
            case 1:
                lines.append(self._claim(rng.choice(models), "license", self._license()))
            case 2:
                relation = rng.choice(RELATIONS)
                lines.append(self._claim(rng.choice(models), relation, rng.choice(models)))
            case 3:
                id = f"model/hf/new/m{rng.randrange(1000)}"
                lines.append(self._claim(id, "label", "New"))
                lines.append(self._claim(id, "fineTunedFrom", rng.choice(models)))
            case _:
                lines.append(self._claim(rng.choice(models), "releaseDate", "2024-05-06"))
        self._file.write_bytes(b"".join(lines))

    def _license(self) -> str:
        return f"license/{self._random.choice(LICENSES)}"

    def _claim(self, subject: str, property: str, value: str) -> bytes:
        lang = "en" if property == "label" else ""
        said = Said(value=value, source="source/synthetic-family", locator="x", lang=lang)
        return encode(Claim(subject, property, said))


@pytest.mark.parametrize("seed", range(2))
def test_a_later_build_gives_what_a_clean_one_gives(
    tmp_path: Path, cut: Callable[[int], None], seed: int
) -> None:
    cut(8)
    edits = Edits(tmp_path, seed)
    built(tmp_path, GOLDEN / "data")
    for _ in range(3):
        edits.edit()
        edits.edit()
        later = built(tmp_path, GOLDEN / "data")
        clean = tmp_path / "clean"
        clean.mkdir()
        (clean / "runs").symlink_to(tmp_path / "runs")
        assert built(clean, GOLDEN / "data") == later
        for path in sorted(clean.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
        clean.rmdir()


def counting(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The stages of the results that are made, as builds make them."""
    made: list[str] = []
    keep = Pieces.keep

    def counted(self: Pieces, key: str, type: type, make: Callable[[], object]) -> str:
        def told() -> object:
            made.append(key.partition("-")[0])
            return make()

        return keep(self, key, type, told)

    monkeypatch.setattr(Pieces, "keep", counted)
    return made


def test_only_what_changed_is_done_again(
    tmp_path: Path, cut: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    cut(1)
    made = counting(monkeypatch)
    write_family(tmp_path / "runs" / "large", 60)
    built(tmp_path, GOLDEN / "data")
    entities = made.count("resolved")
    assert entities == made.count("told") > 60
    made.clear()
    file = tmp_path / "runs" / "large" / "claims.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    leaf = msgspec.json.decode(lines[-1], type=Claim).subject
    said = Said(value=7_000_000_000, source="source/synthetic-family", locator="x")
    file.write_bytes(b"".join(lines) + encode(Claim(leaf, "parameterCount", said)))
    built(tmp_path, GOLDEN / "data")
    assert made.count("resolved") == made.count("told") == 1
    made.clear()
    build(load_config(home=tmp_path), GOLDEN / "data", force=True)
    assert made == []


def test_an_interrupted_build_takes_up_what_it_had(
    tmp_path: Path, cut: Callable[[int], None], monkeypatch: pytest.MonkeyPatch, alone: Files
) -> None:
    cut(1)
    stopped: list[int] = []

    def stop(name: str, done: int, total: int) -> None:
        if name == "write" and done:
            stopped.append(done)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(load_config(home=tmp_path), GOLDEN / "data", stage=stop)
    assert stopped and not Layout(tmp_path).complete()
    made = counting(monkeypatch)
    assert built(tmp_path, GOLDEN / "data") == alone
    assert "resolved" not in made and "told" in made


def test_a_cache_that_cannot_be_written_stops_a_build_with_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "cache").write_bytes(b"a file")
    with pytest.raises(BuildError, match="cannot be written"):
        build(load_config(home=tmp_path), GOLDEN / "data")
    assert not [*Layout(tmp_path).snapshots.iterdir()]
