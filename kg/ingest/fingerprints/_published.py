"""The published fingerprints of data/fingerprints, which of those models share weights, and the rule that compares."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from kg.errors import DataError
from kg.files.yaml import read_yaml
from kg.ingest.fingerprints._signals import Signals
from kg.messages.message import Message


class PublishedModel(msgspec.Struct, frozen=True):
    """The fingerprint of one model."""

    id: str  # on the Hub
    signals: Signals


class MeasuredRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `make eval-fingerprints` found with each model left out."""

    said: int  # models that look like another
    right: int  # of these, the ones that share weights with one that is named
    related: int  # models that share weights with another

    @property
    def precision(self) -> float:
        """The share of what was said that is right."""
        return self.right / self.said if self.said else 1.0


class ResemblanceRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How signals are weighed; rule.yaml says what each field means."""

    shape: Mapping[str, int]  # signal -> points
    signals: Mapping[str, int]
    needed: frozenset[str]
    near: Mapping[str, float]
    threshold: int
    margin: int
    precise_from: float
    measured: MeasuredRule

    @property
    def most(self) -> int:
        """The points of a model whose signals are all known and agree."""
        return sum(self.shape.values()) + sum(self.signals.values())


class Fingerprints(msgspec.Struct, frozen=True, kw_only=True):
    """Published models to compare with.

    Args:
        models: their fingerprints.
        lines: the model that each shares weights with and that came first; those without one are in no line.
        order: the place of each model in its line.
        rule: how they are compared.
    """

    models: tuple[PublishedModel, ...]
    lines: Mapping[str, str]
    order: Mapping[str, int]
    rule: ResemblanceRule

    def line(self, id: str) -> str:
        """The first model of the line of a model, which is itself if no other shares its weights."""
        return self.lines.get(id, id)


@cache
def read_fingerprints(data: Path) -> Fingerprints | None:
    """Read the fingerprints of a data folder; None if it has none.

    Args:
        data: the data folder.

    Raises:
        DataError: a file is wrong, or a line names a model that has no fingerprint.
    """
    folder = data / "fingerprints"
    if not folder.is_dir():
        return None
    models = tuple(_models(folder / "models.jsonl"))
    lines, order = _lines(folder / "lines.yaml", frozenset(one.id for one in models))
    return Fingerprints(models=models, lines=lines, order=order, rule=_rule(folder / "rule.yaml"))


def _models(path: Path) -> list[PublishedModel]:
    try:
        return msgspec.json.Decoder(PublishedModel).decode_lines(path.read_bytes())
    except msgspec.MsgspecError as error:
        raise DataError(Message("%(error)s", error=error), _name(path)) from error


def _lines(path: Path, known: frozenset[str]) -> tuple[dict[str, str], dict[str, int]]:
    file = read_yaml(path, _name(path))
    lines: dict[str, str] = {}
    order: dict[str, int] = {}
    for first, others in file.data.items():
        for place, id in enumerate((first, *others)):
            if id not in known:
                message = Message("there is no fingerprint of %(id)s", id=id)
                raise DataError(message, file.name, file.line((first, id) if place else (first,)))
            lines[id], order[id] = first, place
    return lines, order


def _rule(path: Path) -> ResemblanceRule:
    file = read_yaml(path, _name(path))
    try:
        rule = msgspec.convert(file.data, ResemblanceRule)
    except msgspec.ValidationError as error:
        raise DataError(Message("%(error)s", error=error), file.name, 1) from error
    told = rule.measured
    if told.precision < rule.precise_from:
        message = Message(
            "%(name)s was right in %(right)s of %(checked)s: too few for a rule",
            name="threshold",
            right=told.right,
            checked=told.said,
        )
        raise DataError(message, file.name, file.line(("threshold",)))
    return rule


def _name(path: Path) -> str:
    return f"data/fingerprints/{path.name}"
