"""Benchmark scores: data/evaluations/*.yaml, one published table a file, as claims.

A score is an entity of its own, keyed by table, benchmark, setting and model, so that two scores of
one model in two settings are both right. The format is described in data/README.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kg.files.yaml import Path_, Yaml, read_yaml
from kg.ingest.curated._strict import ClaimReader, load_validator, validate
from kg.messages.message import Message
from kg.model.claim import EDITORS, LABEL, Claim, Said, slug_of
from kg.model.vocabulary import Vocabulary


def read_evaluations(
    data: Path, vocabulary: Vocabulary, curated: Iterable[Claim]
) -> Iterator[Claim]:
    """Read every table of scores.

    Args:
        data: the folder that holds evaluations/ and evaluations.schema.json.
        vocabulary: kinds and properties.
        curated: the curated claims, whose entities the tables name.

    Raises:
        DataError: the first thing wrong, with file and line.
    """
    paths = sorted((data / "evaluations").glob("*.yaml"))
    if not paths:
        return
    schemas = {
        name: json.loads((data / name).read_text("utf-8"))
        for name in ("curated.schema.json", "evaluations.schema.json")
    }
    validator = load_validator(schemas["evaluations.schema.json"], schemas)
    labels = _labels(curated)
    for path in paths:
        file = read_yaml(path, f"{data.name}/evaluations/{path.name}")
        validate(file, validator)
        yield from _Table(file, path.stem, labels, vocabulary).claims()


def _labels(claims: Iterable[Claim]) -> dict[str, dict[str, str]]:
    labels: dict[str, dict[str, str]] = {}
    for claim in claims:
        names = labels.setdefault(claim.subject, {})
        if claim.property == LABEL:
            names[claim.said.lang] = str(claim.said.value)
    return labels


class _Table:
    """Reads one table."""

    def __init__(
        self,
        file: Yaml,
        stem: str,
        labels: Mapping[str, Mapping[str, str]],
        vocabulary: Vocabulary,
    ) -> None:
        self._file, self._stem, self._labels = file, stem, labels
        self._reader = ClaimReader(file, vocabulary, labels)
        self._source = self._reader.defined(f"source/{file.data['from']}", ("from",))
        self._seen: set[str] = set()

    def claims(self) -> Iterator[Claim]:
        """The claims on every score of the table."""
        for i, row in enumerate(self._file.data["rows"]):
            for model in row["scores"]:
                yield from self._score(row, model, ("rows", i))

    def _score(self, row: Mapping[str, Any], model: str, path: Path_) -> Iterator[Claim]:
        id = self._id(row, model, (*path, "scores", model))
        for lang in ("en", "ko"):
            text = " · ".join(
                filter(
                    None,
                    (
                        self._label(model, lang),
                        self._label(row["benchmark"], lang),
                        row.get("setting"),
                    ),
                )
            )
            said = Said(value=text, source=EDITORS, rank="preferred", reason="composed", lang=lang)
            yield Claim(id, LABEL, said)
        yield from self._table_claims(id, row, model, path)
        for name, items in (row.get("claims") or {}).items():
            prop = self._reader.property(id, name, (*path, "claims", name))
            for i, item in enumerate(items):
                yield Claim(id, name, self._reader.said(prop, item, (*path, "claims", name, i)))

    def _table_claims(
        self, id: str, row: Mapping[str, Any], model: str, path: Path_
    ) -> Iterator[Claim]:
        """What the table itself says of a score."""
        place = (*path, "scores", model)
        score = row["scores"][model]
        detail = dict(score) if isinstance(score, dict) else {"value": score}
        locator = str(detail.pop("at", row["at"]))
        origin = self._reader.origin(place)
        values = {
            "evaluatedModel": self._reader.defined(model, place),
            "onBenchmark": self._reader.defined(row["benchmark"], (*path, "benchmark")),
            "metric": row.get("metric"),
            "setting": row.get("setting"),
            "scoreUnit": row["unit"],
            "publishedTable": self._file.data["label"]["en"],
        }
        for name, value in values.items():
            if value is not None:
                yield Claim(
                    id, name, Said(value=value, source=self._source, locator=locator, origin=origin)
                )
        note = detail.pop("note", None) or row.get("note", "")
        said = Said(source=self._source, locator=locator, note=note, origin=origin, **detail)
        yield Claim(id, "score", said)

    def _id(self, row: Mapping[str, Any], model: str, path: Path_) -> str:
        setting = _slug(row.get("setting", ""))
        test = slug_of(row["benchmark"]) + (f"-{setting}" if setting else "")
        id = f"evaluation/{self._stem}/{test}/{slug_of(model)}"
        if id in self._seen:
            raise self._reader.error(Message("the table holds this score twice"), path)
        self._seen.add(id)
        return id

    def _label(self, id: str, lang: str) -> str:
        names = self._labels.get(id, {})
        return names.get(lang) or names.get("en") or slug_of(id)


def _slug(text: str) -> str:
    """A setting as part of an id.

    >>> _slug("0-shot, CoT")
    '0-shot-cot'
    """
    return re.sub(r"[^\w]+", "-", text.lower()).strip("-")
