"""The pages of entities are put together from what features state, and know no feature by name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from kg.config import Config
from kg.model.vocabulary import (
    COMMERCIAL_VERDICT,
    EFFECTIVE_TERM,
    LICENSE_CONSISTENCY,
    MISSING_TERM,
)
from tests.conftest import serving
from web.entity import _forms as entity_forms
from web.entity import _page as entity_page
from web.entity import routes as entities
from web.ui.features import find_features, registry
from web.ui.sections import Draft, EntityFile, Section, Subject, find_subject

HTML = {"Accept": "text/html"}


@pytest.fixture
def asked(app: Flask) -> Iterator[None]:
    with app.test_request_context("/model/alpaca-7b"):
        yield


def subject(id: str) -> Subject:
    found = find_subject(id)
    assert found
    return found


def test_every_section_can_be_shown(app: Flask) -> None:
    sections = registry(app).sections
    assert len({s.name for s in sections}) == len(sections)
    assert set(entity_page.ORDER) <= {s.name for s in sections}
    for section in sections:
        assert bool(section.anchor) == bool(section.heading), section.name
        assert bool(section.template) == (section.place != "head"), section.name
        if section.template:
            assert app.jinja_env.get_template(section.template)


def test_every_file_has_an_ending_of_its_own(app: Flask) -> None:
    endings = [file.ending for file in registry(app).files]
    assert len(set(endings)) == len(endings) and all(e.startswith("/") for e in endings)
    assert {"/license.json", "/claims.json", "/lineage.json", "/card.svg"} <= set(endings)


def test_a_subject_is_found_by_its_exact_id_alone(asked: None) -> None:
    known = subject("model/alpaca-7b")
    assert (known.kind.name, known.entity.id, known.number) == (
        "model",
        "model/alpaca-7b",
        known.snapshot.number("model/alpaca-7b"),
    )
    assert known.address("/license.json", use="commercial") == (
        "/model/alpaca-7b/license.json?use=commercial"
    )
    assert known.iri.endswith("/model/alpaca-7b") and known.entity is known.entity
    for other in ("alpaca-7b", "model/alpaca", "model/alpaca-7b.json", "", "model/"):
        assert find_subject(other) is None


def test_a_section_takes_its_facts_out_of_the_table(app: Flask, asked: None) -> None:
    known = subject("model/alpaca-7b")
    (box,) = (s for s in registry(app).sections if s.name == "box")
    whole, rest = ({r.name for r in Draft(known, of).table.rows} for of in ((), (box,)))
    assert whole - rest == {
        EFFECTIVE_TERM,
        COMMERCIAL_VERDICT,
        LICENSE_CONSISTENCY,
        MISSING_TERM,
    }


def test_what_sections_share_is_found_once(asked: None) -> None:
    found: list[Draft] = []

    def find(draft: Draft) -> int:
        found.append(draft)
        return len(found)

    draft = Draft(subject("model/alpaca-7b"), ())
    assert (draft.share(find), draft.share(find)) == (1, 1) and found == [draft]


def test_a_new_section_and_its_file_need_no_other_module(config: Config) -> None:
    def answer(subject: Subject, ending: str) -> Response:
        return Response(subject.id + ending, content_type="text/plain")

    file = EntityFile(
        ending="/fresh.txt", media_type="text/plain", answer=answer, kinds=("org",), listed=True
    )
    fresh = Section(
        name="fresh",
        place="below",
        template="entity/_model_files.html",
        kinds=("org",),
        build=lambda draft: {},
        anchor="fresh",
        heading="Fresh",
        long=True,
        files=(file,),
    )
    with serving(config) as app:
        known = registry(app)
        app.extensions["gyebo.registry"] = replace(
            known, sections=[*known.sections, fresh], files=[*known.files, file]
        )
        client = app.test_client()
        page = client.get("/org/meta", headers=HTML).text
        assert '<a class="btn" href="/org/meta/fresh.txt">fresh.txt</a>' in page
        assert page.index('<ul class="related">') > page.index('id="facts"')
        assert client.get("/org/meta/fresh.txt").text == "org/meta/fresh.txt"
        moved = client.get("/meta/fresh.txt")
        assert (moved.status_code, moved.headers["Location"]) == (308, "/org/meta/fresh.txt")
        assert "fresh.txt" not in client.get("/model/alpaca-7b", headers=HTML).text
        assert client.get("/model/alpaca-7b/fresh.txt").status_code == 404


def test_only_what_says_so_is_given_alone(client: FlaskClient) -> None:
    whole = client.get("/family/llama", headers=HTML).text
    alone = client.get("/family/llama?part=tree", headers=HTML).text
    assert 'class="block tree"' in alone and "<main" not in alone and "<main" in whole
    for part in ("box", "facts", "nothing"):
        assert "<main" in client.get(f"/family/llama?part={part}", headers=HTML).text


def imports(path: Path) -> set[str]:
    """The modules of ours that a module imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [a.name for a in node.names] if node.module in ("kg", "web") else [""]
            found |= {f"{node.module}.{name}".rstrip(".") for name in names}
    return {name for name in found if name.startswith(("kg.", "web."))}


@pytest.mark.parametrize("module", [entities, entity_forms, entity_page])
def test_the_pages_of_entities_know_no_feature(app: Flask, module: object) -> None:
    known = imports(Path(str(getattr(module, "__file__", ""))))
    assert 4 <= len(known) <= 12
    stating = {section.build.__module__ for section in registry(app).sections if section.template}
    assert len(stating) >= 6 and not known & stating


def test_features_are_found_by_being_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "features_by_name"
    package.mkdir()
    record = "from web.ui.features import Feature\nFEATURE = Feature()\n"
    for name, text in {
        "__init__": "",
        "one": record,
        "two": "# speaks of FEATURE = only\n",
        "broken": "raise SystemExit\n",
    }.items():
        (package / f"{name}.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert len(find_features(package)) == 1
