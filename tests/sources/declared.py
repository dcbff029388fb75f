"""The parents that records of Hub family trees declare, read without Gyebo, and where each one went."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from kg.claims.claim_files import read_claims
from kg.model.issues import Issue
from kg.model.vocabulary import load_vocabulary

Declared = dict[str, set[str]]  # model -> what it names as its parents, as written


class Kept(NamedTuple):
    """Where the declared pairs went."""

    claims: list[tuple[str, str]]
    issues: list[tuple[str, str]]
    lost: list[tuple[str, str]]


def declared_parents(folder: Path) -> Declared:
    """What the records of a folder declare: in tags and in the card."""
    found: Declared = {}
    for path in sorted(folder.glob("*.json.gz")):
        for model in json.loads(gzip.decompress(path.read_bytes()))["models"]:
            if parents := set(_of(model)):
                found.setdefault(model["model_id"], set()).update(parents)
    return found


def _of(model: dict[str, Any]) -> Iterator[str]:
    metadata = (
        json.loads(model["metadata"]) if isinstance(model["metadata"], str) else model["metadata"]
    )
    for tag in (metadata or {}).get("tags") or []:
        if tag.startswith("base_model:"):
            yield tag.rsplit(":", 1)[1]
    card = (metadata or {}).get("card_data") or ""
    try:
        data = yaml.load(card, yaml.CSafeLoader) if isinstance(card, str) else card
    except yaml.YAMLError:
        return
    named = data.get("base_model") if isinstance(data, dict) else None
    for parent in named if isinstance(named, list) else [named]:
        if isinstance(parent, str) and parent.strip():
            yield parent.strip()


def kept_parents(declared: Declared, run: Path) -> Kept:
    """Look each declared pair up in a run: as an edge, else as an issue of the same model."""
    edges = load_vocabulary().edges("weights", "distillation", "data")
    claimed: set[tuple[str, str]] = set()
    for claim in read_claims(run / "claims.jsonl"):
        if claim.property in edges:
            claimed.add((claim.subject.casefold(), str(claim.said.value).casefold()))
    issued: dict[str, list[Issue]] = {}
    for line in (run / "issues.jsonl").read_bytes().splitlines():
        issue = Issue(**json.loads(line))
        issued.setdefault(issue.subject.casefold(), []).append(issue)
    kept = Kept([], [], [])
    for model, parents in declared.items():
        subject = f"model/hf/{model}".casefold()
        for parent in sorted(parents):
            hub = parent.casefold().removeprefix("https://huggingface.co/")
            if (subject, f"model/hf/{hub}") in claimed:
                kept.claims.append((model, parent))
            elif any("parent" in i.rule or "base" in i.property for i in issued.get(subject, [])):
                kept.issues.append((model, parent))
            else:
                kept.lost.append((model, parent))
    return kept
