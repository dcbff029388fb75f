"""What six kinds of people come for, each from the home page in three clicks at most.

Typing and Enter are no clicks. A link is known by where it leads, as addresses stay and words change; what must be
seen is read from the data.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from kg.answers.license import license_answer
from kg.model.dating import known_date
from kg.snapshot.snapshot import Snapshot

pytestmark = pytest.mark.slow

Visit = Callable[..., Any]
MOST = 3
KOALPACA = "model/koalpaca-polyglot-12.8b"
VICUNA = "model/vicuna-13b"
OPENAI = "org/openai"


class Reader:
    """Somebody at the site, whose clicks are counted."""

    def __init__(self, page: Any) -> None:
        self.page, self.clicks = page, 0

    def ask(self, words: str, field: str = "#q") -> Reader:
        """Type words and press Enter."""
        self.page.locator(field).fill(words)
        with self.page.expect_navigation():
            self.page.locator(field).press("Enter")
        return self

    def follow(self, path: str, query: str = "") -> Reader:
        """Click the first link that can be seen and leads to a path, with a part of its query."""
        link = self._link(path, query)
        self.clicks += 1
        with self.page.expect_navigation():
            link.click()
        return self

    def press(self, target: Any) -> Reader:
        """Click what opens or ticks something on the page."""
        self.clicks += 1
        target.click()
        return self

    def fetch(self, path: str, query: str = "") -> bytes:
        """Click a link to a file; what it holds."""
        link = self._link(path, query)
        self.clicks += 1
        answer = self.page.request.get(link.evaluate("(link) => link.href.baseVal ?? link.href"))
        assert answer.ok
        return bytes(answer.body())

    def _link(self, path: str, query: str) -> Any:
        for link in self.page.locator("a[href]:visible").all():
            address = urlsplit(link.get_attribute("href"))
            if unquote(address.path) == path and query in address.query:
                return link
        raise AssertionError(f"no link leads to {path} {query} on {self.page.url}")

    def sees(self, *texts: str) -> None:
        """Each text can be seen on the page, without a further click."""
        seen = " ".join(self.page.locator("main").inner_text().split())
        for text in texts:
            assert text in seen, text

    def done(self) -> None:
        """The task took no more clicks than it may."""
        assert self.clicks <= MOST, self.clicks


@pytest.fixture
def reader(visit: Visit, url: str) -> Iterator[Reader]:
    """Somebody on the English home page, whose task ends in few clicks."""
    one = Reader(visit(f"{url}/?lang=en"))
    yield one
    one.done()


@pytest.fixture
def korean(visit: Visit, url: str) -> Iterator[Reader]:
    """Somebody on the Korean home page with a phone."""
    one = Reader(visit(f"{url}/?lang=ko", 390, has_touch=True))
    yield one
    one.done()


def name_of(snapshot: Snapshot, id: str, lang: str = "en") -> str:
    return snapshot.label(id, lang)


def column(page: Any, name: str) -> list[str]:
    return [" ".join(text.split()) for text in page.locator(f"td.c-{name}").all_inner_texts()]


# ---- an engineer who looks for a base model


def test_a_korean_base_for_a_product(reader: Reader, expect: Any) -> None:
    reader.follow("/models").ask("Korean commercial 7B or less", "#ask")
    expect(reader.page.locator("ul.chips a.chip")).not_to_have_count(0)
    reader.follow("/models", "sort=context")
    known = [
        int(re.sub(r"\D", "", text)) for text in column(reader.page, "context") if "–" not in text
    ]
    assert known == sorted(known, reverse=True) and known


def test_the_best_korean_score_first(reader: Reader) -> None:
    reader.follow("/models").follow("/models", "sort=score")
    scores = [float(text.split()[0]) for text in column(reader.page, "score") if text[0].isdigit()]
    assert scores == sorted(scores, reverse=True) and len(scores) > 1


def test_two_models_are_compared_by_ticking(reader: Reader, expect: Any) -> None:
    page = reader.page
    page.goto(reader.page.url.replace("/?", "/models?"))  # where the report says it starts
    reader.press(page.locator("input[name=id]").nth(0)).press(page.locator("input[name=id]").nth(1))
    with page.expect_navigation():
        reader.press(page.locator(".tray button"))
    expect(page.locator(".chosen li")).to_have_count(2)


def test_three_models_are_compared_by_name(reader: Reader, snapshot: Snapshot, expect: Any) -> None:
    ids = (KOALPACA, VICUNA, "model/alpaca-7b")
    reader.ask(name_of(snapshot, ids[0])).follow(f"/{ids[0]}").follow("/compare")
    for id in ids[1:]:
        reader.ask(name_of(snapshot, id), "main form input[name=id]:visible")
    expect(reader.page.locator(".chosen li")).to_have_count(3)
    reader.sees(*(name_of(snapshot, id) for id in ids))


def test_a_model_on_the_hub(reader: Reader, snapshot: Snapshot) -> None:
    id = "model/llama-3.1-8b"
    reader.ask(name_of(snapshot, id)).follow(f"/{id}")
    (hub,) = snapshot.entity(id).values("hubId")[:1]
    assert reader.page.locator(f'a[href="https://huggingface.co/{hub}"]:visible').count()


def test_the_rows_as_a_file_to_share(reader: Reader) -> None:
    reader.follow("/models").ask("Korean 7B or less", "#ask")
    shown = reader.page.locator("tbody th a").all_inner_texts()
    rows = [*csv.DictReader(io.StringIO(reader.fetch("/models.csv").decode("utf-8-sig")))]
    assert [row["label"] for row in rows][: len(shown)] == shown and "q=" in reader.page.url


def test_the_newest_model_first(reader: Reader) -> None:
    reader.follow("/models").follow("/models", "sort=released")
    days = [
        text for text in column(reader.page, "released") if text[0].isdigit() or text[0].isalpha()
    ]
    assert days and reader.page.locator("th[aria-sort=descending].c-released").count()


# ---- a lawyer who asks what one may do


@pytest.mark.parametrize("id", [KOALPACA, VICUNA, "family/llama"])
def test_the_verdict_with_its_reason_and_duties(
    reader: Reader, snapshot: Snapshot, id: str
) -> None:
    reader.ask(name_of(snapshot, id)).follow(f"/{id}")
    answer = license_answer(snapshot, id, "commercial")
    assert answer.decisive
    reader.sees(answer.decisive.why)
    sure = [duty.text for duty in answer.checklist if duty.sure]
    reader.sees(*sure)


def test_the_sentence_of_a_clause(reader: Reader, snapshot: Snapshot) -> None:
    reader.ask(name_of(snapshot, VICUNA)).follow(f"/{VICUNA}")
    answer = license_answer(snapshot, VICUNA, "commercial")
    quote = next(f.citation.quote for f in answer.findings if f.citation.quote)
    reader.press(reader.page.locator("details.fold summary", has_text="terms that reach it"))
    reader.sees(" ".join(quote.strip('"“”').split()))


@pytest.mark.parametrize("id", [KOALPACA, VICUNA])
def test_terms_of_openai_come_with_its_outputs(reader: Reader, snapshot: Snapshot, id: str) -> None:
    """Each term beside the drawing of the way it came."""
    reader.ask(name_of(snapshot, id)).follow(f"/{id}")
    reader.press(reader.page.locator("details.fold summary", has_text="terms that reach it"))
    reader.follow(f"/{id}/terms", "from=product")
    lit = reader.page.locator("svg.ways a.lit").evaluate_all(
        "(all) => all.map((a) => a.dataset.id)"
    )
    (way,) = {
        tuple(f.path)
        for f in license_answer(snapshot, id, "commercial").findings
        if f.path[-1] == "product/chatgpt"
    }
    assert {*lit} == {*way} and len(way) == 3


def test_a_model_that_does_not_exist_yet(reader: Reader, snapshot: Snapshot) -> None:
    reader.follow("/check").follow("/what-if")
    reader.ask(name_of(snapshot, "model/llama-3.1-8b"), "main input[name=base]")
    assert reader.page.locator(".verdict h2").count()


def test_a_memo_fits_two_pages_of_paper(reader: Reader, snapshot: Snapshot) -> None:
    reader.ask(name_of(snapshot, KOALPACA)).follow(f"/{KOALPACA}")
    reader.follow(f"/{KOALPACA}/memo")
    reader.sees(name_of(snapshot, KOALPACA))
    paper = reader.page.pdf(format="A4")
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", paper)) <= 2


def test_a_list_that_is_pasted_has_a_verdict_each(reader: Reader, snapshot: Snapshot) -> None:
    ids = (KOALPACA, VICUNA, "model/solar-10.7b")
    known = [id for id in ids if snapshot.lines.find(id) is not None]
    reader.follow("/check")
    reader.page.locator("textarea[name=what]").fill(
        "\n".join(name_of(snapshot, id) for id in known)
    )
    with reader.page.expect_navigation():
        reader.press(reader.page.locator("form.paste button"))
    reader.sees(*(name_of(snapshot, id) for id in known))
    marks = reader.page.locator("main .vm").count()
    assert marks >= len(known) >= 2


# ---- a student who reads where a model comes from


def test_a_family_tree_at_once(reader: Reader, snapshot: Snapshot) -> None:
    reader.ask("KoAlpaca").follow("/family/koalpaca")
    box = reader.page.locator("[data-tree] a[data-id]:visible").first.bounding_box()
    assert box and box["y"] < 900
    reader.sees(name_of(snapshot, KOALPACA))


def test_the_data_a_family_was_made_with(reader: Reader, snapshot: Snapshot) -> None:
    reader.ask("KoAlpaca").follow("/family/koalpaca").follow("/family/koalpaca", "data=1")
    told = reader.page.locator("svg.flow a[data-id]").evaluate_all(
        "(all) => all.map((a) => a.dataset.id)"
    )
    data = {str(v) for v in snapshot.entity(KOALPACA).values("trainedOn")}
    assert data and data <= {*told}


def test_scores_of_a_family(reader: Reader) -> None:
    reader.ask("KoAlpaca").follow("/family/koalpaca")
    reader.sees("NSMC")


def test_the_oldest_korean_model(reader: Reader, snapshot: Snapshot) -> None:
    reader.follow("/models").ask("Korean", "#ask")
    reader.follow("/models", "sort=released")
    reader.follow("/models", "order=asc")
    first = reader.page.locator("tbody th a").first.get_attribute("href")
    assert first
    id = unquote(urlsplit(first).path.strip("/"))
    dates = [
        day
        for n in range(len(snapshot.lines))
        if (one := snapshot.entity_at(n)).id.startswith("model/")
        and "language/korean" in map(str, one.values("language"))
        and (day := known_date(one))
    ]
    assert known_date(snapshot.entity(id))[:4] == min(dates)[:4]


def test_a_page_is_cited(reader: Reader, snapshot: Snapshot) -> None:
    reader.ask("KoAlpaca").follow("/family/koalpaca").follow("/cite")
    text = reader.page.locator("main").inner_text()
    assert re.search(r"year\s*=\s*\{?20\d\d", text) and re.search(r"urldate\s*=\s*\{?20\d\d", text)
    assert snapshot.manifest.version in text


# ---- a researcher who takes the data along


def test_a_saved_query_answers(reader: Reader) -> None:
    reader.follow("/sparql").follow("/sparql", "example=korean-models")
    assert reader.page.locator("#answer table tbody tr").count() > 1


@pytest.mark.parametrize("ending", [".graphml", ".csv", ".ttl", ".nq", ".parquet"])
def test_the_whole_graph_as_a_file(reader: Reader, ending: str) -> None:
    reader.follow("/data")
    names = reader.page.locator("main a:visible").evaluate_all(
        "(all) => all.map((a) => a.getAttribute('href'))"
    )
    found = next(
        name
        for name in names
        if name.partition("?")[0].removesuffix(".gz").endswith(ending.removesuffix(".gz"))
    )
    assert reader.fetch(urlsplit(found).path)


def test_a_release_stays(reader: Reader, snapshot: Snapshot) -> None:
    version = snapshot.manifest.version
    reader.follow(f"/release/{version}")
    reader.sees(version)


def test_who_says_a_fact(reader: Reader, snapshot: Snapshot) -> None:
    reader.ask(name_of(snapshot, KOALPACA)).follow(f"/{KOALPACA}")
    row = reader.page.locator("#derivedFrom, #fineTunedFrom, #developer").first
    reader.press(row.locator(".dots summary"))
    assert row.locator(".claims li:visible").count()


def test_the_description_for_programs(reader: Reader) -> None:
    told = json.loads(reader.follow("/data").fetch("/openapi.json"))
    assert told["openapi"].startswith("3.") and "/{kind}/{slug}/license.json" in told["paths"]


# ---- a journalist who tells a story


def test_releases_of_two_makers(reader: Reader, snapshot: Snapshot) -> None:
    """The two with the most dated models stand in a lane each, and the picture can be shown elsewhere."""
    made: Counter[str] = Counter()
    for number in range(len(snapshot.lines)):
        one = snapshot.entity_at(number)
        if one.id.startswith("model/") and known_date(one):
            made.update(map(str, one.values("developer")[:1]))
    names = [name_of(snapshot, id) for id, _ in made.most_common(2)]
    reader.follow("/timeline")
    for name in names:
        reader.ask(name, "main form input[name=org]:visible")
    reader.sees(*names)
    makers = {
        text.split(",")[0]
        for text in reader.page.locator("main td:nth-of-type(2)").all_inner_texts()
    }
    assert {*names} <= makers or makers <= {*names}
    reader.press(reader.page.locator("details.embed summary").first)
    assert "<iframe" in reader.page.locator("details.embed code").first.inner_text()


def test_a_board_of_korean_models(reader: Reader, snapshot: Snapshot) -> None:
    reader.follow("/timeline").follow("/board").follow("/board/kr")
    seen = reader.page.locator("main").inner_text()
    assert any(
        name_of(snapshot, id) in seen
        for id in ("org/naver", "org/upstage", "org/lg-ai-research", "org/kakao")
    )


def test_who_learned_from_the_outputs_of_a_maker(reader: Reader, snapshot: Snapshot) -> None:
    reader.ask(name_of(snapshot, OPENAI)).follow(f"/{OPENAI}").follow(f"/{OPENAI}/lineage")
    reader.sees(name_of(snapshot, VICUNA))
    assert reader.fetch(f"/{OPENAI}/lineage.svg").startswith(b"<svg")


def test_where_sources_disagree(reader: Reader) -> None:
    reader.follow("/disagreements")
    assert reader.page.locator("main a[href*='/disagreement']").count() > 1


def test_what_changed(reader: Reader) -> None:
    reader.follow("/changes")
    assert reader.page.locator("main .lead").inner_text()


# ---- somebody with a phone, in Korean


def test_a_phone_tells_what_a_model_is(korean: Reader, snapshot: Snapshot) -> None:
    korean.ask("코알파카 폴리글랏 12.8B").follow(f"/{KOALPACA}")
    page = korean.page
    for id in ("may-i", "kin"):
        box = page.locator(f"#{id}").bounding_box()
        assert box and box["y"] < 844 * 1.6, id
    (maker,) = snapshot.entity(KOALPACA).values("developer")[:1]
    korean.sees(name_of(snapshot, str(maker), "ko"))
    assert page.locator("a[href^='https://huggingface.co/']:visible").count()


def test_a_phone_shows_siblings_in_the_tree(korean: Reader, snapshot: Snapshot) -> None:
    korean.ask("코알파카").follow("/family/koalpaca")
    korean.sees(name_of(snapshot, KOALPACA, "ko"))


def test_a_phone_shares_an_address(korean: Reader) -> None:
    korean.ask("코알파카").follow("/family/koalpaca")
    korean.press(korean.page.locator(".share summary"))
    assert korean.page.locator(".share code").inner_text().endswith("/family/koalpaca")


# ---- names of today


@pytest.mark.parametrize(
    ("words", "id"),
    [
        ("Qwen3-8B", "model/qwen3-8b"),
        ("gpt-oss-20b", "model/gpt-oss-20b"),
        ("EXAONE 4.0 32B", "model/exaone-4.0-32b"),
        ("Kimi K2.5", "model/kimi-k2.5"),
        ("DeepSeek-R1", "model/deepseek-r1"),
        ("Gemma 3 27B", "model/gemma-3-27b-it"),
        ("Composer 2", "model/composer-2"),
        ("Claude Opus 4.5", "model/claude-opus-4.5"),
    ],
)
def test_a_name_of_today_is_found_first(
    reader: Reader, snapshot: Snapshot, words: str, id: str
) -> None:
    reader.ask(words).follow(f"/{id}")
    reader.sees(name_of(snapshot, id))
    assert reader.clicks == 1


def test_a_name_that_is_missing_is_said_to_be(reader: Reader) -> None:
    reader.ask("Llama 9")
    reader.sees("No model Llama 9 is known")
