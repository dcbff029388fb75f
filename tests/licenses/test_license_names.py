"""Spellings of licenses that sources use, and those that name nothing for certain."""

from __future__ import annotations

import pytest

from tests.reading import kit_of

KIT = kit_of("test")


@pytest.mark.parametrize(
    ("written", "id"),
    [
        ("Llama 2 Community License", "llama-2-license"),
        ("Meta Llama 3 Community License Agreement", "llama-3-license"),
        ("Llama 3.1 Community License Agreement", "llama-3.1-license"),
        ("LLAMA 3.2 COMMUNITY LICENSE AGREEMENT", "llama-3.2-license"),
        ("LLaMA license agreement", "llama-1"),
        ("BSD-3", "bsd-3-clause"),
        ("Gemma Terms of Use", "gemma-terms"),
        ("BigScience RAIL License v1.0", "bigscience-rail-1.0"),
        ("BigCode OpenRAIL-M v1 license agreement", "bigcode-openrail-m-v1"),
        ("EXAONE AI Model License Agreement 1.1 - NC", "exaone-1.1-nc"),
        ("Creative Commons Attribution Non Commercial 4.0", "cc-by-nc-4.0"),
        (
            "Creative Commons Attribution-NonCommercial-ShareAlike 4.0 International",
            "cc-by-nc-sa-4.0",
        ),
        ("GNU Affero General Public License v3.0", "agpl-3.0"),
        ("FALCON 180B TII LICENSE VERSION 1.0", "falcon-180b-tii"),
        ("https://creativecommons.org/licenses/by/4.0/", "cc-by-4.0"),
        ("http://www.creativecommons.org/licenses/by-nc/4.0/deed.en", "cc-by-nc-4.0"),
        ("https://spdx.org/licenses/MIT.html", "mit"),
        ("https://ai.google.dev/gemma/terms", "gemma-terms"),
    ],
)
def test_read(written: str, id: str) -> None:
    assert KIT.licenses.find(written) == f"license/{id}"


@pytest.mark.parametrize(
    "written",
    [
        "Llama Community License",  # of which version?
        "AI2 ImpACT",  # low risk or medium risk?
        "CC-BY-ND",
        "Qianwen License",
        "Apache 2.0 and bespoke community license",
        "Mistral Research License (MRL), Mistral Commercial License",
        "Agreement",
        "https://x.example/LICENSE",
        "https://creativecommons.org/licenses/",
        "https://huggingface.co/docs/hub/repositories-licenses",
    ],
)
def test_not_guessed(written: str) -> None:
    assert KIT.licenses.find(written) is None


def test_terms_told_in_prose_are_no_name() -> None:
    prose = "The Stack is a collection of source code from repositories with various licenses. " * 3
    (claim,) = KIT.license("model/a", prose, "here")
    assert claim.said.value == "license/other"  # type: ignore[union-attr]
    assert "The Stack is" in claim.said.note  # type: ignore[union-attr]
