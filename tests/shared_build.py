"""One build for all test processes: made by the first that asks, kept for later runs, then only read.

    .pytest_cache/d/builds/<digest>/home       what kg.build.build made
    .pytest_cache/d/builds/<digest>/files      what it holds, to see a test that writes into it
    .pytest_cache/d/builds/<digest>/lock       held while it is made
    .pytest_cache/d/builds/<digest>/lease      every process that reads it holds a shared lock on it
    .pytest_cache/d/builds/lock                held while leases are taken and old builds deleted

What is built is the curated data with the cut of the catalog that stands in tests/data/catalog: all of
data/catalog takes four times as long. `make run`, `make picture` and
one slow test build that (tests/web/server/test_serve.py).

The digest is the program's own, over data, ontology and program, so a change of any of them makes
another build; those that nobody reads are deleted when a new one is asked for, but for the latest.
"""

from __future__ import annotations

import fcntl
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from kg.build.build import Built, build, inputs_digest
from kg.config import load_config
from kg.paths import DATA

HERE = Path(__file__).parent
# What the real data has no example of: license cases, models of the license evaluation, bills of materials.
CORNERS = ("licenses/corner.yaml", "licenses/evaluation-extra.yaml", "corner_of_boms.yaml")
CATALOG = "catalog"  # the folder of data/ that tests have a cut of
CUT = HERE / "data" / CATALOG
KEEP = 4  # builds that stay: two of each kind


def write_data(folder: Path) -> Path:
    """Write a data folder: the curated data with the cut of the catalog in place of the whole.

    It is copied, as digests do not follow links into folders; that takes 0.05 s.
    """
    data = folder / "data"
    shutil.copytree(DATA, data, ignore=lambda at, names: {CATALOG} if Path(at) == DATA else set())
    if CUT.is_dir():
        shutil.copytree(CUT, data / CATALOG)
    return data


def build_home(home: Path, **options: Any) -> Built:
    """Build the data of the tests in a home of one's own; options as of `build`."""
    with tempfile.TemporaryDirectory(prefix="gyebo-data-") as folder:
        return build(load_config(home=home), write_data(Path(folder)), **options)


def write_corners(folder: Path) -> Path:
    """Write a data folder: that of the tests with the corners beside it."""
    data = write_data(folder)
    for name in CORNERS:
        shutil.copy(HERE / name, data / "curated" / f"tests-{name.replace('/', '-')}")
    return data


@contextmanager
def shared_home(cache: Path, data: Path) -> Iterator[Path]:
    """A home folder with a snapshot of the data, to be read only.

    Args:
        cache: the folder that all test processes share.
        data: the data folder; only what it holds counts, not where it is.

    Raises:
        AssertionError: the home is otherwise than it was built, so a test wrote into it.
    """
    folder = cache / inputs_digest(load_config(home=cache / "none"), data)[:16]
    with _locked(cache / "lock", fcntl.LOCK_EX):
        folder.mkdir(exist_ok=True)
        (folder / "lease").touch()  # the latest use, by which old builds are told
        lease = (folder / "lease").open()
        fcntl.flock(lease, fcntl.LOCK_SH)
        _collect(cache)
    with lease:
        home, files = folder / "home", folder / "files"
        with _locked(folder / "lock", fcntl.LOCK_EX):
            if not files.exists() or json.loads(files.read_text()) != _listing(home):
                shutil.rmtree(home, ignore_errors=True)
                build(load_config(home=home), data)
                files.write_text(json.dumps(_listing(home)))
        yield home
        changed = sorted(dict(_listing(home).items() ^ json.loads(files.read_text()).items()))
        assert not changed, f"a test wrote into the shared build: {changed}"


def _listing(home: Path) -> dict[str, str]:
    """Every file below a folder, with its size and the time it was written."""
    found = {}
    for path in home.rglob("*"):
        if not path.is_dir():
            stat = path.lstat()
            found[str(path.relative_to(home))] = f"{stat.st_size} {stat.st_mtime_ns}"
    return found


@contextmanager
def _locked(path: Path, kind: int) -> Iterator[IO[str]]:
    with path.open("a+") as file:
        fcntl.flock(file, kind)
        yield file


def _collect(cache: Path) -> None:
    """Delete all but the latest builds, unless somebody reads them; with the lock held."""
    leases = sorted(cache.glob("*/lease"), key=lambda p: p.stat().st_mtime_ns)
    for lease in leases[:-KEEP]:
        with lease.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            shutil.rmtree(lease.parent)
