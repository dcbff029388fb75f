"""License data: every clause is cited, every id exists, every license in use has its terms."""

import gzip
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from kg.ingest.curated.curated import read_curated
from kg.ingest.curated.licenses import named_here
from kg.licenses.propagation import LicenseStep
from kg.licenses.rules import LicenseRules
from kg.licenses.terms import License
from kg.model.vocabulary import load_vocabulary
from kg.paths import DATA
from tests.reading import license_terms

SHARED = DATA.parents[1] / "shared" / "data"
INDEX = SHARED / "licences" / "scancode-licensedb" / "index.json.gz"
TEXTS = SHARED / "licences" / "scancode-licensedb" / "ai"
HUB = SHARED / "hf-hub-docs" / "docs" / "hub" / "repositories-licenses.md"
PROMISES = {"outputs-unclaimed", "results-free"}  # clauses that give, and ask nothing
# In LicenseDB since the index in ../shared was taken (read in licensedcode-data 33.0.0rc1 from PyPI).
YOUNGER = {
    "ai-sweden-llm-ai-model-2023",
    "anthropic-commercial-tos-2025",
    "exaone-ai-model-1.2-nc",
    "glm-130b",
    "health-ai-developer-tou-2024",
    "intel-research-use-2024",
    "lfm-open-1.0",
    "ltx-2-cla-2026",
    "meralion-pl-2025",
    "minimax-model-m2.5",
    "minimax-non-commercial-2026",
    "nemotron-open-model-2025-12-15",
    "nvidia-1-way-noncommercial",
    "open-aleph-1.0",
    "opt-175b-2022",
    "plamo-cla-2024",
    "sam-2025-11-19",
    "tencent-hunyuan-image-3.0-cla",
    "upstage-solar-2026-01-16",
    "writer-open-model-2024-05-31",
    "xai-cla-2025",
}

TERMS = license_terms()
LICENSES = sorted(TERMS.licenses.values(), key=lambda one: one.id)
UNDECIDED = {one.otherwise for one in TERMS.shared if one.label}  # names of several texts
CLAUSES = [(one, clause) for one in LICENSES for clause in one.clauses]


@cache
def curated() -> tuple[dict[str, set[str]], set[str]]:
    """Languages in which the curated data labels an entity, and the licenses it uses."""
    labels: dict[str, set[str]] = {}
    used = set()
    for claim in read_curated(DATA, load_vocabulary(), named_here(TERMS)):
        if claim.property == "label":
            labels.setdefault(claim.subject, set()).add(claim.said.lang)
        if str(claim.said.value).startswith("license/"):
            used.add(str(claim.said.value))
    return labels, used


def index() -> list[dict[str, object]]:
    """The licenses of ScanCode LicenseDB, with their SPDX ids."""
    if not INDEX.exists():
        pytest.skip("no ../shared: the list of SPDX ids and ScanCode keys is not here")
    found: list[dict[str, object]] = json.loads(gzip.decompress(INDEX.read_bytes()))
    return found


def plain(text: str) -> str:
    """A text as quotes are compared: quotation marks, dashes, stars and white space do not matter."""
    straight = text.translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0x2013: "-"})
    return " ".join(re.sub(r"[*\\]", "", straight).casefold().split())


def test_there_are_enough_licenses_and_one_file_each() -> None:
    assert len(LICENSES) >= 150
    files = {path.stem for path in (DATA / "licenses" / "terms").glob("*.yaml")}
    assert files == {one.id.split("/")[1] for one in LICENSES if one.id not in UNDECIDED}


def test_every_clause_is_cited() -> None:
    wrong = []
    for license, clause in CLAUSES:
        quote, note = clause.cite.quote, clause.note
        rules = {
            "names its section": bool(clause.cite.section.strip()),
            "quotes a sentence of the text": bool(quote) and 5 <= len(quote or "") <= 300,
            "has an address": (clause.cite.url or license.url or "").startswith("https://"),
            "has its note in both languages": not note or set(note) == {"en", "ko"},
        }
        wrong += [(license.id, clause.kind, rule) for rule, holds in rules.items() if not holds]
    assert CLAUSES and not wrong


def test_a_license_says_what_it_is() -> None:
    wrong = []
    for license in LICENSES:
        languages = curated()[0].get(license.id, set()) | set(license.label or {})
        kinds = [(c.kind, tuple(c.reach or ()), str(c.value)) for c in license.clauses]
        rules = {
            "has a label in both languages": {"en", "ko"} <= languages,
            "has an address": bool(license.url) or license.id in UNDECIDED,
            "has no clauses where its text is unknown": license.unknown is None
            or not license.clauses,
            "has each clause once": len(kinds) == len(set(kinds)),
        }
        wrong += [(license.id, rule) for rule, holds in rules.items() if not holds]
    assert not wrong


def test_a_summary_says_where_it_stands() -> None:
    """Where only a summary was read, the file says which, or each clause cites it."""
    for one in LICENSES:
        if one.read["how"] == "summary" and one.clauses:
            assert "note" in one.read or all(c.cite.url for c in one.clauses), one.id


def test_every_license_in_use_has_its_terms() -> None:
    assert curated()[1] - set(TERMS.licenses) == set()


def test_every_named_license_exists() -> None:
    named: Iterator[str] = (
        id
        for one, clause in CLAUSES
        if clause.kind == "share-alike" and isinstance(clause.value, list)
        for id in (*clause.value, *one.compatible)
    )
    assert set(named) <= set(TERMS.licenses)


def test_competitors_are_organizations_of_the_graph() -> None:
    orgs = {id for one, c in CLAUSES if c.kind == "competitor-exclusion" for id in c.value}
    assert orgs and orgs <= set(curated()[0])


def test_licensors_are_organizations_of_the_graph() -> None:
    """Else nothing tells what a licensor makes itself, and pages name it by its id."""
    named = {one.licensor for one in LICENSES} - {""}
    assert named and named <= set(curated()[0])


def test_a_clause_against_competitors_says_whose() -> None:
    against = [
        one
        for one, clause in CLAUSES
        if isinstance(clause.value, dict) and clause.value.get("targets") == "competing"
    ]
    assert against and all(one.licensor for one in against), [
        one.id for one in against if not one.licensor
    ]


def test_only_a_share_alike_lets_nothing_be_passed_on() -> None:
    strict = [(one, clause) for one, clause in CLAUSES if clause.or_not_at_all]
    assert strict and {clause.kind for _, clause in strict} == {"share-alike"}
    for one, clause in strict:
        name = one.key.removesuffix("-only").removesuffix(".0")
        copy = Path("/usr/share/common-licenses", name)
        if clause.or_not_at_all and copy.exists():  # as Debian ships it
            assert plain(clause.or_not_at_all.quote or "") in plain(copy.read_text("utf-8"))


def test_the_whole_license_table_of_the_hub() -> None:
    if not HUB.exists():
        pytest.skip("no ../shared: the license table of the Hub is not here")
    table = set(re.findall(r"^\| .*\| `([^`]+)`", HUB.read_text("utf-8"), re.M))
    tags = {tag: one for one in LICENSES for tag in one.hub}
    assert table == set(tags)
    families = ["bsd", "cc", "gfdl", "gpl", "lgpl", "odbl", "openrail", "other", "unknown"]
    assert all(tags[tag].unknown for tag in families)


def test_spdx_ids_and_scancode_keys_are_real() -> None:
    listed = index()
    keys = {one["license_key"] for one in listed}
    spdx = {one["spdx_license_key"] for one in listed} | {"OpenMDW-1.0"}  # younger than the index
    assert {one.scancode for one in LICENSES if one.scancode} <= keys | YOUNGER
    assert {one.spdx for one in LICENSES if one.spdx} <= spdx


@pytest.mark.parametrize("license", [o for o in LICENSES if o.scancode], ids=lambda one: one.id)
def test_quotes_stand_in_the_text(license: License) -> None:
    path: Path = TEXTS / f"{license.scancode}.json"
    if not path.exists():
        pytest.skip(f"no copy of {license.scancode} in ../shared")
    text = plain(json.loads(path.read_text("utf-8"))["text"])
    own = [clause.cite for clause in license.clauses if not clause.cite.url]
    for cite in own:
        for part in (cite.quote or "").split("…"):
            assert plain(part) in text, f"section {cite.section}"


def test_permissive_licenses_ask_only_for_paperwork() -> None:
    for id in ("license/mit", "license/apache-2.0", "license/cc0-1.0", "license/bsd-3-clause"):
        asked = {c.kind for c in TERMS.licenses[id].clauses} - PROMISES - {"patent-termination"}
        assert all(TERMS.kinds[kind].group == "paperwork" for kind in asked)


@pytest.mark.parametrize(
    ("license", "tier"),
    [
        ("gemma-terms", 2),  # "in order to cause that model to perform similarly to Gemma"
        ("bigscience-rail-1.0", 2),
        ("deepseek-license-1.0", 2),
        ("hyperclova-x-seed", 2),
        ("yi-license-2.1", 2),  # "to achieve similar performance"
        ("tencent-hunyuan-a13b", 2),
        ("bigcode-openrail-m-v1", 1),  # names no purpose
    ],
)
def test_distillation_counts_for_the_purpose_the_text_names(license: str, tier: int) -> None:
    rules = LicenseRules(TERMS)
    held = rules.own([f"license/{license}"], "held")
    learned = rules.pass_all(held, LicenseStep("distill"))
    barred = [t for t in learned if t.kind in ("use-restrictions", "aup")]
    assert barred and {(t.mode, t.tier) for t in barred} == {("", tier)}


@pytest.mark.parametrize("version", ["3.1", "3.2", "3.3", "4"])
def test_who_learns_from_llama_owes_the_name_and_no_badge(version: str) -> None:
    rules = LicenseRules(TERMS)
    held = rules.own([f"license/llama-{version}-license"], "held")
    learned = {t.kind for t in rules.pass_all(held, LicenseStep("distill"))}
    assert "name-prefix" in learned
    assert "badge" not in learned
