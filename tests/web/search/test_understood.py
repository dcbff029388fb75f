"""The page of a search says how its words were understood, and takes each of them back."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.web.app.test_web import browse
from tests.web.search.test_web_search import found, links

QUERY = "/search?q=상업용 한국어 모델 라마 말고"


@pytest.mark.parametrize(
    ("lang", "words"),
    [("ko", ["언어", "한국어", "라마 말고", "제외"]), ("en", ["Language", "Korean", "라마 말고"])],
)
def test_words_are_chips(client: FlaskClient, lang: str, words: list[str]) -> None:
    text = browse(client, QUERY, lang).text
    part = text.partition('<ul class="chips"')[2].partition("</ul>")[0]
    assert all(word in part for word in words), part


def test_a_chip_makes_its_words_words_again(client: FlaskClient) -> None:
    first, *_ = links(client.get(QUERY).text, "chips")
    assert "word=" in first
    before = found(client, "/search.json?q=상업용 한국어 모델 라마 말고")
    after = found(client, first.replace("/search?", "/search.json?"))
    assert [u["field"] for u in before["understood"]] == ["verdict", "lang", "kind", "name"]
    assert [u["field"] for u in after["understood"]] == ["lang", "kind", "name"]
    back = [address for address in links(client.get(first).text, "chips") if "word=" not in address]
    assert len(back) == 1  # of the words themselves, which are understood again


def test_the_answer_says_what_is_left_out(client: FlaskClient) -> None:
    answer = found(client, "/search.json?q=네이버에서 공개한 모델 좀 추천해 주세요")
    assert "추천해 주세요" in " ".join(answer["left_out"])
    assert [(u["field"], u["filter"]) for u in answer["understood"]] == [
        ("org", "org:네이버"),
        ("kind", ""),
    ]
    page = client.get("/search?q=네이버에서 공개한 모델 좀 추천해 주세요").text
    assert "추천해 주세요" in page.partition("</ol>")[0]


def test_what_is_not_applied_is_said(client: FlaskClient) -> None:
    text = client.get("/search?q=상업용 비쿠나 모델").text
    assert "is not applied as a filter" in text
    assert 'href="/family/vicuna"' in text


def test_pages_keep_the_words(client: FlaskClient) -> None:
    text = client.get("/search?q=상업용 한국어 모델&word=상업용").text
    assert all("word=" in address for address in links(text, "sort"))
