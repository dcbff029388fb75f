"""Made-up rows in the shape of the Hub's data set hub-stats, with the families of tests/bench/synth.py.

Names, parents and relations are drawn as there (shares after published figures); a quarter of the models tell
their size. Written as Parquet, which is what the Hub publishes, or as JSON lines.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench import synth

_GROUP = 50_000  # rows of a row group
_HUB = {
    "adapterOf": "adapter",
    "fineTunedFrom": "finetune",
    "quantizedFrom": "quantized",
    "mergedFrom": "merge",
}
_LICENSES = ["apache-2.0"] * 9 + ["mit"] * 4 + ["llama3.1", "gemma", "other", "cc-by-nc-4.0"]


def rows(size: int, seed: int = 7) -> Iterator[dict[str, Any]]:
    """Made-up rows.

    Args:
        size: how many.
        seed: same seed, same rows.
    """
    rng = random.Random(seed)
    for i, name, relation, parents in synth.shapes(size, seed):
        license = rng.choice(_LICENSES)
        tongue = ["ko"] if rng.random() < 0.2 else ["en"]
        kind = _HUB[relation]
        tags = ["transformers", "safetensors", *tongue, f"license:{license}", "region:us"]
        tags += [f"base_model:{kind}:{parent}" for parent in parents]
        card = {
            "license": license,
            "language": tongue,
            "datasets": [f"data/set{i % 999}"],
            "base_model": parents,
        }
        total = int(rng.choice(synth.SIZES)) if rng.random() < 0.23 else None
        models = [{"_id": _key(parent, size), "id": parent} for parent in parents]
        day = f"{rng.randint(2022, 2026)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
        yield {
            "_id": _key(name, size),
            "id": name,
            "author": name.partition("/")[0],
            "pipeline_tag": rng.choice(["text-generation"] * 9 + ["feature-extraction"]),
            "library_name": "transformers",
            "createdAt": f"{day}T00:00:00.000Z",
            "lastModified": f"{day}T00:00:00.000Z",
            "downloads": rng.randrange(10**5),
            "likes": rng.randrange(99),
            "downloadsAllTime": rng.randrange(10**6),
            "tags": tags,
            "gated": "False",
            "baseModels": {"relation": kind, "models": models} if parents else None,
            "safetensors": {"parameters": {"BF16": total}, "total": total} if total else None,
            "cardData": json.dumps(card),
        }


def _key(name: str, size: int) -> str:
    """The Hub's key of a repository, which stays with it: its number, past the last for what is gone."""
    made, _, number = name.rpartition("-syn")
    return f"{int(number) if made else int(name.rpartition('-')[2]) + size:024x}"


def write(path: Path, size: int) -> None:
    """Write rows into a file, as Parquet or JSON lines by its name."""
    if path.suffix == ".jsonl":
        with path.open("w", encoding="utf-8") as lines:
            lines.writelines(json.dumps(row) + "\n" for row in rows(size))
        return
    import pyarrow as pa
    import pyarrow.parquet as pq

    writer: pq.ParquetWriter | None = None
    group: list[dict[str, Any]] = []
    for i, row in enumerate(rows(size), 1):
        group.append(row)
        if len(group) == _GROUP or i == size:
            made = pa.Table.from_pylist(group, schema=writer.schema if writer else None)
            writer = writer or pq.ParquetWriter(path, made.schema)
            writer.write_table(made)
            group.clear()
    if writer:
        writer.close()
