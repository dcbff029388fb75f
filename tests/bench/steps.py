"""The programs that are measured stage by stage, each in processes of its own.

python -m tests.bench.steps ingest HOME ROWS
python -m tests.bench.steps bare ROWS             only read
python -m tests.bench.steps build HOME DATA       DATA may be "shipped"
python -m tests.bench.steps load QUADS STORE      what pyoxigraph alone needs
python -m tests.bench.steps texts HOME TEXTS      its search documents, a line of JSON each
python -m tests.bench.steps index TEXTS FOLDER    what tantivy alone needs for the same texts
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from tests.bench.measure import mark


def ingest_rows(home: str, rows: str) -> None:
    """Read the Hub's rows into a claim run."""
    mark("imports")
    from kg.ingest.ingest import IngestRequest, ingest
    from kg.work.workers import count_processes

    ingest(Path(home), IngestRequest("hub", rows), processes=count_processes(0))


def build_home(home: str, data: str) -> None:
    """Build and publish."""
    mark("imports")
    from kg.build.build import build
    from kg.config import load_config
    from kg.paths import DATA

    begun: set[str] = set()

    def told(stage: str, done: int, total: int) -> None:
        if stage not in begun:
            begun.add(stage)
            mark(stage)

    build(load_config(home=Path(home)), DATA if data == "shipped" else Path(data), stage=told)


def load_quads(quads: str, store: str) -> None:
    """Load into Oxigraph's store and let it optimize itself."""
    import pyoxigraph as ox

    mark("load")
    opened = ox.Store(store)
    opened.bulk_load(path=quads, format=ox.RdfFormat.N_QUADS)
    opened.optimize()


def index_texts(texts: str, folder: str) -> None:
    """Index search documents, each a line of JSON, with tantivy's own tokenizer."""
    from tests.bench.documents import read_texts, write_raw

    mark("decode")  # once by itself, so that it can be taken off
    for _ in read_texts(Path(texts)):
        pass
    mark("index")
    write_raw(read_texts(Path(texts)), Path(folder))


def write_documents(home: str, texts: str) -> None:
    """Write the search documents of a home into a file."""
    from tests.bench.documents import write_texts

    mark("texts")
    write_texts(Path(home), Path(texts))


def read_bare(rows: str) -> None:
    """Read a file of rows, and do nothing with them."""
    mark("bare")
    if rows.endswith(".jsonl"):
        import msgspec

        with Path(rows).open("rb") as lines:
            for line in lines:
                msgspec.json.decode(line)
        return
    import pyarrow.parquet as pq

    for batch in pq.ParquetFile(rows, pre_buffer=False).iter_batches(1000, use_threads=False):
        batch.to_pylist()


STEPS = {
    "bare": read_bare,
    "texts": write_documents,
    "ingest": ingest_rows,
    "build": build_home,
    "load": load_quads,
    "index": index_texts,
}

if __name__ == "__main__":
    STEPS[sys.argv[1]](*sys.argv[2:])
    time.sleep(0.02)  # a clock of the system has ticks of 10 ms
    mark("end")
