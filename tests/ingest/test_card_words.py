"""License and language words of cards, in the spellings people write."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.ingest.kit._license_parts import license_parts
from tests.ingest.test_broken_cards import read, values
from tests.ingest.test_license_reading import NAMES


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("MIT/Apache-2.0", "MIT%20OR%20Apache-2.0"),
        ("MIT / Apache 2", "MIT%20OR%20Apache-2.0"),
        ("apache2", "apache-2.0"),
        ("Apache 2", "apache-2.0"),
        ("Apache-2", "apache-2.0"),
        ("apache_2_0", "apache-2.0"),
        ("apache-2-0", "apache-2.0"),
        ("llama3_1", "llama-3.1-license"),
        ("LicenseRef-llama3", "llama-3-license"),
        ("gpl3", "gpl-3.0"),
        ("cc-by-4", "cc-by-4.0"),
        ("cc-by-nc-4-0", "cc-by-nc-4.0"),
        ("The MIT License (MIT)", "mit"),
        ("FLUX.1-dev Non-Commercial License", "flux-1-dev-nc"),
    ],
)
def test_spellings_of_licenses(text: str, id: str) -> None:
    assert NAMES.find(text) == f"license/{id}"


@pytest.mark.parametrize(
    "text", ["MIT or mine", "mit/nobody", "MIT, Apache-2.0", "GPL-3.0 or later?", "3_1", "a (b)"]
)
def test_what_is_no_spelling(text: str) -> None:
    assert NAMES.find(text) is None


@pytest.mark.parametrize(
    ("yaml", "id"),
    [
        ('"[More Information Needed]"', None),
        ("[More Information Needed]", None),
        ("NOASSERTION", None),
        ("'{{ license }}'", None),
        ("{{ license }}", None),
        ("see LICENSE file", "license/other"),
        ("[apache-2.0, cc-by-nc-4.0]", "license/Apache-2.0%20AND%20CC-BY-NC-4.0"),
        ("[mit, MIT]", "license/mit"),
        ("{name: llama2, link: 'https://ai.meta.com/llama/license/'}", "license/llama-2-license"),
        ("apache-2.0 (code), llama2 (weights)", "license/llama-2-license"),
        ("'code: MIT; weights: cc-by-nc-4.0'", "license/cc-by-nc-4.0"),
        ("MIT for code and llama2 for weights", "license/llama-2-license"),
        ("mit?", "license/local/mit"),
        ("'MIT*'", "license/local/mit"),
        (
            "MIT (non-commercial use of the model)",
            "license/local/mit-non-commercial-use-of-the-model",
        ),
        (
            "apache-2.0 for research models only",
            "license/local/apache-2.0-for-research-models-only",
        ),
        ("MIT/Apache-2.0", "license/MIT%20OR%20Apache-2.0"),
        ("MIT/cc-by-nc-4.0", "license/MIT%20AND%20CC-BY-NC-4.0"),
        ("MIT or cc-by-nc-4.0", "license/MIT%20or%20cc-by-nc-4.0"),
        (
            "{name: mit, link: 'https://creativecommons.org/licenses/by-nc/4.0/'}",
            "license/MIT%20AND%20CC-BY-NC-4.0",
        ),
        ("mit\nlicense_name: cc-by-nc-4.0", "license/MIT%20AND%20CC-BY-NC-4.0"),
        ("mit\nlicense_name: other", "license/mit"),
        ("llama3\nlicense_name: llama3", "license/llama-3-license"),
    ],
)
def test_license_fields_of_cards(tmp_path: Path, yaml: str, id: str | None) -> None:
    assert values(read(tmp_path, f"---\nlicense: {yaml}\n---\n"), "license") == [id]


def test_the_code_of_a_model_has_a_license_of_its_own(tmp_path: Path) -> None:
    found = read(tmp_path, "---\nlicense: apache-2.0 (code), llama2 (weights)\n---\n")
    assert values(found, "codeLicense") == ["license/apache-2.0"]
    found = read(tmp_path, "---\nlicense: MIT (code)\n---\n")
    assert values(found, "license") == [] and values(found, "codeLicense") == ["license/mit"]


def test_a_license_that_nobody_knows_keeps_its_address(tmp_path: Path) -> None:
    found = read(tmp_path, "---\nlicense:\n- {name: Arsonai, link: 'https://a.example/l'}\n---\n")
    assert values(found, "license") == ["license/local/arsonai"]


def test_parts_that_are_not_all_told_are_one_name() -> None:
    assert license_parts("MIT (code), or something") == (("MIT (code), or something", "license"),)


@pytest.mark.parametrize(
    ("yaml", "languages"),
    [
        ("한국어", ["korean"]),
        ("Korean", ["korean"]),
        ("ko, en", ["english", "korean"]),
        ("[한국어, 영어]", ["english", "korean"]),
        ("한국어/English", ["english", "korean"]),
        ("Korean and English", ["english", "korean"]),
        ("[kor, eng, jpn]", ["english", "japanese", "korean"]),
        ("中文", ["chinese"]),
        ("Deutsch", ["german"]),
        ("pt-BR", ["portuguese"]),
        ("no", ["norwegian"]),
    ],
)
def test_languages_of_cards(tmp_path: Path, yaml: str, languages: list[str]) -> None:
    found = read(tmp_path, f"---\nlanguage: {yaml}\nlicense: mit\n---\n")
    assert values(found, "language") == [f"language/{name}" for name in languages]
    assert not found.issues()
