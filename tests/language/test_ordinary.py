"""A word of the language is told from a name, whatever stands behind it."""

import pytest

from kg.language.ordinary import is_ordinary


@pytest.mark.parametrize(
    "word",
    "가격 가격을 가격이라도 학습데이터 개인정보를 걸리는 걸려요 먹었어요 예쁜 추운 들었다 몰라요 만든 만드는 가볍게 했던 "
    "되나요 없이 곳에서 수를 상업적으로 자유롭게 비교해주세요 house houses comparing compared stopped happily faster".split(),
)
def test_words_of_the_language(word: str) -> None:
    assert is_ordinary(word)


@pytest.mark.parametrize(
    "word",
    "알팍카 비쿠냐 미스트럴 코알파카 큐웬 퍄쳐ㅜㅁ ㅇㅍㅋ alpacca mistrla llamma qwne v0.1 7b".split(),
)
def test_names_and_slips_are_none(word: str) -> None:
    assert not is_ordinary(word)
