"""data/licenses/names.yaml: read strictly; and what a build settles of the names in it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.errors import DataError
from kg.ingest.curated.licenses import read_terms
from kg.licenses.naming.settled_names import NameSettler
from kg.licenses.naming.shared_names import LicenseBearer, Meaning, SharedName
from kg.model.claim import Claim, Said
from kg.paths import DATA
from tests.reading import license_terms

LABEL = "  label: {en: A name, ko: 이름}\n"
GOOD = "- name: two-texts\n" + LABEL + "  means:\n    - {license: license/mit, publisher: [a]}\n"


@pytest.fixture
def names(tmp_path: Path) -> Callable[[str], Path]:
    """A data folder whose names.yaml says this, beside two licenses."""
    terms = tmp_path / "data" / "licenses" / "terms"
    terms.mkdir(parents=True)
    shutil.copy(DATA / "licenses.schema.json", tmp_path / "data")
    for name in ("kinds.yaml", "edges.yaml"):
        shutil.copy(DATA / "licenses" / name, terms.parent)
    for name in ("mit.yaml", "apache-2.0.yaml"):
        shutil.copy(DATA / "licenses" / "terms" / name, terms)

    def write(text: str) -> Path:
        (terms.parent / "names.yaml").write_text(text, "utf-8")
        return tmp_path / "data"

    return write


def test_a_name_is_read_with_what_it_may_mean(names: Callable[[str], Path]) -> None:
    terms = read_terms(names(GOOD))
    (one,) = terms.shared
    assert one.candidates == ("license/mit",)
    assert terms.names["two-texts"] == one.otherwise == "license/two-texts"
    assert terms.licenses[one.otherwise].reading == "label"
    assert terms.origins[one.otherwise] == "data/licenses/names.yaml:1"


def test_without_the_file_no_name_is_shared(names: Callable[[str], Path]) -> None:
    data = names(GOOD)
    (data / "licenses" / "names.yaml").unlink()
    assert read_terms(data).shared == ()


@pytest.mark.parametrize(
    ("text", "line", "wrong"),
    [
        (GOOD.replace("license/mit", "license/mti"), 4, "license/mti has no terms"),
        (GOOD.replace("two-texts", "mit"), 1, "license/mit"),
        (GOOD.replace("two-texts", "Apache-2.0"), 1, "'Apache-2.0' already means"),
        (GOOD + GOOD, 5, "already means license/two-texts"),
        (GOOD.replace("publisher: [a]", "publisher: []"), 4, "publisher"),
        (GOOD.replace(", publisher: [a]", ""), 4, "publisher"),
        (GOOD.replace("publisher", "publishers"), 4, "publishers"),
        (GOOD.replace(LABEL, ""), 1, "not valid under any"),
        (GOOD.replace(LABEL, "  otherwise: license/none\n"), 2, "license/none has no terms"),
        (GOOD.replace(", ko: 이름", ""), 2, "ko"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    names: Callable[[str], Path], text: str, line: int, wrong: str
) -> None:
    with pytest.raises(DataError, match=re.escape(wrong)) as error:
        read_terms(names(text))
    assert str(error.value).startswith(f"data/licenses/names.yaml:{line}:")


def test_every_name_of_the_data_is_decided_on_one_model_only_one_way() -> None:
    for one in license_terms().shared:
        for meaning in one.means:
            for pattern in meaning.models:
                if not set("*?[") & set(pattern):
                    id = f"{meaning.publisher[0]}/{pattern}"
                    assert one.decide(LicenseBearer(own=(id,))) == meaning.license, (one.name, id)


def test_two_meanings_on_one_model_decide_nothing() -> None:
    both = (
        Meaning(license="license/a", publisher=("m",)),
        Meaning(license="license/b", publisher=("m",), models=("x*",)),
    )
    name = SharedName(name="n", means=both, otherwise="license/n")
    assert name.decide(LicenseBearer(own=("m/xy",))) == "license/n"
    assert name.decide(LicenseBearer(own=("M/Other",))) == "license/a"


# ---- settled by what all sources tell

SHARED = SharedName(
    name="modified-mit",
    label={"en": "Modified MIT"},
    means=(Meaning(license="license/kimi", publisher=("moonshotai",), models=("Kimi-K2",)),),
    otherwise="license/modified-mit",
)


def settled(
    subject: str, *parents: tuple[str, str], redirects: dict[str, str] | None = None
) -> Said:
    """What becomes of the license of a copy whose parents these sources name."""
    claims = [Claim(subject, "license", Said(value=SHARED.otherwise, source="source/list"))]
    claims += [
        Claim(subject, "quantizedFrom", Said(value=value, source=source))
        for value, source in parents
    ]
    settler = NameSettler(
        [SHARED], {"quantizedFrom"}, redirects or {}, lambda source, named: source != "source/guess"
    )
    other = Claim("model/z", "license", Said(value="license/mit", source="source/list"))
    found = list(settler.settle([*claims, other]))
    assert found[1:] == [*claims[1:], other]
    return found[0].said


def test_another_source_names_the_original() -> None:
    said = settled("model/hf/u/Kimi-K2", ("model/hf/moonshotai/Kimi-K2", "source/other"))
    assert (said.value, said.note) == ("license/kimi", "modified-mit, as on moonshotai/Kimi-K2")


def test_the_original_goes_by_another_id() -> None:
    redirects = {"model/hf/moonshotai/Kimi-K2": "model/kimi-k2", "org/hf/x": "org/x"}
    for subject, parents in (
        ("model/hf/u/Kimi-K2", [("model/kimi-k2", "source/other")]),
        ("model/kimi-k2", []),
    ):
        assert settled(subject, *parents, redirects=redirects).value == "license/kimi"


@pytest.mark.parametrize(
    "parents",
    [
        [],
        [("model/hf/moonshotai/Kimi-K2", "source/guess")],
        [("model/hf/moonshotai/Kimi-Other", "source/other")],
        [("model/hf/moonshotai/Kimi-K2", "source/other"), ("model/x", "source/other")],
    ],
)
def test_what_is_guessed_or_not_all_known_settles_nothing(parents: list[tuple[str, str]]) -> None:
    assert settled("model/hf/u/Kimi-K2", *parents).value == "license/modified-mit"
