"""Korean pages hold bound nouns to the word before, in their text and nowhere else."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from kg.language.spacing import NO_BREAK, hold_bound_nouns
from tests.pages import in_language
from web.ui.spacing import hold_in_page

CASES = {
    "쓸 수 있습니다": "쓸_수 있습니다",
    "할 수도, 쓸 수밖에": "할_수도, 쓸_수밖에",
    "적힌 것과 알려진 바가 없을 때": "적힌_것과 알려진_바가 없을_때",
    "출처가 다르기 때문입니다": "출처가 다르기_때문입니다",
    "적힌 대로 읽은 만큼 알 뿐입니다": "적힌_대로 읽은_만큼 알_뿐입니다",
    # no bound nouns: a count, an adverb, another word that begins alike
    "파라미터 수는 큰 수입니다": "파라미터 수는 큰 수입니다",
    "이는 바로 그 모델의 데이터": "이는 바로 그 모델의 데이터",
    "얻을 수입과 부를 때우기": "얻을 수입과 부를 때우기",
}


@pytest.mark.parametrize(("text", "held"), CASES.items())
def test_bound_nouns_stay_with_their_word(text: str, held: str) -> None:
    assert hold_bound_nouns(text) == held.replace("_", NO_BREAK)
    assert hold_bound_nouns(hold_bound_nouns(text)) == hold_bound_nouns(text)


def test_only_what_is_read_is_changed() -> None:
    page = (
        '<input value="쓸 수"><p class="쓸 수" title="a &gt; b 쓸 수">쓸 수 <b>볼 수</b> 1 &lt; 할 수</p>'
        "<textarea>쓸 수</textarea><pre>쓸 <i>쓸 수</i></pre><script>'쓸 수'</script>쓸 수"
    )
    held = hold_in_page(page).replace(NO_BREAK, "_")
    assert held == (
        '<input value="쓸 수"><p class="쓸 수" title="a &gt; b 쓸 수">쓸_수 <b>볼_수</b> 1 &lt; 할_수</p>'
        "<textarea>쓸 수</textarea><pre>쓸 <i>쓸 수</i></pre><script>'쓸 수'</script>쓸_수"
    )


@pytest.mark.parametrize("path", ["/", "/about", "/check", "/model/nobody-knows"])
def test_korean_pages_are_held_and_english_ones_are_not(client: FlaskClient, path: str) -> None:
    korean = client.get(in_language(path, "ko"), headers={"Accept": "text/html"}).text
    shown = re.sub(
        r"<[^>]*>", "|", re.sub(r"(?s)<(script|style|textarea|pre|code)\b.*?</\1>", "", korean)
    )
    assert hold_bound_nouns(shown) == shown
    assert NO_BREAK in korean or path.startswith("/model/")
    assert NO_BREAK not in client.get(in_language(path, "en")).text
