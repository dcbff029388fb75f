"""Every name of a thing leads to it, in any spelling, and a name of several says which."""

from collections.abc import Callable

import pytest

from kg.claims.run_writing import RunWriter
from kg.claims.runs import RunOrigin
from kg.errors import InputError, UnknownId
from kg.model.claim import Claim, Said
from kg.model.vocabulary import load_vocabulary
from kg.snapshot._near import BLOCK
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
        ("https://huggingface.co/oak/Acorn-3-8B/tree/main?x=1", "model/acorn-3-8b"),
        ("http://www.huggingface.co/Oak/Acorn-3-8B/", "model/acorn-3-8b"),
        ("https://huggingface.co/Oak/Acorn-3-8B/blob/main/README.md#use", "model/acorn-3-8b"),
        ("https://huggingface.co/Oak/Acorn-3-8B.git", "model/acorn-3-8b"),
        ("hf.co/Oak/Acorn-3-8B:Q4_K_M", "model/acorn-3-8b"),
        ("hf://Oak/Acorn-3-8B@main", "model/acorn-3-8b"),
        ("pkg:huggingface/Oak/Acorn-3-8B@0a1b2c", "model/acorn-3-8b"),
        ("pkg:huggingface/oak/acorn-3-8b", "model/acorn-3-8b"),  # of the Hub in another case
        ("pkg:huggingface/elm/Acorn-3-8B", "model/hf/elm/Acorn-3-8B"),
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


def test_a_package_url_names_nothing_else(find: Callable[[str], str]) -> None:
    with pytest.raises(UnknownId, match="no entity has the id 'oak/nothing'"):
        find("pkg:huggingface/oak/nothing")
    with pytest.raises(UnknownId):  # a model is no data set
        find("pkg:huggingface/datasets/Oak/Acorn-3-8B")
    with pytest.raises(InputError, match="names no model"):
        find("pkg:pypi/acorn-3-8b")


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


MANY = 3 * BLOCK


@pytest.fixture
def many(corner: Corner) -> Snapshot:
    """As many models as fill several blocks of lines."""
    vocabulary = load_vocabulary()
    writer = RunWriter(corner.config.home / "runs", "list", vocabulary)
    for number in range(MANY):
        said = Said(value=f"Tree {number}", source="source/list")
        writer.add(Claim(f"model/Tree-{number:05}-base", "label", said))
    about = [Claim("source/list", "label", Said(value="List", source="source/list"))]
    writer.finish(about, "source/list", "here", "2026-11-29")
    return corner.build()


def test_near_ids_are_found_wherever_they_stand(many: Snapshot) -> None:
    """At the first and last line of a block, in its middle, in another case, without a kind."""
    for number in (0, 1, BLOCK // 2, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, MANY - 1):
        id = f"model/Tree-{number:05}-base"
        for text in (f"{id}x", id.removesuffix("e"), f"Tree-{number:05}-BASEx"):
            assert many.near(text)[0] == id, text
    assert len(many.near("model/Tree-00000", 3)) == 3
    assert many.near("model/Tree-04000-basex")[0] == "model/Tree-04000-base"


@pytest.mark.parametrize(
    "text", ["", "/", "model/", "zzz", "\ud800", "x" * 100_000, "model/" * 999]
)
def test_any_text_has_its_near_ids(snapshot: Snapshot, text: str) -> None:
    assert all(snapshot.lines.find(id) is not None for id in snapshot.near(text))


def test_what_names_nothing_is_told_without_looking_for_near_ones(
    find: Callable[[str], str], corner: Corner, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = corner.opened[-1]
    monkeypatch.setattr(Snapshot, "near", None)
    assert snapshot.identify("no such thing") is None
    assert snapshot.identify("acorn3 8b") == "model/acorn-3-8b"
    with pytest.raises(InputError):
        snapshot.identify("Twig 1B")
