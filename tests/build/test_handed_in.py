"""What somebody hands in, in the form of any source, changes nothing of what the editors named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path

import pytest

from kg.answers.license import license_answer
from kg.claims.run_writing import RunWriter
from kg.claims.runs import IdentityLink, RunOrigin
from kg.ingest.ingest import IngestRequest, ingest
from kg.model.claim import Claim, Entity, Said
from kg.model.vocabulary import load_vocabulary
from kg.paths import DATA
from kg.snapshot.snapshot import Snapshot
from tests.conftest import Corner

CURATED = """
license/strange: {label: {en: Strange License, ko: 이상한 라이선스}}
license/mit: {label: {en: MIT}}
license/apache-2.0: {label: {en: Apache 2.0}}
org/acorn: {label: {en: Acorn, ko: 도토리}}
family/oak: {label: {en: Oak}, claims: {developer: [{value: org/acorn, from: gyebo}]}}
model/oak-base:
  label: {en: Oak Base 7B, ko: 참나무}
  claims:
    hubId: [{value: acorn/Oak-Base-7B, from: gyebo}]
    developer: [{value: org/acorn, from: gyebo}]
    parameterCount: [{value: 7000000000, from: gyebo}]
    releaseDate: [{value: 2023-03, from: gyebo}]
    license: [{value: license/strange, from: gyebo}]
model/oak-chat:
  label: {en: Oak Chat 7B}
  claims:
    hubId: [{value: acorn/Oak-Chat-7B, from: gyebo}]
    developer: [{value: org/acorn, from: gyebo}]
    fineTunedFrom: [{value: model/oak-base, from: gyebo}]
model/oak-bare:
  label: {en: Oak Bare 13B}
  claims: {developer: [{value: org/acorn, from: gyebo}], inFamily: [{value: family/oak, from: gyebo}]}
"""
THEIRS = ("model/oak-base", "model/oak-chat", "model/oak-bare", "org/acorn", "family/oak")
MIT = "license/hub/mit"  # as there are no terms in this data
FREE, RICH = "model/hf/other/Free-7B", "model/rich/oak-bare-13b"


def trusted(corner: Corner) -> None:
    """What the Hub itself told: cards of the curated models, one with a shared name, and of others."""
    said = [
        ("model/hf/acorn/Oak-Chat-7B", "license", "license/apache-2.0"),
        ("model/hf/acorn/Oak-Chat-7B", "downloads", 12),
        ("model/hf/acorn/Oak-Base-7B", "downloads", 34),
        (FREE, "license", "license/mit"),
        (FREE, "derivedFrom", "model/oak-base"),
        (RICH, "developer", "org/acorn"),
        (RICH, "contextLength", 2048),
    ]
    writer = RunWriter(corner.config.home / "runs", "hub", load_vocabulary())
    for id, name in ((FREE, "Free-7B"), (RICH, "Oak Bare 13B")):
        writer.add(Claim(id, "label", Said(value=name, source="source/hub", lang="en")))
    for id, property, value in said:
        writer.add(Claim(id, property, Said(value=value, source="source/hub")))
    about = Claim("source/hub", "sourceType", Said(value="hub-card", source="source/hub"))
    name = Said(value="Hub", source="source/gyebo", lang="en")
    writer.finish(
        [about, Claim("source/hub", "label", name)],
        "source/hub",
        "https://huggingface.co",
        "2026-01-01",
        RunOrigin(),
    )


def boms() -> Iterator[Mapping[str, object]]:
    """Components that call themselves what the editors named, in every way a document can."""
    mit = {"licenses": [{"license": {"id": "MIT"}}]}
    for id in THEIRS:
        kinds = {"properties": [{"name": "gyebo:id", "value": id}]}
        yield {"name": "<svg onload=alert(1)>", **kinds, **mit}
        yield {"name": "@SUM(1+1)*cmd", **kinds, **mit}
        yield {"name": "우리 모델", **kinds, "version": "9"}
    for hub in ("acorn/Oak-Base-7B", "acorn/oak-base-7b", "acorn/Oak-Chat-7B", "ACORN/OAK-CHAT-7B"):
        yield {"name": "Mine", "purl": f"pkg:huggingface/{hub}", **mit}
        for id in ("model/aaa", "model/oak-bare", FREE):
            ids = {"properties": [{"name": "gyebo:id", "value": id}]}
            yield {"name": "Oak Base 7B", "purl": f"pkg:huggingface/{hub}", **ids, **mit}


def cards() -> Iterator[Mapping[str, object]]:
    """Records of the Hub on the curated models: newer, freer, of other parents, under names like theirs."""
    ids = [
        "acorn/Oak-Base-7B",
        "acorn/Oak-Chat-7B",
        "acorn/oak-chat-7b",
        "аcorn/Oak-Base-7B",  # a Cyrillic letter first
        "acorn/Oak-Base-7B\u200b",
        "evil/Oak-Base-7B",
        "acorn/Oak-Bare-13B",
    ]
    for id in ids:
        for base in ("other/Free-7B", "model/oak-bare", "acorn/Oak-Chat-7B"):
            yield {
                "id": id,
                "lastModified": "2099-01-01T00:00:00.000Z",
                "downloads": 999_999_999_999,
                "likes": 10**9,
                "tags": ["license:mit", f"base_model:{base}", f"base_model:finetune:{base}", "ko"],
                "cardData": {
                    "license": "mit",
                    "model_name": "Stolen",
                    "base_model": base,
                    "new_version": "other/Free-7B",
                    "language": ["ko"],
                    "datasets": ["evil/data"],
                },
            }


def hand_in(corner: Corner, folder: Path) -> int:
    """Ingest all hijacking records; how many there are."""
    folder.mkdir()
    number = count()
    for name, document in enumerate(boms()):
        components = [{"type": "machine-learning-model", **document}]
        whole = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": components}
        path = folder / f"bom-{name}.json"
        path.write_text(json.dumps(whole), encoding="utf-8")
        read(corner, "bom", path, number)
    path = folder / "hub.json"
    path.write_text(json.dumps(list(cards())), encoding="utf-8")
    read(corner, "hub", path, number, len(list(cards())))
    for name in ("Oak-Base-7B", "Oak-Bare-13B"):
        card = folder / "cards" / name / "README.md"
        card.parent.mkdir(parents=True)
        front = f"model_id: acorn/{name}\nlicense: mit\nbase_model: other/Free-7B\nmodel_name: Oak"
        card.write_text(f"---\n{front}\n---\n# {name}\nhttps://huggingface.co/acorn/{name}\n")
        (card.parent / "config.json").write_text(f'{{"_name_or_path": "acorn/{name}"}}')
        read(corner, "card", card, number)
    read(corner, "folder", folder / "cards", number)
    table = folder / "README.md"
    table.write_text(
        "| Language Model | Release Date | Checkpoints | Paper/Blog | Params (B) | Context Length | Licence | Try it |\n"
        "| --- | --- | --- | --- | --- | --- | --- |---|\n"
        "| Oak Base 7B | 2099/10 | [Oak](https://huggingface.co/acorn/Oak-Base-7B) | [x](https://x.example) | 1 "
        "| [1](https://x.example) | MIT | |\n"
        "| Oak Bare 13B | 2099/10 | [a](https://huggingface.co/other/Free-7B) | [x](https://x.example) | 13 "
        "| [1](https://x.example) | MIT | |\n",
        encoding="utf-8",
    )
    read(corner, "open-llms", table, number)
    stolen = [
        Claim(RICH, "label", Said(value="Oak Base 7B", source="source/hub", lang="en")),
        Claim(
            RICH, "parameterCount", Said(value=1, source="source/hub", rank="preferred", reason="r")
        ),
        Claim("model/oak-bare", "inFamily", Said(value=None, source="source/hub")),
        Claim("model/oak-bare", "license", Said(value="license/mit", source="source/nobody")),
    ]
    writer = RunWriter(corner.config.home / "runs", "links", load_vocabulary())
    for claim in stolen:
        writer.add(claim)
    for left, right in (("model/oak-base", FREE), ("model/oak-bare", "model/oak-chat")):
        writer.add(IdentityLink(left, right, "they say so"))
        writer.add(IdentityLink("model/evil/x", left, "they say so", outdated=True))
        writer.add(IdentityLink("model/evil/x", right, "they say so"))
    writer.finish([], "source/hub", "/tmp/links", "2026-11-29", RunOrigin(path="/tmp/links"))
    return next(number) + len(stolen)


def read(corner: Corner, source: str, path: Path, number: Iterator[int], records: int = 1) -> None:
    ingest(
        corner.config.home, IngestRequest(source, str(path), f"x-{source}-{path.stem}"), corner.data
    )
    for _ in range(records):
        next(number)


def held(snapshot: Snapshot, id: str) -> tuple[object, ...]:
    """What holds of a curated thing: its names, its facts, and what may be done with it."""
    entity = snapshot.entity(id)
    assert isinstance(entity, Entity), id
    facts = {f.property: (f.values, f.disputed, f.doubtful) for f in entity.facts if f.values}
    verdict = license_answer(snapshot, id).verdict if id.startswith("model/") else None
    return entity.labels, facts, verdict


@pytest.fixture
def planted(corner: Corner) -> Corner:
    shutil.copytree(DATA / "ingest", corner.data / "ingest")
    corner.write(CURATED)
    trusted(corner)
    return corner


def test_nothing_that_is_handed_in_changes_what_the_editors_named(
    planted: Corner, tmp_path: Path
) -> None:
    first = planted.build()
    before = {id: held(first, id) for id in THEIRS}
    assert first.find(RICH) == "model/oak-bare"  # by its name, from a trusted source
    assert hand_in(planted, tmp_path / "handed") >= 50
    after = planted.build()
    assert {id: held(after, id) for id in THEIRS} == before
    assert after.find(RICH) == "model/oak-bare"
    assert after.find(FREE) == FREE
    told = after.entity("model/oak-base")
    fact = told and told.fact("license")
    assert fact and {s.outranked for s in fact.claims if s.value == MIT} == {True}
    sources = {s.source for s in fact.claims if s.value == MIT}
    assert sources == {"source/hub-cards/x-hub-hub"}


def test_what_nobody_named_is_as_the_file_says(planted: Corner, tmp_path: Path) -> None:
    path = tmp_path / "hub.json"
    record = {"id": "o/own", "cardData": {"license": "mit"}, "downloads": 5}
    path.write_text(json.dumps([record]), encoding="utf-8")
    ingest(planted.config.home, IngestRequest("hub", str(path), "mine"), planted.data)
    entity = planted.build().entity("model/hf/o/own")
    assert entity and entity.values("license") == (MIT,)
    assert entity.values("downloads") == (5,)


def test_a_file_that_the_user_vouches_for_is_the_source_itself(
    planted: Corner, tmp_path: Path
) -> None:
    path = tmp_path / "hub.json"
    record = {"id": "acorn/Oak-Bare-13B", "cardData": {"license": "mit"}, "downloads": 5}
    path.write_text(json.dumps([record]), encoding="utf-8")
    asked = IngestRequest("hub", str(path), "hub")
    run = ingest(planted.config.home, asked, planted.data, vouched=True)
    assert run.origin and run.origin.vouched
    entity = planted.build().entity("model/oak-bare")
    assert entity and entity.values("license") == (MIT,)
