"""Copies stand behind their original, and a maker's own model before what others upload."""

import re
from collections.abc import Iterator
from contextlib import closing

import pytest
from click.testing import CliRunner

from kg.answers import search as search_answer
from kg.answers.contract import SearchAnswer
from kg.build.build import write_index
from kg.build.documents._copies import Copies
from kg.claims.accounts import read_accounts
from kg.cli.main import main
from kg.config import load_config
from kg.search._spelling import Counted
from kg.search.analyzer import Analyzer, Apart, Common, SearchDoc
from kg.search.index import SearchIndex
from kg.snapshot.snapshot import Snapshot
from tests.conftest import Corner, serving

ACCOUNTS = """\
makers: [acme]
reuploaders: {again: [mirrors, quantizes], packs: [quantizes]}
renamed: {}
"""
DUMP = [
    '{{"id": "acme/Nimbus-7B", "author": "acme", "downloads": 10, "tags": ["license:mit"]}}',
    '{{"id": "acme/Nimbus-7B-AWQ", "author": "acme", "tags": ["base_model:quantized:acme/Nimbus-7B"]}}',
    '{{"id": "packs/Nimbus-7B-GGUF", "author": "packs", "downloads": 900000, "tags": ["base_model:quantized:{mirror}"]}}',
    '{{"id": "packs/Nimbus-7B-4bit", "author": "packs", "tags": ["base_model:quantized:acme/Nimbus-7B"]}}',
    '{{"id": "again/Nimbus-7B", "author": "again", "downloads": 900000, "tags": ["license:apache-2.0"]}}',
    '{{"id": "fan/Nimbus-7B-Chat", "author": "fan", "tags": ["base_model:finetune:acme/Nimbus-7B"]}}',
    '{{"id": "packs/Lost-3B-GGUF", "author": "packs", "tags": ["base_model:quantized:gone/Lost-3B"]}}',
]


@pytest.fixture(scope="module", params=["whoosh", "tantivy"])
def hub(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Snapshot]:
    """A maker's model, its copies, an upload by somebody else, and a fine-tune."""
    folder = tmp_path_factory.mktemp("hub")
    corner = Corner(folder)
    (corner.data / "ingest").mkdir()
    (corner.data / "ingest" / "accounts.yaml").write_text(ACCOUNTS, encoding="utf-8")
    corner.write("".join(f"license/{id}:\n  label: {{en: {id}}}\n" for id in ("mit", "apache-2.0")))
    dump = folder / "hub.jsonl"
    dump.write_text("\n".join(line.format(mirror="packs/Nimbus-7B-4bit") for line in DUMP))
    home = ["--home", str(corner.config.home)]
    done = CliRunner().invoke(main, [*home, "ingest", "hub", str(dump)])
    assert done.exit_code == 0, done.output
    with closing(corner.build()) as snapshot:
        index = folder / request.param
        write_index(
            snapshot, index, {"양자화": "quantization"}, request.param, read_accounts(corner.data)
        )
        vars(snapshot)["index"] = SearchIndex(index)
        yield snapshot


def ids(answer: SearchAnswer) -> list[str]:
    return [hit.id.removeprefix("model/hf/") for hit in answer.hits if hit.kind == "model"]


def test_a_maker_comes_first_and_its_copies_stand_behind_it(hub: Snapshot) -> None:
    answer = search_answer.search(hub, "nimbus 7b")
    assert ids(answer) == ["acme/Nimbus-7B", "again/Nimbus-7B", "fan/Nimbus-7B-Chat"]
    assert answer.hits[0].copies == {"quantizedFrom": 3}  # one of them through another copy
    assert answer.total == len(answer.hits) and answer.hidden == 3


def test_the_link_of_copies_lists_as_many_as_were_counted(hub: Snapshot) -> None:
    first = search_answer.search(hub, "nimbus 7b").hits[0]
    for relation, number in first.copies.items():
        found = search_answer.search(hub, f"copy-of:{first.id}", chosen={"relation": [relation]})
        assert found.total == number == len(ids(found))
        assert found.hidden == 0
    assert search_answer.search(hub, "copy-of:Nimbus-7B").total == sum(first.copies.values())


def test_totals_and_facets_count_what_is_listed(hub: Snapshot) -> None:
    grouped = search_answer.search(hub, "nimbus", kinds=["model"])
    whole = search_answer.search(hub, "nimbus", kinds=["model"], group=False)
    assert grouped.total + grouped.hidden == whole.total == 6
    assert grouped.facets["license"] == {"license/mit": 1, "license/apache-2.0": 1}
    for relation, number in grouped.facets["relation"].items():  # copies as many as choosing lists
        chosen = search_answer.search(
            hub, "nimbus", kinds=["model"], chosen={"relation": [relation]}
        )
        assert chosen.total == number, relation
    assert grouped.facets["relation"] == {"quantizedFrom": 3, "fineTunedFrom": 1}


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Nimbus-7B-GGUF", "packs/Nimbus-7B-GGUF"),
        ("nimbus gguf", "packs/Nimbus-7B-GGUF"),
        ("packs/Nimbus-7B-4bit", "packs/Nimbus-7B-4bit"),
        ("nimbus awq", "acme/Nimbus-7B-AWQ"),
        ("again/Nimbus-7B", "again/Nimbus-7B"),
        ("again nimbus", "again/Nimbus-7B"),
    ],
)
def test_who_names_a_copy_gets_it_first(hub: Snapshot, text: str, first: str) -> None:
    assert ids(search_answer.search(hub, text))[0] == first


def test_the_word_for_quantizations_and_their_account_list_them(hub: Snapshot) -> None:
    named = {"packs/Nimbus-7B-GGUF", "packs/Nimbus-7B-4bit"}
    assert {*named, "acme/Nimbus-7B-AWQ"} <= set(ids(search_answer.search(hub, "nimbus 양자화")))
    assert named <= set(ids(search_answer.search(hub, "packs nimbus")))


def test_a_copy_of_what_is_not_there_is_a_hit(hub: Snapshot) -> None:
    assert ids(search_answer.search(hub, "lost 3b")) == ["packs/Lost-3B-GGUF"]


def test_where_copies_alone_have_what_is_asked_for_they_are_hits(hub: Snapshot) -> None:
    answer = search_answer.search(hub, "nimbus downloads:800000.. -again")
    assert ids(answer) == ["packs/Nimbus-7B-GGUF"] and answer.hidden == 0


def test_completion_puts_the_maker_first_and_copies_last(hub: Snapshot) -> None:
    models = [s.id.removeprefix("model/hf/") for s in search_answer.suggest(hub, "nimbus-7b")]
    assert models[:2] == ["acme/Nimbus-7B", "fan/Nimbus-7B-Chat"]
    assert models.index("fan/Nimbus-7B-Chat") < models.index("packs/Nimbus-7B-GGUF")
    [whole] = search_answer.suggest(hub, "packs/Nimbus-7B-G")
    assert whole.id == "model/hf/packs/Nimbus-7B-GGUF"


def test_a_circle_of_copies_has_one_original(corner: Corner) -> None:
    corner.write(
        "\n".join(
            f"model/{one}:\n  label: {{en: {one}}}\n  claims:\n    quantizedFrom:\n"
            f"      - {{value: model/{other}, from: gyebo}}"
            for one, other in (("a", "b"), ("b", "c"), ("c", "b"))
        )
    )
    snapshot = corner.build()
    copies = Copies(snapshot)
    number = snapshot.number
    originals = {id: copies.original(number(f"model/{id}")) for id in "abc"}
    assert originals == {"a": number("model/b"), "b": None, "c": number("model/b")}


def test_versions_and_sizes_do_not_tell_a_copy_apart() -> None:
    doc = SearchDoc(
        id="model/hf/packs/Nimbus-7B-2.1-GGUF",
        kind="model",
        text={"name": [("Nimbus-7B-2.1-GGUF",)]},
        apart=Apart(owners=["packs"], names=["Nimbus-7B-2.1-GGUF"], shared=["Nimbus"]),
    )
    apart = {t for t in Analyzer({}, Counted())(doc).filters.split() if t.startswith("apart=")}
    assert apart == {"apart=gguf", "apart=packs", "apart=nimbus7b2.1gguf"}


def test_what_many_say_alike_is_found_and_counted_as_what_one_says() -> None:
    license = {"license": [("license/mit", "MIT"), ("license/apache-2.0",)]}
    counted = {"license": ["license/mit", "license/apache-2.0"]}
    kind = {"kind": [("model",)]}
    alone = SearchDoc(
        id="model/a",
        kind="model",
        text={},
        filters=license | kind,
        facets=counted | {"kind": ["m"]},
    )
    common = SearchDoc(
        id="model/a",
        kind="model",
        text={},
        filters=kind,
        facets={"kind": ["m"]},
        common=Common(license, counted),
    )
    one, other = map(Analyzer({}, Counted()), (alone, common))
    assert one.values("license") == other.values("license") == counted["license"]
    assert set(one.filters.split()) == set(other.filters.split())
    assert "license=mit" in one.filters.split()
    assert (one.values("kind"), one.values("org")) == (["m"], [])


def test_a_path_is_a_whole_name_with_and_without_its_account() -> None:
    doc = SearchDoc(
        id="model/hf/Acme-AI/Cirrus-4-5",
        kind="model",
        text={"name": [("Cirrus 4.5", "구름 4.5")]},
        called=["Acme-AI/Cirrus-4-5", "one/two/Cirrus-V5"],
    )
    made = Analyzer({}, Counted())(doc)
    paths = {"acmeaicirrus4.5", "onetwocirrusv5", "cirrusv5"}
    assert set(made.exact.split()) == {"cirrus4.5", "구름4.5"} | paths
    assert "sized=no" in made.filters.split()


def test_the_page_and_the_command_line_say_how_many(hub: Snapshot) -> None:
    home = hub.folder.parent.parent
    with serving(load_config(home=home, page_cache_mb=0)) as app:
        page = app.test_client().get("/search?q=nimbus+7b").text
        korean = app.test_client().get("/search?q=nimbus+7b&lang=ko").text
        link = re.search(r'class="copies"><a href="([^"]+)">3 quantizations', page)
        assert link and "양자화 3개" in korean
        listed = app.test_client().get(link[1].replace("&amp;", "&")).text
        assert listed.count('<li class="hit">') == 3
        assert page.count('<li class="hit">') == 3
        assert (
            app.test_client().get("/search?q=nimbus+7b&all=1").text.count('<li class="hit">') == 6
        )
        assert app.test_client().get("/search.json?q=nimbus+7b&all=1").json["total"] == 6  # type: ignore[index]
    run = CliRunner()
    told = run.invoke(main, ["--home", str(home), "search", "nimbus", "7b", "--lang", "ko"]).output
    assert "양자화 3개" in told and "--ungrouped" in told
    told = run.invoke(main, ["--home", str(home), "search", "nimbus", "7b", "--ungrouped"]).output
    assert "6 of 6" in told


def test_filters_without_words_list_all_that_passes(hub: Snapshot) -> None:
    answer = search_answer.search(hub, "kind:model")
    assert answer.total == 7 and answer.hidden == 0
