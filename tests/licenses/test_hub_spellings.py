"""Licenses as the Hub writes them: label, name, address, publisher and model decide together."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.files.yaml import read_yaml
from kg.licenses.naming._addresses import text_address
from kg.licenses.naming.shared_names import LicenseBearer
from kg.model.claim import Claim
from tests.licenses.shares import catalog_share, shipped_share
from tests.licenses.shares import told as told_share
from tests.reading import kit_of, license_terms

KIT = kit_of("test")
TERMS = license_terms()
CASES = read_yaml(Path(__file__).parent / "spellings.yaml").data
UNDECIDED = {one.otherwise for one in TERMS.shared if one.label}
OWN_FILE = re.compile(r"[\w.]+")


def claimed(case: dict[str, Any]) -> Claim:
    """The claim on a model that a card with these fields makes."""
    on, link = case.get("on", ""), case.get("link", "")
    if OWN_FILE.fullmatch(link):
        link = f"https://huggingface.co/{on}/blob/main/{link}"
    found = KIT.license(
        f"model/hf/{on}" if on else "model/test/a",
        case.get("tag", "other"),
        "here",
        name=case.get("name", ""),
        link=link,
        bases=case.get("base", ()),
    )
    (claim,) = (one for one in found if isinstance(one, Claim) and one.property == "license")
    return claim


def told(case: dict[str, Any]) -> str:
    return " ".join(str(value) for value in case.values())


@pytest.mark.parametrize("case", CASES, ids=told)
def test_each_spelling_is_read_as_it_is_meant(case: dict[str, Any]) -> None:
    value = str(claimed(case).said.value)
    if case["is"]:
        assert value == f"license/{case['is']}"
    else:  # a name that nobody here has read
        assert value.startswith("license/test/") and TERMS.license(value).unknown


def test_the_table_is_large_and_says_nothing_twice() -> None:
    assert len(CASES) >= 120
    assert len(set(map(repr, CASES))) == len(CASES)
    assert {case["is"] for case in CASES if f"license/{case['is']}" in UNDECIDED}


def test_what_nothing_decides_is_unknown_and_says_what_it_may_be() -> None:
    license = TERMS.licenses["license/modified-mit"]
    assert not license.clauses and license.reading == "label"
    for lang in ("en", "ko"):
        assert "moonshotai" in (license.unknown or {})[lang]
        assert "MiniMaxAI" in (license.unknown or {})[lang]
    both = TERMS.license(
        "license/LicenseRef-gyebo-openmdw-1.1%20AND%20LicenseRef-gyebo-modified-mit"
    )
    assert both.unknown and both.clauses
    exaone = (TERMS.licenses["license/exaone"].unknown or {})["en"]
    assert "1.1 - NC" in exaone and "1.2 - NC" in exaone


@given(
    st.sampled_from(TERMS.shared),
    st.from_regex(r"[a-z0-9]{3,12}/[A-Za-z0-9.-]{1,20}", fullmatch=True),
    st.data(),
)
def test_a_stranger_s_model_never_gets_a_maker_s_license_by_its_own_name(
    shared: Any, stranger: str, data: st.DataObject
) -> None:
    makers = {maker.casefold() for one in shared.means for maker in one.publisher}
    owner, _, name = stranger.partition("/")
    if owner in makers:
        return
    pattern = data.draw(st.sampled_from([p for one in shared.means for p in one.models]))
    for model in (name, pattern.replace("*", "x")):  # though it is called as the maker's model
        bearer = LicenseBearer(own=(f"{owner}/{model}",))
        assert shared.decide(bearer) == shared.otherwise


# ---- links

PLACES = [
    "https://huggingface.co/moonshotai/Kimi-K2-Instruct/{view}/{revision}/LICENSE",
    "https://hf.co/moonshotai/Kimi-K2-Instruct/{view}/{revision}/LICENSE",
    "http://www.huggingface.co/moonshotai/Kimi-K2-Instruct/{view}/{revision}/LICENSE?download=true",
    "https://huggingface.co/moonshotai/Kimi-K2-Instruct/{view}/{revision}/LICENSE#L3",
]
REVISIONS = st.one_of(
    st.sampled_from(["main", "master", "HEAD", "refs/heads/main", "refs%2Fpr%2F9", "v1.0"]),
    st.from_regex(r"[0-9a-f]{40}", fullmatch=True),
)


@given(st.sampled_from(PLACES), st.sampled_from(["blob", "resolve", "raw"]), REVISIONS)
def test_every_form_of_a_link_is_of_one_file(form: str, view: str, revision: str) -> None:
    link = form.format(view=view, revision=revision)
    address = text_address(link)
    assert address.place == "huggingface.co/moonshotai/kimi-k2-instruct/license"
    assert address.model == "moonshotai/Kimi-K2-Instruct"
    assert KIT.licenses.by_link(link) == "license/kimi-k2-modified-mit"


@given(REVISIONS, st.sampled_from(["blob", "raw", "tree"]))
def test_a_raw_file_of_github_is_its_page(revision: str, view: str) -> None:
    page = f"https://github.com/01-ai/Yi/{view}/{revision}/MODEL_LICENSE_AGREEMENT.txt"
    raw = f"https://raw.githubusercontent.com/01-ai/Yi/{revision}/MODEL_LICENSE_AGREEMENT.txt"
    assert text_address(page) == text_address(raw)
    assert KIT.licenses.by_link(page) == KIT.licenses.by_link(raw)


@given(st.from_regex(r"[0-9a-f]{40}", fullmatch=True))
def test_an_unknown_commit_of_a_file_with_several_texts_is_not_guessed(commit: str) -> None:
    link = f"https://github.com/01-ai/Yi/blob/{commit}/MODEL_LICENSE_AGREEMENT.txt"
    assert KIT.licenses.by_link(link) is None


@given(st.text(max_size=60))
def test_any_link_is_taken(text: str) -> None:
    for link in (text, f"https://huggingface.co/{text}", f"https://{text}", f"https://[{text}"):
        assert KIT.licenses.by_link(link) is None or KIT.licenses.by_link(link) in TERMS.licenses


def test_what_is_no_license_file_names_no_model() -> None:
    assert text_address("https://huggingface.co/a/b/blob/main/README.md").model == ""
    assert text_address("https://huggingface.co/datasets/a/b/blob/main/LICENSE").model == ""
    assert text_address("https://github.com/a/b/blob/main/LICENSE").model == ""


# ---- the share of the catalog


def test_the_share_counts_what_names_a_license() -> None:
    cases = [{"tag": "mit"}, {"tag": "other"}, {"tag": "modified-mit"}, {"name": "my-own-text"}]
    share = catalog_share(map(claimed, cases), TERMS)
    assert (share.claims, share.unnamed, share.read) == (4, 1, 1)
    assert dict(share.named) == {"license/modified-mit": 1}
    assert dict(share.without) == {"license/test/my-own-text": 1}


def test_the_catalog_that_comes_with_gyebo_reaches_terms() -> None:
    share = shipped_share()
    assert share.reached >= 0.985 and share.known >= 0.97, told_share(share)
