"""Letters of another script in a name, after Unicode Technical Standard 39."""

from __future__ import annotations

import unicodedata

import pytest

from kg.language.lookalikes import find_lookalikes


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("meta-llаma/Llama-3", "а"),
        ("Gеmmа 2", "еа"),
        ("Gρt-4", "ρ"),  # Greek
        ("Llamа모델", "а"),  # beside Korean as well
        ("сохе", "сохе"),  # a whole word that looks Latin
        ("ΑΙ-ΝΕΤ", "ΑΙΝΕΤ"),
        ("Qwеn３", "е"),
        ("йllama", "й"),
        ("Ԛwen", "Ԛ"),
        ("Օpen", "Օ"),  # Armenian
        ("ᏞlaMA", "Ꮮ"),  # Cherokee
    ],
)
def test_a_letter_of_another_script_is_told(name: str, letters: str) -> None:
    assert "".join(find_lookalikes(name).letters) == letters


@pytest.mark.parametrize(
    "name",
    [
        "Llama 참나무-7B",
        "라마LLaMA",
        "日本語LLM",
        "ガスLLM東京",
        "Яндекс GPT",
        "Çok Ünïcode",
        "ＬＬａＭＡ",
        "α-model",
        "한국어",
        unicodedata.normalize("NFD", "한국어 LLM é"),
        "",
    ],
)
def test_what_is_written_so_is_not_told(name: str) -> None:
    assert find_lookalikes(name) == ((), ())


def test_what_cannot_be_seen_is_told() -> None:
    assert find_lookalikes("meta\u200b-llama\u202e").unseen == ("\u200b", "\u202e")


def test_a_path_on_the_hub_has_ascii_only() -> None:
    assert find_lookalikes("o/参考-é", ascii_only=True).letters == ("参", "考", "é")
