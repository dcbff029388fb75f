"""The SPARQL store: an Oxigraph directory, built from the release's N-Quads and then only read.

Up to BATCH quads are loaded in one call, which Oxigraph sorts and writes as one compressed file an index. More of
them come in pieces, each loaded into a store of its own: a call keeps one core busy and lets go of the GIL, so two
run side by side, and no file is merged before all are there. Then their files are moved into one store, and each index
is merged once, by two threads where it is large. pyoxigraph's optimize() merges too, but leaves an index below 512 MB
uncompressed and cannot be told otherwise, so RocksDB is asked itself (docs/decisions/0056-stores-merged-with-lz4.md).
Names of indexes, the version and what a key means are Oxigraph's: a merge reads keys as bytes, and writes no quad.
"""

from __future__ import annotations

import io
import re
import resource
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

import pyoxigraph as ox
from rocksdict import (
    AccessType,
    BlockBasedOptions,
    BottommostLevelCompaction,
    CompactOptions,
    DataBlockIndexType,
    DBCompressionType,
    IngestExternalFileOptions,
    Options,
    Rdict,
    SliceTransform,
)

BATCH = 1_000_000  # quads that Oxigraph's loader sorts at once
PIECE = 16 * 2**20  # bytes loaded per call, where there are more: some 100,000 quads
THREADS = 2
_DEFAULT = "default"  # column family of the version of Oxigraph's format; each store has its own
_TEXTS = "id2str"  # of texts by their hash; all others but _GRAPHS are orders of a quad's names
_GRAPHS = "graphs"
_FORMAT = 5  # of tables: Oxigraph's, which RocksDB reads since 6.6
_NAME_BYTES = 17  # of a name at the start of a key, by which Oxigraph looks for prefixes
_FILE = re.compile(r"^ (\d+):\d+\[", re.MULTILINE)  # a line of the property rocksdb.sstables
_LEVELS = 7


def build_store(nquads: IO[bytes], quads: int, folder: Path, piece: int = PIECE) -> None:
    """Load N-Quads into a new store.

    Args:
        nquads: the release's lines; they are trusted, this program wrote them.
        quads: how many there are.
        folder: where the store is made; must not exist. While it is made, its parts stand beside it.
        piece: bytes per bulk_load call, if there are more than BATCH.

    Raises:
        OSError: the store cannot be written.
    """
    if quads <= BATCH:
        _load(nquads, folder)
        return
    _load(io.BytesIO(), folder)
    with TemporaryDirectory(prefix=f"{folder.name}-", dir=folder.parent) as scratch:
        merge_stores(_load_pieces(nquads, piece, Path(scratch)), folder, Path(scratch))


def _load_pieces(nquads: IO[bytes], piece: int, folder: Path) -> list[Path]:
    """A store for each piece, in the order of the file."""
    parts: list[Path] = []
    running: set[Future[None]] = set()
    with ThreadPoolExecutor(THREADS) as pool:
        for number, data in enumerate(_pieces(nquads, piece)):
            parts.append(folder / str(number))
            # of a file and not of bytes, which more than two cores would make several files of
            running.add(pool.submit(_load, io.BytesIO(data), parts[-1]))
            if len(running) >= THREADS:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    future.result()
    for future in running:
        future.result()
    return parts


def _pieces(file: IO[bytes], size: int) -> Iterator[bytes]:
    """A file in pieces that end with a line."""
    while data := file.read(size):
        yield data + file.readline()


def _load(nquads: IO[bytes], folder: Path) -> None:
    """A store of its own, closed when this returns."""
    store = ox.Store(folder)
    store.bulk_load(nquads, ox.RdfFormat.N_QUADS)
    store.flush()


def merge_stores(parts: Sequence[Path], store: Path, scratch: Path) -> None:
    """Move what stores hold into an empty one, and merge it.

    Args:
        parts: stores loaded by one call each, so that an index is one file; they are empty afterwards.
        store: a store of the same Oxigraph that holds nothing.
        scratch: a folder for what RocksDB says of its work.

    Raises:
        OSError: a store cannot be read or written; it says why in words, as Oxigraph's do.
    """
    try:
        files: dict[str, list[str]] = {}
        for part in parts:
            for family, path in _files(part):
                files.setdefault(family, []).append(path)
        _merge(files, store, scratch)
    except OSError:
        raise
    except Exception as error:  # rocksdict tells of all that went wrong by this class
        raise OSError(str(error)) from error


def _files(part: Path) -> list[tuple[str, str]]:
    """The files of a store, each with its column family.

    Raises:
        OSError: some are in none.
    """
    opened = _opened(part, AccessType.read_only())
    found, named = [], set()
    for family in Rdict.list_cf(str(part)):
        listed = opened.get_column_family(family).property_value("rocksdb.sstables") or ""
        names = [f"{int(number):06}.sst" for number in _FILE.findall(listed)]
        named.update(names)
        if family != _DEFAULT:
            found += [(family, str(part / name)) for name in names]
    known = {Path(file["name"]).name for file in opened.live_files()}
    opened.close()
    if named != known:
        raise OSError(f"{part}: files of no index: {sorted(known ^ named)}")
    return found


def _merge(files: dict[str, list[str]], store: Path, scratch: Path) -> None:
    _allow_open_files()
    moved = IngestExternalFileOptions()
    moved.set_move_files(True)
    whole = CompactOptions()
    whole.set_bottommost_level_compaction(BottommostLevelCompaction.force())
    opened = _opened(store, AccessType.read_write(), scratch)
    for family, paths in files.items():  # one after the other, so that few files are open
        index = opened.get_column_family(family)
        index.ingest_external_file(paths, moved)
        index.compact_range(None, None, whole)
        index.close()
    opened.close()
    (store / "rocksdict-config.json").unlink()


def _allow_open_files() -> None:
    """Let this process open as many files as it may: while an index is merged, each piece is one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _opened(store: Path, access: AccessType, scratch: Path | None = None) -> Rdict:
    families = {family: _options(family) for family in Rdict.list_cf(str(store))}
    options = _options(_DEFAULT)
    if scratch:
        options.set_db_log_dir(str(scratch))
    return Rdict(str(store), options, families, access)


def _options(family: str) -> Options:
    """Tables as Oxigraph writes them, but compressed on every level."""
    table = BlockBasedOptions()
    table.set_format_version(_FORMAT)
    table.set_index_block_restart_interval(16)
    if family == _TEXTS:
        table.set_bloom_filter(10, False)
        table.set_data_block_index_type(DataBlockIndexType.binary_and_hash())
    options = Options(raw_mode=True)
    options.set_block_based_table_factory(table)
    options.set_compression_per_level([DBCompressionType.lz4()] * _LEVELS)
    options.set_disable_auto_compactions(True)
    options.set_max_subcompactions(THREADS)
    options.set_target_file_size_base(64 * 2**20)
    if family not in (_DEFAULT, _TEXTS, _GRAPHS):
        options.set_prefix_extractor(SliceTransform.create_fixed_prefix(_NAME_BYTES))
    return options
