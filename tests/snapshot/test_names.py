"""Every name of a thing leads to it, in any spelling, and a name of several says which."""

from collections.abc import Callable

import pytest

from kg.claims.runs import RunOrigin, RunWriter
from kg.errors import InputError, UnknownId
from kg.model.claim import Claim, Said
from kg.model.vocabulary import load_vocabulary
from kg.snapshot.snapshot import Snapshot
from tests.conftest import Corner

CURATED = """
org/oak:
  label: {en: Oak, ko: 오크}
family/acorn-3:
  label: {en: Acorn 3, ko: 도토리 3}
model/acorn-3-8b:
  label: {en: Acorn 3 8B, ko: 도토리 3 8B}
  claims:
    developer: [{value: org/oak, from: gyebo}]
    hubId: [{value: Oak/Acorn-3-8B, from: gyebo}]
model/acorn-r:
  label: {en: Acorn R, ko: 도토리 R}
  claims:
    developer: [{value: org/oak, from: gyebo}]
model/acorn-r-plus:
  label: {en: Acorn R+, ko: 도토리 R+}
  claims:
    developer: [{value: org/oak, from: gyebo}]
family/acorn-v1:
  label: {en: Acorn V1}
model/acorn-v1:
  label: {en: Acorn V1}
  claims:
    inFamily: [{value: family/acorn-v1, from: gyebo}]
"""
RUN = [
    ("model/acorn-3-8b", "modelScopeId", "forest/Acorn-3-8B-mirror"),
    ("model/acorn-3-8b", "apiName", "acorn-3-8b-2025-03-04"),
    ("model/hf/elm/Acorn-3-8B", "label", "Acorn-3-8B"),
    ("model/hf/Oak/Acorn-3-8B-Instruct", "label", "Acorn-3-8B-Instruct"),
    ("model/hf/elm/twig-1b", "label", "twig-1b"),
    ("model/hf/fir/twig-1b", "label", "twig-1b"),
    ("model/list/twig-opus-4.5", "label", "Twig Opus 4.5"),
]


def _build(corner: Corner) -> Snapshot:
    corner.write(CURATED)
    (corner.data / "glossary.yaml").write_text("- [instruct, 인스트럭트]\n", "utf-8")
    vocabulary = load_vocabulary()
    writer = RunWriter(corner.config.home / "runs", "list", vocabulary)
    for subject, property, value in RUN:
        writer.add(Claim(subject, property, Said(value=value, source="source/hub")))
    about = [
        Claim("source/hub", "label", Said(value="List", source="source/hub")),
        Claim("source/hub", "sourceType", Said(value="hub-card", source="source/hub")),
    ]
    writer.finish(about, "source/hub", "here", "2026-11-29", RunOrigin())
    return corner.build()


@pytest.fixture
def find(corner: Corner) -> Callable[[str], str]:
    return _build(corner).find


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("Oak/Acorn-3-8B", "model/acorn-3-8b"),
        ("oak/acorn-3-8b", "model/acorn-3-8b"),
        ("acorn3 8b", "model/acorn-3-8b"),
        ("ACORN-3 8b", "model/acorn-3-8b"),  # of three with this name the one that people described
        ("도토리3 8B", "model/acorn-3-8b"),
        ("오크/acorn 3 8b", "model/acorn-3-8b"),  # behind its maker
        ("model/hf/Oak/Acorn-3-8B", "model/acorn-3-8b"),
        ("https://huggingface.co/Oak/Acorn-3-8B", "model/acorn-3-8b"),
        ("https://www.modelscope.cn/models/forest/Acorn-3-8B-mirror", "model/acorn-3-8b"),
        ("forest/acorn-3-8b-mirror", "model/acorn-3-8b"),
        ("acorn-3-8b-2025-03-04", "model/acorn-3-8b"),
        ("elm/Acorn-3-8B", "model/hf/elm/Acorn-3-8B"),  # a copy goes by its path
        ("도토리3 8B 인스트럭트", "model/hf/Oak/Acorn-3-8B-Instruct"),
        ("Acorn R", "model/acorn-r"),
        ("acorn r+", "model/acorn-r-plus"),
        ("도토리 R+", "model/acorn-r-plus"),
        ("twig-opus-4-5", "model/list/twig-opus-4.5"),
        ("acorn-v1", "model/acorn-v1"),  # not the family of that name
    ],
)
def test_a_name_leads_to_its_thing(corner: Corner, text: str, id: str) -> None:
    assert _build(corner).find(text) == id


def test_a_name_of_several_says_which(find: Callable[[str], str]) -> None:
    with pytest.raises(InputError, match=r"model/hf/elm/twig-1b.*model/hf/fir/twig-1b"):
        find("Twig 1B")


@pytest.mark.parametrize("text", ["Acorn 38B", "elm/Acorn R", "도토리3 80B"])
def test_what_is_no_name_leads_nowhere(find: Callable[[str], str], text: str) -> None:
    with pytest.raises(UnknownId):
        find(text)


def test_a_name_that_looks_like_no_id_leads_to_what_a_search_finds(
    find: Callable[[str], str],
) -> None:
    with pytest.raises(UnknownId) as caught:
        find("도토리3 8B 챗")
    assert "model/acorn-3-8b" in caught.value.near
