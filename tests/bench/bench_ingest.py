"""How fast the Hub's records are read beside bare reading of the same file, and the peak memory.

    python -m tests.bench.bench_ingest [ROWS]      default 200000

Made-up rows in the shape of the data set hub-stats (shares after published figures: 28 % with a parent,
23 % with safetensors), as Parquet and as JSON lines. Each reading runs in a process of its own.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

_GROUP = 50_000  # rows of a row group
_RELATIONS = ["adapter"] * 43 + ["finetune"] * 36 + ["quantized"] * 19 + ["merge"] * 2
_LICENSES = ["apache-2.0", "mit", "llama3.1", "gemma", "other", "cc-by-nc-4.0"]

_BARE = {
    "parquet": """
import sys, pyarrow.parquet as pq
for batch in pq.ParquetFile(sys.argv[1], pre_buffer=False).iter_batches(1000, use_threads=False):
    batch.to_pylist()
""",
    "jsonl": """
import sys, msgspec
for line in open(sys.argv[1], "rb"):
    msgspec.json.decode(line)
""",
}
_INGEST = """
import sys
from pathlib import Path
from kg.ingest import Asked, ingest
ingest(Path(sys.argv[2]), Asked("hub", sys.argv[1]))
"""
_MEASURED = """
import time
spent = time.process_time()
from kg.sparql._memory import peak_memory
print(spent, peak_memory())
"""


def rows(size: int, seed: int = 7) -> Iterator[dict[str, Any]]:
    """Made-up rows.

    Args:
        size: how many.
        seed: same seed, same rows.
    """
    rng = random.Random(seed)
    for i in range(size):
        id = f"org{rng.randrange(max(1, size // 8)):06d}/model-{i}"
        license, parents = rng.choice(_LICENSES), _parents(rng, i)
        relation = rng.choice(_RELATIONS)
        tags = ["transformers", "safetensors", "en", f"license:{license}", "region:us"]
        tags += [f"base_model:{relation}:{p['id']}" for p in parents]
        card = {
            "license": license,
            "language": ["en", "ko"],
            "datasets": [f"data/set{i % 999}"],
            "base_model": [p["id"] for p in parents],
        }
        total = rng.choice([135_000_000, 7_241_732_096]) if rng.random() < 0.23 else None
        yield {
            "_id": f"{i:024x}",
            "id": id,
            "author": id.partition("/")[0],
            "pipeline_tag": "text-generation",
            "library_name": "transformers",
            "createdAt": "2024-05-01T00:00:00.000Z",
            "lastModified": "2024-06-01T00:00:00.000Z",
            "downloads": rng.randrange(10**5),
            "likes": rng.randrange(99),
            "downloadsAllTime": rng.randrange(10**6),
            "tags": tags,
            "gated": "False",
            "baseModels": {"relation": relation, "models": parents} if parents else None,
            "safetensors": {"parameters": {"BF16": total}, "total": total} if total else None,
            "cardData": json.dumps(card),
        }


def _parents(rng: random.Random, i: int) -> list[dict[str, str]]:
    if i == 0 or rng.random() > 0.28:
        return []
    found = [rng.randrange(i) for _ in range(3 if rng.random() < 0.03 else 1)]
    return [{"_id": f"{p:024x}", "id": f"base{p % 1000:03d}/model-{p}"} for p in found]


def write(folder: Path, size: int) -> dict[str, Path]:
    """Write the rows as Parquet and as JSON lines, some at a time."""
    paths = {kind: folder / f"rows.{kind}" for kind in _BARE}
    writer: pq.ParquetWriter | None = None
    group: list[dict[str, Any]] = []
    with paths["jsonl"].open("w", encoding="utf-8") as lines:
        for i, row in enumerate(rows(size), 1):
            group.append(row)
            lines.write(json.dumps(row) + "\n")
            if len(group) == _GROUP or i == size:
                table = pa.Table.from_pylist(group, schema=writer.schema if writer else None)
                writer = writer or pq.ParquetWriter(paths["parquet"], table.schema)
                writer.write_table(table)
                group.clear()
    if writer:
        writer.close()
    return paths


def measured(code: str, *arguments: str) -> tuple[float, float]:
    """CPU seconds and peak megabytes of a program in a process of its own."""
    command = [sys.executable, "-c", code + _MEASURED, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, megabytes = map(float, done.stdout.split()[-2:])
    return seconds, megabytes


def main(size: int) -> None:
    """Print one line a format."""
    with tempfile.TemporaryDirectory(prefix="gyebo-bench-") as name:
        paths = write(Path(name), size)
        for kind, path in paths.items():
            bare, least = measured(_BARE[kind], str(path))
            seconds, peak = measured(_INGEST, str(path), str(Path(name) / kind))
            print(
                f"{kind}: {size:,} rows, {path.stat().st_size >> 20} MB; {size / seconds:,.0f} rows/s of CPU, "
                f"{seconds / bare:.1f} times bare reading; peak {peak:.0f} MB (bare {least:.0f} MB)",
                flush=True,
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
