"""Licenses on the site: the verdict box, the question in the address, license pages, the method."""

from __future__ import annotations

import gzip
import html
import json
import re
from functools import cache
from pathlib import Path
from urllib.parse import quote

import html5rdf
import msgspec
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from kg.answers.contract import LicenseAnswer
from kg.answers.license import license_answer
from kg.answers.license_text import terms_answer
from kg.cli.main import main
from kg.config import Config
from kg.licenses.profile import Profile
from kg.licenses.rules import SEVERITY, USES
from kg.licenses.terms import Reading, Use
from kg.licenses.wording import phrases, sure_words
from kg.messages.message import catalog, particles
from kg.model.claim import kind_of
from kg.model.vocabulary import IN_FAMILY, load_vocabulary
from kg.snapshot.snapshot import Snapshot
from tests.conftest import Corner, serving
from tests.reading import license_terms
from tests.web.app.test_web import browse, spaced
from web.license._declared import FITS
from web.license._text import REACH, READ, TRIGGERS
from web.license._values import TIERS
from web.license.pages import read_evaluation
from web.license.question import BOXED
from web.ui.verdicts import LOOKS, USE_WORDS, verdict_at

TERMS = license_terms()
CLAUSES = [clause for one in TERMS.licenses.values() for clause in one.clauses]
ALPACA, LLAMA_2, LORA = "model/alpaca-7b", "model/llama-2-7b", "model/alpaca-lora"
PAGES = (
    f"/{ALPACA}",
    f"/{ALPACA}?use=relicense&mau=5&country=KR&competitor-of=nobody&name=A",
    f"/{LORA}",
    "/family/koalpaca",
    "/dataset/alpaca-52k",
    "/license/llama-2-license",
    "/license/mit",
    "/license/cc",
    "/license/apache-2.0?page=2",
    "/check",
    "/license-check?id=alpacca",
    "/what-if",
    "/what-if?base=bert-base&license=mit&was=base%3Dllama-2-7b%26license%3Dmit",
    f"/{ALPACA}/memo?country=KR,EU&name=A",
    "/what-if?base=llama-2-7b%2C+gpt-neox-20b&license=apache-2.0&data=alpaca-52k&outputs-of=gpt-4",
    "/what-if?base=nobody%2Fnothing&relation=adapter&use=redistribute&country=FR",
    "/what-if?card=base_model%3A+%2Froot%2Fx%0Alicense%3A+mit",
    "/about/licenses",
)


@cache
def korean() -> dict[str, str]:
    return dict(catalog("ko"))


def said(text: str, lang: str) -> str:
    return korean()[text] if lang == "ko" else text


def asked(snapshot: Snapshot) -> list[str]:
    return [e.id for kind in BOXED for e in snapshot.entities(kind)]


def sure(tier: int, read: Reading | None, lang: str) -> str:
    """How sure a page must call a clause: of a text that was not read in full, how it was read."""
    full = read in (None, "full") or tier == 3
    return said(TIERS[tier], lang) if full else sure_words(tier, read, lang)


def box_of(page: str) -> str:
    found = re.search(r'<section class="verdict.*?</section>', spaced(page), re.DOTALL)
    return found[0] if found else ""


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


# ---- the pages as such ----


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("path", PAGES)
def test_license_pages_are_sound_html(client: FlaskClient, path: str, lang: str) -> None:
    answer = browse(client, path, lang)
    assert answer.status_code == (400 if "alpacca" in path else 200)
    parser = html5rdf.HTMLParser(strict=False)
    parser.parse(answer.text)
    assert parser.errors == []
    ids = re.findall(r'(?<![-\w])id="([^"]+)"', answer.text)
    assert len(ids) == len(set(ids))
    ours = r'<script ((?:type="module" )?src="/static/[^"]+"|type="application/ld\+json")>'
    assert answer.text.count("<script") == len(re.findall(ours, answer.text))
    assert not re.search(r"<[^>]*\sstyle=", answer.text)
    for link in re.findall(r'<a [^>]*href="https?://[^>]*>', answer.text):
        assert 'rel="nofollow noopener"' in link or 'rel="nofollow"' in link
    assert len(gzip.compress(answer.data)) < 100_000


@pytest.mark.parametrize("path", [p for p in PAGES if "check" not in p and p != "/what-if"])
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_not_legal_advice_is_said_once(client: FlaskClient, path: str, lang: str) -> None:
    text = plain(browse(client, path, lang).text)
    assert text.count({"en": "not legal advice", "ko": "법률 자문이 아닙니다"}[lang]) == 1


def test_models_families_and_datasets_have_a_box_and_others_none(client: FlaskClient) -> None:
    assert all(
        box_of(browse(client, f"/{id}").text) for id in (ALPACA, "family/llama", "dataset/c4")
    )
    for path in ("/org/meta", "/product/chatgpt", "/license/mit"):
        assert 'id="may-i"' not in browse(client, path).text


def test_without_license_data_there_is_no_box(corner: Corner) -> None:
    corner.write(
        "source/s: {label: {en: S}}\nmodel/m: {label: {en: M}}\nlicense/l: {label: {en: L}}\n"
    )
    corner.build()
    with serving(corner.config) as app:
        for id in ("model/m", "license/l"):
            answer = browse(app.test_client(), f"/{id}")
            assert answer.status_code == 200 and "verdict" not in answer.text


# ---- what the box says ----


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_box_says_what_the_engine_says(
    client: FlaskClient, snapshot: Snapshot, lang: str
) -> None:
    for id in asked(snapshot):
        answer = license_answer(snapshot, id, lang=lang)
        box = box_of(browse(client, f"/{quote(id)}", lang).text)
        look = LOOKS[answer.verdict]
        heading = f"{said(USE_WORDS['commercial'], lang)}: {said(look.word, lang)}"
        assert f'<h2 id="verdict">{heading}</h2>' in box, id
        assert box.startswith(f'<section class="verdict {look.css}"') and look.icon in box, id
        came = [f for f in answer.findings if len(f.path) > 1 and f.way == "held"]
        came = [f for f in came if f.edges[0] != IN_FAMILY]
        if answer.consistency == "cannot-tell" and not came:  # nothing that could be carried
            assert f"<dt>{said('Inherited', lang)}</dt>" not in box, id
        elif answer.consistency != "consistent":
            assert said(FITS[answer.consistency], lang) in box, id
        text = plain(box)
        for finding in answer.findings:
            if finding.license:
                assert f'href="/{finding.license}"' in box, (id, finding.license)
                assert sure(finding.tier, finding.read, lang) in text, (id, finding.clause)
            if finding.citation.quote:
                sentence = " ".join(finding.citation.quote.split()).strip('"“”')
                assert sentence in text, (id, finding.citation.quote)


def test_every_origin_of_a_finding_is_linked(client: FlaskClient, snapshot: Snapshot) -> None:
    for id in asked(snapshot):
        box = box_of(browse(client, f"/{quote(id)}").text)
        for finding in license_answer(snapshot, id).findings:
            for step in set(finding.path) - {id}:
                linked = snapshot.lines.find(step) is not None
                assert not linked or f'href="/{quote(step)}"' in box, (id, finding.path)


def test_weights_data_and_an_adapter_file_are_answered_apart(client: FlaskClient) -> None:
    text = plain(box_of(browse(client, f"/{LORA}").text))
    assert "Weights prohibited" in text and "Training data" in text
    assert "Adapter file alone contested whether it is a derivative by itself" in text
    dataset = plain(box_of(browse(client, "/dataset/alpaca-52k").text))
    assert "The dataset itself" in dataset and "Weights" not in dataset


def test_every_tab_has_the_verdict_of_its_use(client: FlaskClient, snapshot: Snapshot) -> None:
    for id in asked(snapshot):
        box = box_of(browse(client, f"/{quote(id)}").text)
        uses = re.findall(r'href="([^"]*)#may-i" rel="nofollow" class="v-([a-z]+)"', box)
        expected = [license_answer(snapshot, id, use).verdict for use in USES]
        assert [verdict for _, verdict in uses] == expected, id


def test_a_family_shows_the_verdicts_of_its_members(
    client: FlaskClient, snapshot: Snapshot
) -> None:
    text = plain(box_of(browse(client, "/family/koalpaca").text))
    for id in ("model/koalpaca-llama", "model/koalpaca-polyglot-12.8b"):
        word = LOOKS[license_answer(snapshot, id).verdict].word
        assert f"{snapshot.label(id)} {word}" in text


def test_what_was_dropped_and_what_would_satisfy(client: FlaskClient) -> None:
    text = plain(box_of(browse(client, f"/{ALPACA}").text))
    assert "The declared license drops terms of substance." in text
    assert re.search(r"Missing: [^.]*research only", text)
    assert re.search(r"Licenses that carry all that was inherited LLaMA license", text)


@pytest.mark.parametrize(
    ("lang", "anew"),
    [
        ("en", "MIT License licensed anew by its maker, who wrote DeepSeek License Agreement 1.0"),
        ("ko", "의 작성자인 개발사가 새로 이용허락함"),
    ],
)
def test_the_box_says_who_licensed_anew(client: FlaskClient, lang: str, anew: str) -> None:
    box = plain(box_of(client.get(f"/model/deepseek-r1?lang={lang}").text))
    assert anew in box
    assert "carries all of it" not in box and "Inherited" not in box


def test_contradicting_claims_are_tried_one_by_one(client: FlaskClient) -> None:
    text = plain(box_of(browse(client, f"/{ALPACA}", "ko").text))
    assert "오픈 데이터 커먼즈" in text and "만 맞다면" in text and "엇갈리는 주장을 뺀다면" in text


def test_the_terms_in_force_stand_in_the_box_and_not_among_the_facts(client: FlaskClient) -> None:
    page = browse(client, f"/{ALPACA}").text
    assert 'id="effectiveTerm"' not in page and 'id="commercialVerdict"' not in page
    assert b"effectiveTerm" in client.get(f"/{ALPACA}.json").data


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_values_are_written_for_people(client: FlaskClient, snapshot: Snapshot, lang: str) -> None:
    for id in asked(snapshot):
        text = plain(box_of(browse(client, f"/{quote(id)}", lang).text))
        addressless = re.sub(r"https?://\S+", "", text)
        assert not re.search(r"\b(org|license|model)/[a-z]", addressless), id
        assert not re.search(r"[가-힣](을\(를\)|\(으\)로|와\(과\))", text), id
    llama = plain(box_of(browse(client, f"/{LLAMA_2}", lang).text))
    assert {"en": "Above 700,000,000 monthly", "ko": "월간 이용자가 7억 명을 넘으면"}[lang] in llama


# ---- the question in the address ----

OVER = {"mau": "800,000,000", "country": "kr", "use": "commercial"}


def test_a_profile_makes_the_answer_firmer(client: FlaskClient) -> None:
    below = box_of(client.get(f"/{LLAMA_2}?mau=1000", headers={"Accept": "text/html"}).text)
    above = client.get(f"/{LLAMA_2}", query_string=OVER, headers={"Accept": "text/html"}).text
    assert "v-conditional" in below[:60] and "v-prohibited" in box_of(above)[:60]
    assert "Country <b>South Korea</b>" in above and "800,000,000" in above
    assert "Monthly active users</a>" not in below  # no longer asked for


def test_the_question_is_kept_in_links_and_form(client: FlaskClient) -> None:
    box = box_of(browse(client, f"/{LLAMA_2}?use=relicense&mau=1000&name=Foo+%26+7B").text)
    assert f'href="/{LLAMA_2}?use=relicense&amp;mau=1000&amp;name=Foo+%26+7B#may-i"' in box
    assert f'href="/{LLAMA_2}?use=redistribute&amp;mau=1000&amp;name=Foo+%26+7B#may-i"' in box
    assert f'href="/{LLAMA_2}/license.json?use=relicense&amp;mau=1000&amp;name=Foo+%26+7B"' in box
    assert 'name="mau"' in box and 'value="1000"' in box and 'value="Foo &amp; 7B"' in box
    assert '<option value="relicense" selected>' in box and 'id="ask" open' in box


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("mau=abc", "give a number"),
        ("mau=-1", "give a number"),
        ("mau=" + "9" * 400, "give a number"),
        ("revenue=1e9", "give a number"),
        ("revenue=nan", "give a number"),
        ("country=Narnia", "two letters"),
        ("country=KR,EU", "one country"),
        ("country=XX", "two letters"),
        ("country=%ff", "two letters"),
        ("competitor-of=org/no-such", "no organization goes by"),
        ("name=" + "x" * 201, "at most 200"),
        ("use=eat", "is one of"),
    ],
)
def test_what_cannot_be_understood_is_said(client: FlaskClient, query: str, message: str) -> None:
    page = browse(client, f"/{ALPACA}?{query}")
    assert page.status_code == 400 and message in plain(box_of(page.text))
    assert "Commercial use: prohibited" in page.text  # the rest is answered
    data = client.get(f"/{ALPACA}/license.json?{query}")
    assert data.status_code == 400 and data.content_type == "application/problem+json"
    assert message in data.json["detail"]


@pytest.mark.parametrize(
    ("args", "query"),
    [
        ([], ""),
        (["--use", "redistribute"], "use=redistribute"),
        (
            ["--mau", "5000000", "--revenue", "2e6", "--country", "KR"],
            "mau=5,000,000&revenue=2000000&country=kr",
        ),
        (["--competitor-of", "naver", "--name", "Llama Ko"], "competitor-of=naver&name=Llama+Ko"),
        (["--competitor-of", "nobody"], "competitor-of=nobody"),
    ],
)
def test_the_twin_is_what_the_command_prints(
    client: FlaskClient, config: Config, args: list[str], query: str
) -> None:
    for id in (ALPACA, LLAMA_2, "product/chatgpt"):
        printed = CliRunner().invoke(
            main, ["--home", str(config.home), "license", id, *args, "--json"]
        )
        assert client.get(f"/{id}/license.json?{query}").text == printed.output, printed.output


def test_the_twin_in_korean_and_of_what_has_no_answer(client: FlaskClient) -> None:
    answer = client.get(f"/{ALPACA}/license.json?lang=ko")
    assert msgspec.json.decode(answer.data, type=LicenseAnswer).label == "알파카 7B"
    assert client.get("/org/meta/license.json").status_code == 400
    moved = client.get("/alpaca-7b/license.json?use=relicense")
    assert moved.status_code == 308
    assert moved.location == f"/{ALPACA}/license.json?use=relicense"


def test_any_name_leads_to_its_answer(client: FlaskClient) -> None:
    page = browse(client, "/license-check?id=alpaca-7b&use=redistribute&mau=5")
    assert page.status_code == 302
    assert page.location == f"/{ALPACA}?use=redistribute&mau=5#may-i"
    for path, headers in (
        ("/license-check.json", {}),
        ("/license-check", {"Accept": "application/json"}),
    ):
        data = client.get(f"{path}?id=alpaca-7b&country=KR", headers=headers)
        assert data.location == f"/{ALPACA}/license.json?country=KR"
    assert client.get("/license-check.json").status_code == 400
    assert client.get("/license-check.json?id=alpaca-7b&mau=x").status_code == 400
    assert client.get("/license-check.json?id=alpacca").status_code == 404


def test_a_name_that_nothing_goes_by_is_said_in_the_form(client: FlaskClient) -> None:
    page = browse(client, '/license-check?id=alpacca"><b>')
    assert page.status_code == 400 and "alpacca&#34;&gt;&lt;b&gt;" in page.text
    near = browse(client, "/license-check?id=alpacca")
    assert "/family/alpaca" in near.text and "alpacca" in near.text


# ---- pages of licenses ----


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_license_page_has_every_clause_with_its_sentence(
    client: FlaskClient, snapshot: Snapshot, lang: str
) -> None:
    for id, license in TERMS.licenses.items():
        page = browse(client, f"/{quote(id)}", lang)
        text = plain(page.text)
        assert page.status_code == 200, id
        answer = terms_answer(snapshot, id, lang)
        assert len(re.findall(r'<article id="c-', page.text)) == len(license.clauses), id
        for clause in answer.clauses:
            assert sure(clause.tier, license.reading, lang) in text, id
            if clause.citation.quote:
                sentence = " ".join(clause.citation.quote.split()).strip('"“”')
                assert sentence in text, (id, sentence)
            if clause.citation.url:
                assert html.escape(clause.citation.url) in page.text, id
        for name in filter(None, (license.spdx, license.scancode, *license.hub)):
            assert f"<code>{name}</code>" in page.text, (id, name)


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_unknown_terms_say_why(client: FlaskClient, lang: str) -> None:
    unknown = [one for one in TERMS.licenses.values() if one.unknown]
    for one in unknown:
        text = plain(browse(client, f"/{one.id}", lang).text)
        assert one.unknown and one.unknown[lang] in text, one.id
        assert {"en": "The terms are not known", "ko": "조건을 알 수 없습니다"}[lang] in text
    assert unknown


def test_what_stands_under_a_license_is_counted_and_paged(
    client: FlaskClient, snapshot: Snapshot
) -> None:
    widened = [*map(snapshot.inheritance.widened, snapshot.entities())]
    for id in TERMS.licenses:
        stating = [e.id for e in widened if id in e.values("license")]
        text = browse(client, f"/{id}").text
        assert re.search(rf"<p>{len(stating)} states? it, of (itself|themselves) or by", text), id
        under = text.partition('id="under"')[2].partition("</section>")[0]
        first = set(re.findall(r'<li><a href="/([^"]+)">', under))
        assert first <= set(stating) and len(first) == min(40, len(stating)), id
    second = browse(client, "/license/apache-2.0?page=2").text
    second = second.partition('id="under"')[2].partition("</section>")[0]
    apache = [e.id for e in widened if "license/apache-2.0" in e.values("license")]
    assert len(set(re.findall(r'<li><a href="/([^"]+)">', second))) == min(40, len(apache) - 40)


def test_the_method_names_all_it_uses(client: FlaskClient) -> None:
    for lang in ("en", "ko"):
        text = plain(browse(client, "/about/licenses", lang).text)
        for kind in TERMS.kinds.values():
            assert kind.label[lang] in text
        for edge in TERMS.classes.values():
            assert edge.label[lang] in text or not edge.relations
        for look in LOOKS.values():
            assert said(look.word, lang) in text
        found = read_evaluation()
        assert found and f"{found.precision:.3f}" in text and f"{found.recall:.3f}" in text


def test_an_evaluation_is_read_from_its_numbers(tmp_path: Path) -> None:
    path = tmp_path / "evaluation.json"
    clauses = [
        {"clause": "aup", "right": 8, "extra": 3, "missed": 0},
        {"clause": "badge", "right": 1, "extra": 0, "missed": 1},
    ]
    path.write_text(json.dumps({"models": 9, "clauses": clauses}))
    found = read_evaluation(path)
    assert found and (found.models, found.right, found.labeled) == (9, 9, 10)
    assert (found.precision, found.recall) == (9 / 12, 9 / 10)
    assert read_evaluation(tmp_path / "none.json") is None


# ---- words ----


def test_no_phrase_lacks_korean_and_none_is_unused() -> None:
    barred = {v for c in CLAUSES if c.kind == "use-restrictions" for v in c.value or ()}
    assert sorted(barred ^ phrases("uses").keys()) == []
    places = {c.cite.section for c in CLAUSES}
    assert phrases("places").keys() <= places
    described = {p for p in places if re.fullmatch(r"[a-z ]*(paragraph|condition)", p)}
    assert described <= phrases("places").keys()
    assert all(
        re.search("[가-힣]", text) for part in ("uses", "places") for text in phrases(part).values()
    )


def test_everything_the_data_can_say_has_words() -> None:
    relations = {r for edge in TERMS.classes.values() for r in edge.relations}
    assert relations <= load_vocabulary().properties.keys()
    kinds = TERMS.kinds.values()
    assert {c.trigger or TERMS.kinds[c.kind].trigger for c in CLAUSES} <= TRIGGERS.keys()
    assert {w for k in kinds for w in k.reach} | {
        w for c in CLAUSES for w in c.reach or ()
    } <= REACH.keys()
    assert {one.read["how"] for one in TERMS.licenses.values()} <= READ.keys()
    assert list(LOOKS) == list(SEVERITY) and set(USE_WORDS) == set(USES)


def test_each_verdict_has_its_own_shape_and_word() -> None:
    assert (
        len({look.icon for look in LOOKS.values()})
        == len({look.word for look in LOOKS.values()})
        == 5
    )


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("네이버와(과) 경쟁", "네이버와 경쟁"),
        ("카카오브레인와(과)", "카카오브레인과"),
        ("10억 엔을(를)", "10억 엔을"),
        ("“라마”(으)로", "“라마”로"),
        ("“엑사원”(으)로", "“엑사원”으로"),
        ("“쌀”(으)로", "“쌀”로"),
        ("“Llama”(으)로", "“Llama”로"),
        ("“BERT”(으)로", "“BERT”(으)로"),
    ],
)
def test_particles_suit_what_stands_before_them(sentence: str, expected: str) -> None:
    assert particles(sentence) == expected


@pytest.mark.parametrize("use", USES)
def test_the_verdict_of_the_build_is_that_of_the_answer(snapshot: Snapshot, use: Use) -> None:
    for number, entity in enumerate(snapshot.entities()):
        found = verdict_at(snapshot, number, use)
        if kind_of(entity.id) in BOXED:
            assert found == license_answer(snapshot, entity.id, use, Profile()).verdict, entity.id
        elif kind_of(entity.id) != "product":
            assert found is None
    assert verdict_at(snapshot, len(snapshot.lines) + 5) is None


# ---- the order of the box, and a model that does not exist yet ----


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_box_has_what_people_need_first(
    client: FlaskClient, snapshot: Snapshot, lang: str
) -> None:
    heads = ["To ship it you must", "What would change it", "What is not known"]
    words = [said(head, lang) for head in heads]
    prohibited = said("What you must do in any use that is allowed", lang)
    for id in asked(snapshot):
        answer = license_answer(snapshot, id, lang=lang)
        box = box_of(browse(client, f"/{quote(id)}", lang).text)
        told = [box.find(f"<h3>{word}</h3>") for word in words]
        told[0] = max(told[0], box.find(f"<h3>{prohibited}</h3>"))
        places = [place for place in [*told, box.find('class="parts"')] if place >= 0]
        assert places == sorted(places), id
        assert (told[0] >= 0) == bool(answer.checklist), id
        assert (told[2] >= 0) == bool(answer.gaps or answer.unknowns), id
        text = plain(box)
        for duty in answer.checklist:
            assert duty.text in text, (id, duty.text)
            assert duty.duty == "badge" or all(
                " ".join(line.split()) in text for line in duty.lines
            ), id
        assert all(gap.text in text for gap in answer.gaps), id


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_planned_model_is_answered_on_a_page(client: FlaskClient, lang: str) -> None:
    page = browse(client, "/what-if?base=llama-7b&license=mit&use=commercial&country=KR", lang).text
    box = box_of(page)
    assert 'class="verdict v-prohibited"' in box and "None" not in plain(box)
    assert 'value="llama-7b"' in page and '<option value="commercial" selected>' in page
    assert said("the planned model", lang) in plain(box)
    assert 'href="/model/llama-7b"' in box and 'href="/model/what-if"' not in box
    uses = re.findall(r'href="(/what-if[^"]*)#may-i"', box)
    assert len(uses) >= len(USES)
    for address in uses:
        assert client.get(html.unescape(address)).status_code == 200


@pytest.mark.parametrize(
    "query",
    ["base=bert-base&relation=cooked", "relation=merge&base=dataset/c4", "base=bert-base&mau=x"],
)
def test_what_makes_no_sense_of_a_planned_model_is_told(client: FlaskClient, query: str) -> None:
    page = browse(client, f"/what-if?{query}", "ko")
    assert page.status_code == 400 and 'role="alert"' in page.text
    assert client.get(f"/what-if.json?{query}").status_code == 400


def test_the_json_of_a_planned_model_is_that_of_the_command(
    client: FlaskClient, snapshot_home: Path
) -> None:
    query = {"base": "llama-2-7b,nobody/nothing", "license": "mit", "country": "KR"}
    arguments = ["--base", "llama-2-7b", "--base", "nobody/nothing", "--license", "mit"]
    printed = CliRunner().invoke(
        main, ["--home", str(snapshot_home), "license", *arguments, "--country", "KR", "--json"]
    )
    assert client.get("/what-if.json", query_string=query).text == printed.output
    assert client.get("/what-if.json").status_code == 400
