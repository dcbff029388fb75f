"""Documentation that is generated from the program; tests/test_docs.py keeps the files true.

python -m tests.gendocs        writes the files anew
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path

import click

import kg
from kg.cli.main import main
from kg.config import Config
from kg.export.bom.formats import MODEL_FORMATS
from kg.export.columns import TABLES, Column, columns_of
from kg.export.formats import FORMATS
from kg.export.graphs import HELD
from kg.export.mappings import MAPPED, Rule, read_spec
from kg.export.vocabularies import Translation
from kg.model.vocabulary import KG, Property, load_vocabulary
from tests.conformance.manifests import (
    ALONE_12,
    DEVIATIONS,
    DEVIATIONS_12,
    ELSEWHERE,
    TESTS_12,
    TESTS_OLD,
)

ROOT = Path(__file__).parent.parent


def ontology() -> str:
    """ontology/README.md: every kind and property of kg.ttl, in both languages."""
    known = load_vocabulary()
    kinds = "\n".join(
        f"| `{k.name}` | `kg:{k.term.iri.removeprefix(KG)}` | {k.term.labels['en']} · "
        f"{k.term.labels['ko']} | {k.term.comments['en']} |"
        for k in known.kinds.values()
    )
    properties = "\n".join(map(_property, known.properties.values()))
    return f"""# The ontology

Generated from `kg.ttl` by `python -m tests.gendocs`; edit `kg.ttl`, not this file.
Prefix `kg:` is <{KG}> (not registered at w3id.org yet; served at `/ontology`).

`kg.ttl` defines the terms and maps them to FAIR4ML, MLDCAT-AP, PROV-O, schema.org and DCTERMS,
`shapes.ttl` says in SHACL what the resolved graph must meet, `ontology-shapes.ttl` what `kg.ttl`
itself must meet, `examples/*.rq` are queries that the site offers and the tests run.

Shape of the data: the default graph holds resolved facts; one named graph per source holds what
that source says; facts the program derives stand in the graph `source/inferred`. `kg:disputed`
names a property on which sources disagree. There are no blank nodes. Dates keep their precision as
`xsd:date`, `xsd:gYearMonth` or `xsd:gYear` (Oxigraph stores all three as given; measured).

## Kinds

| kind | class | label | meaning |
|---|---|---|---|
{kinds}

## Properties

Single means that one value holds and several are a dispute; a less precise date agrees with a more
precise one, and so does a number of a property marked rounded, as `kg:rounded` says. Edges that carry weights, data or
distillation are marked, and so is what reaches the members of a family of which it is said, as `kg:reachesMembers` says.

| property | label | value | meaning |
|---|---|---|---|
{properties}

## Other vocabularies

`gyebo export FORMAT --vocabulary NAME` writes the resolved facts in the words of another vocabulary.
What `kg.ttl` maps by `rdfs:subClassOf` and `rdfs:subPropertyOf` is taken from there;
`mappings/NAME.yaml` says which vocabularies belong to NAME and what differs (a rule takes the place of
the mapping in `kg.ttl`); a Turtle file named under `head` stands at the head of the export. To add a
mapping, edit these files; `tests/export/test_mappings.py` checks them.

{vocabularies()}

MLDCAT-AP demands of every model a file, a date of creation, a version and training data, and of every
dataset a description and a date of collection. Where no source states them, the export says so: it names
the nodes `data#unstated-…` of `mappings/mldcat.ttl`, and as the date `XXXX` (a year not known, in EDTF).
A profile that allows one `fineTunedFrom` gets none where there are several; `prov:wasDerivedFrom` names
them all. `tests/shapes/mldcat-ap.ttl` restates the profile in SHACL; the curated release meets it.

{mapped()}
"""


def vocabularies() -> str:
    """The vocabularies of exports, as a table."""
    rows = ["| name | vocabulary | specification |", "|---|---|---|"]
    rows += [
        f"| `{name}` | {spec.title} | <{spec.specification}> |"
        for name in MAPPED
        for spec in [read_spec(name)]
    ]
    return "\n".join(rows)


def mapped() -> str:
    """How kinds and properties are said in each vocabulary, as a table; what none has is left out."""
    known = load_vocabulary()
    made = [Translation(name, "http://127.0.0.1:8000/", known, bool) for name in MAPPED]
    rows = [f"| kind or property | {' | '.join(MAPPED)} |", "|---" * (len(MAPPED) + 1) + "|"]
    for kind in known.kinds:
        cells = [", ".join(t.short(cls) for cls in t.classes[kind]) for t in made]
        rows.append(f"| *{kind}* | {' | '.join(cells)} |")
    for name in known.properties:
        cells = [
            ", ".join(
                dict.fromkeys(
                    _way(t, rule)
                    for kind in known.kinds
                    if t.classes[kind]
                    for rule in t.ways[kind, name]
                )
            )
            for t in made
        ]
        if any(cells):
            rows.append(f"| `{name}` | {' | '.join(cells)} |")
    return "\n".join(rows)


def _way(translation: Translation, rule: Rule) -> str:
    return translation.short(rule.to) + (" (turned round)" if rule.inverse else "")


def exports() -> str:
    """The formats of exports, as a table."""
    rows = ["| format | file | media type | of a large graph |", "|---|---|---|---|"]
    for f in FORMATS.values():
        held = (
            f"held in memory; refused above {HELD:,} nodes and edges" if f.in_memory else "streams"
        )
        rows.append(f"| `{f.name}` | `.{f.suffix}` | `{f.media_type}` | {held} |")
    rows += [
        f"| `{m.name}` | `{m.suffix}` | `{m.media_type}` | one model with its ancestry |"
        for m in MODEL_FORMATS.values()
    ]
    return "\n".join(rows)


def _property(p: Property) -> str:
    value = " or ".join([*p.codes] or sorted(p.range)) or (
        "any entity" if p.type == "entity" else p.type
    )
    extra = [
        p.unit,
        "single" if p.single else "",
        "rounded" if p.rounded else "",
        f"{p.edge} edge" if p.edge else "",
        {"members": "reaches members", "all": "reaches all within"}.get(p.reaches, ""),
    ]
    value = ", ".join(part for part in (value, *extra) if part)
    labels = f"{p.term.labels['en']} · {p.term.labels['ko']}"
    return f"| `{p.name}` | {labels} | {value} | {p.term.comments['en']} |"


def configuration() -> str:
    """The settings, as a table."""
    rows = [
        f"| `{f.name}` | `GYEBO_{f.name.upper()}` | {f.metadata['help']} | {_default(f.name)} |"
        for f in fields(Config)
    ]
    return "\n".join(["| setting | variable | meaning | default |", "|---|---|---|---|", *rows])


def _default(name: str) -> str:
    return "see left" if name == "home" else f"`{getattr(Config(), name)}`"


def commands() -> str:
    """Every command with its options."""
    rows = ["| command | what it does |", "|---|---|"]
    context = click.Context(main)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command is not None
        words = [
            p.human_readable_name.upper() for p in command.params if isinstance(p, click.Argument)
        ]
        options = " ".join(f"`{p.opts[-1]}`" for p in command.params if isinstance(p, click.Option))
        rows.append(
            f"| `{' '.join(['gyebo', name, *words])}` | {' '.join((command.help or '').split())} {options} |"
        )
    return "\n".join(rows)


def library() -> str:
    """docs/library.md: every name of `import kg`."""
    public = {name: getattr(kg, name) for name in kg.__all__ if name != "__version__"}
    functions = [_signature(name, f) for name, f in public.items() if inspect.isfunction(f)]
    objects = {
        name: type(v)
        for name, v in public.items()
        if not isinstance(v, type) and not inspect.isfunction(v)
    }
    classes = {name: cls for name, cls in public.items() if inspect.isclass(cls)}
    errors = {name: cls for name, cls in classes.items() if issubclass(cls, Exception)}
    types = {name: cls for name, cls in classes.items() if name not in errors}
    return f"""# The library

Generated by `python -m tests.gendocs` from `kg/__init__.py` and the docstrings; `help(kg.show)` says more of each.
[web/site/examples/library.py](../web/site/examples/library.py) shows them at work. What is not on this page may move.

```python
import kg

kg.license("koalpaca").verdict  # of the current snapshot, opened once

with kg.open_snapshot() as snapshot:
    print(kg.show(snapshot, "koalpaca").facts)
```

A function whose first argument is a snapshot takes the current one of the configuration (`GYEBO_HOME`) where none is given.
Ids are understood as on the command line: `kind/slug`, a bare slug, an id or package URL of the Hub, or a name. `lang` is
`en` or `ko`. Answers are frozen records; `kg.to_json` writes them as `--json` and the site do. `license_answer` is the former
name of `license`.

In a notebook the answers of `search`, `show`, `license`, `lineage` and `family_tree` show themselves, the last two as a
picture where web/ is installed, and a tab behind `kg.ids["` completes ids (behind `kg.ids.model["` those of models).
[docs/notebooks](notebooks) holds four examples, which CI runs. Tables are `pyarrow.Table` (`pip install 'gyebo[parquet]'`):
`kg.models().to_pandas()`; [docs/data.md](data.md) lists their columns.

## Functions

| function | what it does |
|---|---|
{_lines(functions)}

## Objects

| object | what it is |
|---|---|
{_lines((name, cls) for name, cls in objects.items())}

## Types

| type | what it is |
|---|---|
{_lines((name, cls) for name, cls in types.items())}

## Errors

| error | when |
|---|---|
{_lines((f"{name}({_base(cls)})", cls) for name, cls in errors.items())}
"""


def data() -> str:
    """docs/data.md: the tables and their columns."""
    vocabulary = load_vocabulary()
    tables = "\n".join(
        f"""
## {name}

{title}.

| column | type | meaning |
|---|---|---|
{_columns(columns_of(name, vocabulary))}"""
        for name, title in TABLES.items()
    )
    return f"""# The data as tables

Generated by `python -m tests.gendocs` from `kg/export/columns.py`; edit that, not this file.

`gyebo dump FOLDER` writes a release as a dated folder to hand on: a table each in Parquet, N-Quads, the verdicts in
JSON, what describes them (Croissant 1.0, DCAT), the licenses of the sources and checksums. The same release gives the same
bytes; a folder that stands there already and holds the same is left as it is. A dump below `dumps/` of `GYEBO_HOME` is
served at `/data/dump/NAME` and listed at `/data`, which also has the tables one by one and their description
(`/data/croissant.json`).

`gyebo export parquet --table NAME` and `csv` write one table, `kg.models()`, `kg.edges()`, `kg.claims()`, `kg.verdicts()`,
`kg.scores()` and `kg.identities()` give it to a program. Names and types of columns are kept, further columns may come. What
is missing is null (in CSV empty); several values in one cell stand beside each other with a space.

A verdict is `allowed`, `conditional`, `unknown`, `contested` or `prohibited`, each an answer of its own: `unknown` is no
permission. The column `doubt` says what is not sure about it, and null there means that nothing is known to be doubtful.
{tables}
"""


def _columns(columns: Iterable[Column]) -> str:
    rows = (f"| `{c.name}` | {c.type} | {c.meaning.replace('|', chr(92) + '|')} |" for c in columns)
    return "\n".join(rows)


def sparql() -> str:
    """docs/sparql.md: where the endpoint deviates from the standard."""
    old, new = ("\n".join(_deviations(table)) for table in (DEVIATIONS, DEVIATIONS_12))
    return f"""# SPARQL: what holds and what does not

Generated from `tests/conformance/deviations.yaml` and `deviations_12.yaml` by `python -m tests.gendocs`; edit those,
not this file. `make test-slow` runs the tests of the W3C through `/sparql` and fails where a table is not true.

The endpoint takes queries of SPARQL 1.1 and, as far as the engine goes, of SPARQL 1.2: it passes {TESTS_12 - len(DEVIATIONS_12)} of the
{TESTS_12} query tests of 1.2, as many as the engine alone ({ALONE_12}). The service description says so: `sd:supportedLanguage`
`sd:SPARQL11Query` and `sd:SPARQLQuery`, `sd:supportedVersion` 1.1 and 1.2-basic. It takes no updates, and `SERVICE` calls
no other machine; `SERVICE kg:search` finds full text.

A query may be pasted: a byte order mark, no-break and zero-width spaces and curly quotes outside of strings count as
what they look like. A term of `kg:` that the ontology does not have is told on the page, on standard error of
`gyebo query`, and to programs in a header `Link: <…/ontology#license>; rel="help"; title*=…`.

## Tests of SPARQL 1.0 and 1.1 that do not pass

| test | why |
|---|---|
{old}

## Tests of SPARQL 1.2 that do not pass

| test | why |
|---|---|
{new}

## Where a server elsewhere answers

With `GYEBO_SPARQL_URL` ([docs/elsewhere.md](elsewhere.md)) the same tests of SPARQL 1.0 and 1.1 go to that server, through the same
`/sparql`. `python -m tests.conformance.elsewhere` writes what differs into `tests/conformance/elsewhere.yaml`, and
`make test-slow` fails where that is not true.
{_elsewhere()}"""


def _elsewhere() -> str:
    """What differs on each server besides what differs here, tests of one outcome together."""
    parts = []
    for name, found in ELSEWHERE.items():
        more = {test: what for test, what in found.items() if test not in DEVIATIONS}
        rows = "\n".join(_deviations(more))
        table = f"| test | what happens |\n|---|---|\n{rows}\n" if more else ""
        passed = f"{TESTS_OLD - len(found)} of {TESTS_OLD} pass. {len(found) - len(more)} tests of the first table do not,"
        end = f"nor do these:\n\n{table}" if more else "and no other.\n"
        parts.append(f"\n### {name}\n\n{passed} {end}")
    return "".join(parts)


def _deviations(table: Mapping[str, str]) -> Iterator[str]:
    """Rows of a table, tests of one reason together."""
    for why in dict.fromkeys(table.values()):
        names = ", ".join(f"`{name}`" for name, reason in table.items() if reason == why)
        escaped = why.replace("|", r"\|").replace("<", "&lt;")
        yield f"| {names} | {escaped} |"


def _signature(name: str, function: object) -> tuple[str, object]:
    """A function as its source has it, with its docstring's owner."""
    (node,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body  # type: ignore[arg-type]
    assert isinstance(node, ast.FunctionDef) and node.returns
    return f"{name}({ast.unparse(node.args)}) -> {ast.unparse(node.returns)}", function


def _base(error: type[Exception]) -> str:
    return error.__bases__[0].__name__


def _lines(rows: Iterable[tuple[str, object]]) -> str:
    escaped = ((name.replace("|", r"\|"), inspect.getdoc(known) or "") for name, known in rows)
    return "\n".join(f"| `{name}` | {doc.splitlines()[0]} |" for name, doc in escaped)


def filled(text: str) -> str:
    """A README with the text between its <!-- name --> marks made anew."""
    for name, make in MADE.items():
        pattern = rf"(?<=<!-- {name} -->\n).*?(?=<!-- /{name} -->)"
        text, found = re.subn(pattern, lambda _, make=make: make() + "\n", text, flags=re.DOTALL)  # type: ignore[misc]
        if not found:
            raise ValueError(f"the marks of {name!r} are missing")
    return text


MADE = {"configuration": configuration, "commands": commands, "exports": exports}
FILES = {
    "ontology/README.md": lambda _: ontology(),
    "docs/library.md": lambda _: library(),
    "docs/data.md": lambda _: data(),
    "docs/sparql.md": lambda _: sparql(),
    "kg/README.md": filled,
}


if __name__ == "__main__":
    for file, generate in FILES.items():
        path = ROOT / file
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(generate(before), encoding="utf-8")
