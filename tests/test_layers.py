"""Imports point one way: a module of kg imports only modules of lower levels, and never flask."""

import ast
from pathlib import Path

import pytest

KG = Path(__file__).parent.parent / "kg"

# The path of the data from bottom to top; kg/README.md says what each module does.
LEVELS = [
    "errors paths model issues text hangul store query clauses wire spool sandbox sparqltext csr "
    "sources.markdown sources.parents sources.sizes linefile textwidth sources.languages "
    "sources.privacy memory numbers",
    "config vocab yamlfile sounds claims plan engines.columns engines.tantivy snapshot shares "
    "screen rewrite syntax terms precision outfile closure reached texts links graphfiles "
    "download intake",
    "lineage values glossary rdf link sparql spelling engines.whoosh resolve worker examples "
    "profile remarks license_words crossing license_names parsing sources.words jsonld tables "
    "sources.bom_parts trends changes citations naming",
    "family analyzer sources.strict lexicon check statistics fulltext licenses runs sources.kit "
    "mappings sources.cyclonedx sources.spdx history sources.license_parts candidates judgements",
    "export infer search sources.curated sources.evaluations license_states license_compare "
    "sources.terms sources.awesome_korean_llm sources.bom sources.names sources.open_llms "
    "sources.card sources.hub_names sources.mergekit sources.models_dev "
    "sources.open_llm_leaderboard",
    "describe contract inputs effective ancestry verdicts sources.croissant "
    "sources.ecosystem_graphs sources.epoch sources.model_openness_tool "
    "sources.opening_up_chatgpt sources.wikidata sources.folder sources.hub_records",
    "service reader release license_display sources.hub_live",
    "documents ask license_report relatives descent options judging above sources.hub "
    "commands.serve",
    "ingest forest build kinship commands.query",
    "answers branches opening",
    "source_answer search_answer tree license_answer display comparison changes_answer bom",
    "license_gate treefiles overlay bom_properties origins commands.build commands.changes "
    "commands.judge commands.search commands.show terms_answer",
    "badge cyclonedx commands.ingest commands.license commands.lineage",
    "modelcard spdx",
    "bom_formats",
    "commands.export",
    "cli",
]
# Libraries that take longer to load than a command takes, loaded where they are needed.
LATE = {
    *("networkx", "jsonschema", "jsonschema.Draft202012Validator"),
    *("referencing", "referencing.Registry", "referencing.Resource"),
}
LEVEL = {name: level for level, names in enumerate(LEVELS) for name in names.split()}


def modules() -> list[str]:
    paths = sorted(KG.rglob("*.py"))
    names = [".".join(p.relative_to(KG).with_suffix("").parts) for p in paths]
    return [name for name in names if not name.endswith("__init__")]


def parsed(name: str) -> ast.Module:
    return ast.parse((KG / (name.replace(".", "/") + ".py")).read_text(encoding="utf-8"))


def imports(name: str) -> set[str]:
    return imported(parsed(name))


def imported(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{a.name}" for a in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


@pytest.mark.parametrize("name", modules())
def test_imports_only_lower_levels(name: str) -> None:
    assert name in LEVEL, "give the new module a level"
    ours = {i.removeprefix("kg.") for i in imports(name) if i.startswith("kg.")}
    for other in ours & LEVEL.keys():
        assert LEVEL[other] < LEVEL[name], f"{name} must not import {other}"


@pytest.mark.parametrize("name", modules())
def test_never_the_web(name: str) -> None:
    assert not {"flask", "web"} & {i.partition(".")[0] for i in imports(name)}


@pytest.mark.parametrize("name", modules())
def test_no_import_inside_functions(name: str) -> None:
    functions = [n for n in ast.walk(parsed(name)) if isinstance(n, ast.FunctionDef)]
    assert not set().union(*map(imported, functions)) - LATE


def test_no_file_is_too_long() -> None:
    long = {
        p.name: n
        for p in [*KG.rglob("*.py"), *(KG.parent / "web").rglob("*.py")]
        if (n := p.read_text(encoding="utf-8").count("\n")) > 310
    }
    assert not long
