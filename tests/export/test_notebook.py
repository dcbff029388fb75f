"""Answers show themselves in a notebook: escaped, in both languages, and without web/ as well."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

import kg
from kg.answers.contract import LicenseAnswer, SearchAnswer
from kg.answers.tree.answer import TreeAnswer
from kg.errors import InputError, NotInstalled
from kg.export import trees
from kg.snapshot.snapshot import Snapshot
from tests.conftest import Corner
from tests.gendocs import ROOT

HOSTILE = '<img src=x onerror="alert(1)">&amp;'
CORNER = f"""
org/oak: {{label: {{en: 'Oak {HOSTILE}'}}}}
family/acorn: {{label: {{en: 'Acorns {HOSTILE}'}}}}
license/odd: {{label: {{en: 'Odd {HOSTILE}'}}}}
model/acorn:
  label: {{en: 'Acorn {HOSTILE}'}}
  claims:
    developer: [{{value: org/oak, from: gyebo}}]
    inFamily: [{{value: family/acorn, from: gyebo}}]
    license: [{{value: license/odd, from: gyebo}}]
    url: [{{value: 'https://example.org/', from: gyebo}}]
"""


class _Elements(HTMLParser):
    """What elements a text of HTML has, and whether each is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def elements(html: str) -> set[str]:
    parser = _Elements()
    parser.feed(html)
    parser.close()
    assert not parser.open
    return parser.seen


@pytest.fixture
def hostile(corner: Corner) -> Snapshot:
    corner.write(CORNER)
    return corner.build()


def test_hostile_names_stay_text(hostile: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [
        kg.search(hostile, "acorn"),
        kg.search(hostile, "<script>alert(1)</script>"),
        kg.show(hostile, "model/acorn"),
        kg.license(hostile, "model/acorn"),
        kg.lineage(hostile, "model/acorn", direction="up"),
    ]
    monkeypatch.setattr(trees, "_draw", undrawn)
    answers += [kg.family_tree(hostile, "family/acorn"), kg.lineage(hostile, "family/acorn")]
    for answer in answers:
        html = answer._repr_html_()
        assert not elements(html) & {"img", "script", "svg"}, html
    assert sum("&lt;img" in answer._repr_html_() for answer in answers) >= 6


def undrawn() -> object:
    raise NotInstalled(trees.Message("pictures"), "png")


def test_pictures_are_drawn_where_web_is(snapshot: Snapshot) -> None:
    for answer in (kg.family_tree(snapshot, "koalpaca"), kg.lineage(snapshot, "koalpaca")):
        svg = answer._repr_svg_()  # type: ignore[attr-defined]
        assert ET.fromstring(svg).tag.endswith("svg") and "KoAlpaca" in svg
        assert answer._repr_html_() == svg  # type: ignore[attr-defined]
    small = kg.family_tree(snapshot, "llama", limit=5)
    large = kg.family_tree(snapshot, "llama", limit=40, lang="ko")
    assert len(small._repr_svg_()) < len(large._repr_svg_())  # type: ignore[attr-defined]
    assert "라마" in large._repr_html_()  # type: ignore[attr-defined]


def test_without_web_the_members_are_a_list(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trees, "_draw", undrawn)
    tree = kg.family_tree(snapshot, "koalpaca")
    assert tree._repr_svg_() is None  # type: ignore[attr-defined]
    html = tree._repr_html_()  # type: ignore[attr-defined]
    assert elements(html) == {"div", "ul", "li", "code"}
    assert html.count("<li>") == len(tree.nodes)


def test_what_was_left_out_is_not_drawn(snapshot: Snapshot) -> None:
    """A picture shows both directions and all kinds; an answer that has less is a table."""
    for answer in (
        kg.lineage(snapshot, "alpaca-7b", direction="up"),
        kg.lineage(snapshot, "alpaca-7b", where=kg.Where(depth=1)),
        kg.lineage(snapshot, "org/meta"),
    ):
        assert answer._repr_svg_() is None  # type: ignore[attr-defined]
        html = answer._repr_html_()  # type: ignore[attr-defined]
        assert "table" in elements(html) and html.count("<tr>") == len(answer.nodes) + 1


@pytest.mark.parametrize(("lang", "words"), [("en", "commercial use"), ("ko", "상업적 이용")])
def test_both_languages(snapshot: Snapshot, lang: str, words: str) -> None:
    answer = kg.license(snapshot, "llama-2-7b", lang=lang)
    html = answer._repr_html_()  # type: ignore[attr-defined]
    assert words in html and answer.sentence.split()[0] in html
    assert all(duty.text.split("&")[0] in html for duty in answer.checklist)
    shown = kg.show(snapshot, "koalpaca", lang)._repr_html_()  # type: ignore[attr-defined]
    assert ("출처" in shown) == (lang == "ko")
    found = kg.search(snapshot, "alpaca", lang=lang)._repr_html_()  # type: ignore[attr-defined]
    assert ("종류" in found) == (lang == "ko")


def test_a_dispute_is_shown(snapshot: Snapshot) -> None:
    disputed = next(
        entity.id
        for entity in snapshot.entities("model")
        if any(fact.disputed for fact in entity.facts)
    )
    assert "(disputed" in kg.show(snapshot, disputed)._repr_html_()  # type: ignore[attr-defined]


def test_a_view_is_the_plain_answer(snapshot: Snapshot) -> None:
    for answer, plain in (
        (kg.license(snapshot, "alpaca-7b"), LicenseAnswer),
        (kg.search(snapshot, "alpaca"), SearchAnswer),
        (kg.family_tree(snapshot, "alpaca"), TreeAnswer),
    ):
        fields = {name: getattr(answer, name) for name in plain.__struct_fields__}
        assert isinstance(answer, plain)
        assert kg.to_json(answer) == kg.to_json(plain(**fields))
        assert not hasattr(plain, "_repr_html_")


def test_a_copy_still_shows_itself(snapshot: Snapshot) -> None:
    """It has lost what it was asked with: the language is English, and a tree a list."""
    tree = kg.family_tree(snapshot, "koalpaca")
    for made in (pickle.loads(pickle.dumps(tree)), copy.copy(tree)):
        assert made.nodes == tree.nodes and elements(made._repr_html_())


COMPLETING = """
import json, kg
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell.instance()
shell.run_cell("import kg")
asked = ["kg.lineage_g", "kg.ids.fam", 'kg.ids["model/alpaca-7', 'kg.ids.family["koalp']
with provisionalcompleter():
    print(json.dumps([[c.text for c in shell.Completer.completions(t, len(t))] for t in asked]))
"""


def test_tab_completes_names_and_ids(
    snapshot_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GYEBO_HOME", str(snapshot_home))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    done = subprocess.run(
        [sys.executable, "-c", COMPLETING], capture_output=True, text=True, check=True
    )
    names, kinds, ids, families = json.loads(done.stdout.splitlines()[-1])
    assert (names, kinds) == (["lineage_graph"], ["family"])
    assert "model/alpaca-7b" in ids and "koalpaca" in families


@pytest.mark.parametrize(
    ("function", "given"),
    [
        (kg.license, {"use": "comercial"}),
        (kg.license, {"lang": "fr"}),
        (kg.lineage, {"direction": "sideways"}),
        (kg.lineage, {"edges": "kinship"}),
        (kg.verdicts, {"uses": ["commercial", "comercial"]}),
        (kg.search, {"order": "best"}),
    ],
)
def test_a_word_that_an_argument_cannot_be_is_refused(
    snapshot: Snapshot, function: Any, given: dict[str, Any]
) -> None:
    (name,) = given
    with pytest.raises(InputError, match=f"{name} cannot be .* it is one of: "):
        function(snapshot, *([] if function is kg.verdicts else ["alpaca-7b"]), **given)


def test_a_home_may_be_a_text(snapshot_home: Path) -> None:
    with kg.open_snapshot(str(snapshot_home)) as opened:
        assert kg.license(opened, "alpaca-7b", use="commercial").verdict == "prohibited"
