"""Make data/fingerprints/models.jsonl from the published fingerprints: `python -m tests.fingerprints.generate [FOLDER]`.

Only what config and tokenizer files tell is kept, one model a line, sorted; the same source gives the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from kg.ingest.fingerprints._published import PublishedModel
from kg.ingest.fingerprints._signals import Signals
from kg.ingest.fingerprints._tokenizer import HASH
from kg.paths import DATA
from tests.gendocs import ROOT

SOURCE = ROOT.parent / "shared" / "catalog-sources" / "model-provenance-kit"
WRITTEN = DATA / "fingerprints" / "models.jsonl"
_DATABASE = "src/provenancekit/data/database"
_NO_MERGES = hashlib.sha256(b"").hexdigest()  # of the hash of no merges
_CONFIG = {
    "kind": "model_type",
    "hidden": "hidden_size",
    "layers": "num_hidden_layers",
    "heads": "num_attention_heads",
    "kv_heads": "num_key_value_heads",
    "inner": "intermediate_size",
    "rows": "vocab_size",
    "context": "max_position_embeddings",
    "tied": "tie_word_embeddings",
}
_TOKENIZER = {
    "tokens": "vocab_size",
    "merges": "num_merges",
    "merges_hash": "merge_rule_hash",
    "token_length": "avg_token_length",
    "longest": "max_token_length",
    "single": "pct_single_char",
    "spaced": "pct_whitespace_prefix",
    "byted": "pct_byte_tokens",
}


def addresses(folder: Path) -> Mapping[tuple[str, str], str]:
    """The Hub id of each fingerprint, by family and asset."""
    found = {}
    for path in sorted((folder / _DATABASE / "catalog" / "by-family").glob("*.json")):
        shard = json.loads(path.read_text("utf-8"))
        for asset in shard["assets"]:
            hub = asset["source_uri"].removeprefix("https://huggingface.co/")
            found[shard["family"]["family_id"], asset["asset_id"]] = hub
    return found


def published(folder: Path) -> Iterator[PublishedModel]:
    """The fingerprints of a copy of the source."""
    names = addresses(folder)
    for path in (folder / _DATABASE / "features" / "base" / "by-family").glob("*/*.json"):
        bundle = json.loads(path.read_text("utf-8"))
        yield PublishedModel(names[bundle["family_id"], bundle["asset_id"]], _signals(bundle))


def _signals(bundle: Mapping[str, Any]) -> Signals:
    config, tokenizer = bundle["mfi"], bundle["tfv"]
    told = {name: config[field] or None for name, field in _CONFIG.items() if field != "tied"}
    told["tied"] = config["tie_word_embeddings"]
    rope = config["rope_scaling"] or {}
    base = config["rope_theta"] or rope.get("rope_theta")
    told["rope_base"] = float(base) if base else None
    told["rotary"] = (
        float(rope["partial_rotary_factor"]) if "partial_rotary_factor" in rope else None
    )
    told |= {name: tokenizer[field] for name, field in _TOKENIZER.items()}
    if told["merges_hash"] == _NO_MERGES:
        told |= {"merges": None, "merges_hash": None}
    else:
        told["merges_hash"] = told["merges_hash"][:HASH]
    return Signals(**told)


def text(folder: Path) -> bytes:
    """The file, as it is written."""
    models = sorted(published(folder), key=lambda one: (one.id.casefold(), one.id))
    return b"".join(msgspec.json.encode(one) + b"\n" for one in models)


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=SOURCE)
    WRITTEN.write_bytes(text(parser.parse_args().folder))


if __name__ == "__main__":
    main()
