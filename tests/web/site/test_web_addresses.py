"""What search engines are told: canonical addresses, languages, the sitemap, robots; and report a mistake."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

import web.site.sitemap
from kg.config import Config, load_config
from kg.errors import ConfigError
from kg.model.claim import Claim, Said
from kg.model.iri import iri
from kg.snapshot.snapshot import Snapshot
from tests.build.test_build import named, run
from tests.conftest import Corner, serving
from tests.gendocs import ROOT
from tests.web.app.test_web import HTML, PAGES, browse

BASE = "http://127.0.0.1:8000/"
SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def links(text: str) -> dict[str, str]:
    """rel or hreflang → address, unescaped."""
    head = text.partition("</head>")[0]
    found = re.findall(r'<link rel="(canonical)" href="([^"]*)">', head)
    found += re.findall(r'<link rel="alternate" hreflang="([^"]*)" href="([^"]*)">', head)
    return {name: address.replace("&amp;", "&") for name, address in found}


@pytest.mark.parametrize("path", [p for p in PAGES if "no/such" not in p])
def test_every_page_names_itself_and_its_languages(client: FlaskClient, path: str) -> None:
    found = links(browse(client, path).text)
    assert found.keys() == {"canonical", "en", "ko", "x-default"}
    assert found["canonical"] == found["x-default"] == BASE.rstrip("/") + path
    join = "&" if "?" in path else "?"
    for lang in ("en", "ko"):
        assert found[lang] == f"{found['canonical']}{join}lang={lang}"
        address = found[lang].removeprefix(BASE.rstrip("/"))
        there = links(browse(client, address).text)
        assert there == {**found, "canonical": found[lang]}, (
            "a language names itself and the others"
        )


def test_what_stands_open_is_no_part_of_the_address(client: FlaskClient) -> None:
    path = "/model/llama-7b?view=outline&use=redistribute&open=model/alpaca-7b"
    assert links(browse(client, path).text)["canonical"] == f"{BASE}model/llama-7b"
    assert links(browse(client, "/source/survey-004?page=2").text)["canonical"].endswith("?page=2")


def test_header_and_page_agree(client: FlaskClient, snapshot: Snapshot) -> None:
    for entity in [*snapshot.entities("model")][:40]:
        answer = browse(client, f"/{entity.id}")
        canonical = links(answer.text)["canonical"]
        assert f'<{canonical}>; rel="canonical"' in answer.headers["Link"]
        assert canonical == iri(snapshot.manifest.base, entity.id)


def test_an_error_is_no_page_of_its_own(client: FlaskClient) -> None:
    assert links(browse(client, "/no/such/thing").text) == {}


@pytest.mark.parametrize(
    ("query", "accept", "expected"),
    [("", "ko-KR,ko;q=0.9", "ko"), ("?lang=en", "ko", "en"), ("", "de,fr;q=0.5", "en")],
)
def test_the_language_stands_in_the_header(
    client: FlaskClient, query: str, accept: str, expected: str
) -> None:
    answer = client.get(f"/about{query}", headers={**HTML, "Accept-Language": accept})
    assert answer.headers["Content-Language"] == expected
    assert {"accept-language", "cookie"} <= set(answer.vary.as_set())


# ---- the sitemap ----


def addresses(client: FlaskClient, path: str) -> list[str]:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/xml")
    return [loc.text or "" for loc in ET.fromstring(answer.data).iter(f"{SPACE}loc")]


def test_the_sitemap_lists_every_page_once(
    client: FlaskClient, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web.site.sitemap, "MOST", 300)
    monkeypatch.setattr(web.site.sitemap, "_BATCH", 70)
    parts = [addresses(client, urlsplit(a).path) for a in addresses(client, "/sitemap.xml")]
    assert all(0 < len(part) <= 300 for part in parts)
    listed = [address for part in parts for address in part]
    assert len(listed) == len(set(listed)) and all(a.startswith(BASE) for a in listed)
    ids = {iri(BASE, e.id) for e in snapshot.entities()}
    assert set(listed) - ids == {
        BASE + p
        for p in (
            "",
            "changes",
            "data",
            "disagreements",
            "models",
            "release",
            "ontology",
            "about",
            "about/licenses",
            "benchmarks",
            "board",
            "check",
            "license-audit",
            "sparql",
            "timeline",
            "what-if",
        )
    }
    assert ids <= set(listed)
    for address in parts[0]:
        assert browse(client, urlsplit(address).path).status_code == 200
        assert links(browse(client, urlsplit(address).path).text)["canonical"] == address


@pytest.mark.parametrize("number", ["99", "9" * 30, "-1", "x"])
def test_parts_there_are_not(client: FlaskClient, number: str) -> None:
    assert client.get(f"/sitemap-{number}.xml").status_code == 404


def test_robots_name_the_sitemap(client: FlaskClient) -> None:
    assert f"Sitemap: {BASE}sitemap.xml" in client.get("/robots.txt").text.splitlines()


# ---- report a mistake ----


def test_a_mistake_leads_to_its_line(config: Config) -> None:
    template = "https://example.org/blob/main/{path}#L{line}"
    with serving(replace(config, repository=template)) as app:
        for path in ("/model/llama-65b", "/source/survey-004"):
            text = browse(app.test_client(), path).text
            found = re.findall(
                r'href="(https://example.org/[^"]*)"[^>]*><code>([^<]*)</code>', text
            )
            assert len(found) > 20
            for address, origin in found:
                file, _, line = origin.rpartition(":")
                assert address == f"https://example.org/blob/main/{file}#L{line}"
                assert (ROOT / file).is_file() and int(line) > 0
        assert "Follow that link" in browse(app.test_client(), "/model/llama-65b").text


def test_without_a_repository_the_line_and_what_to_do(client: FlaskClient) -> None:
    text = browse(client, "/model/llama-65b").text
    assert 'href="#correct"' in text and 'id="correct"><summary>Report a mistake</summary>' in text
    assert "data/README.md" in text and "CONTRIBUTING.md" in text
    assert "오류 신고" in browse(client, "/model/llama-65b", "ko").text
    assert "last seen Nov 21, 2026" in text


def test_the_line_is_the_one_that_says_it(client: FlaskClient) -> None:
    for fact in client.get("/model/llama-65b.json").get_json()["facts"]:
        for claim in fact["claims"]:
            if claim["origin"] and isinstance(claim["value"], int):
                file, _, line = claim["origin"].rpartition(":")
                block = (ROOT / file).read_text().splitlines()[int(line) - 1 : int(line) + 3]
                assert str(claim["value"]) in "\n".join(block)


def test_what_a_machine_read_is_reported_to_its_source(corner: Corner) -> None:
    run(corner, named("model/hf/o/a"))
    run_claims = corner.config.home / "runs" / "hub" / "claims.jsonl"
    more = b'{"subject":"model/hf/o/a","property":"contextLength","said":{"value":512,"source":"source/hub","locator":"config.json","url":"https://example.org/o/a"}}\n'
    run_claims.write_bytes(run_claims.read_bytes() + more)
    corner.build()
    with serving(corner.config) as app:
        text = browse(app.test_client(), "/model/hf/o/a").text
    assert (
        'Wrong? Report it to <a href="https://example.org/o/a" rel="nofollow noopener">Hub, config.json</a>'
        in text
    )


@pytest.mark.parametrize(
    "text",
    [
        "ftp://x/{path}",
        "https://x/",
        "{path}",
        "javascript:{path}",
        "https://x/{path} {line}",
        "https://x/{path}{line}{other}",
    ],
)
def test_a_repository_that_leads_nowhere_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="repository"):
        load_config(environ={"GYEBO_REPOSITORY": text})


# ---- pages with little to say ----


def test_an_organizations_models_stand_by_date(client: FlaskClient) -> None:
    text = browse(client, "/org/meta").text.partition("Developed here")[2].partition("<h2")[0]
    found = re.findall(r"<span>Model · ([^·<]+) · ([A-Z][^<]*\d{4})</span>", text)
    years = [date[-4:] for _, date in found]
    assert len(found) > 5 and years == sorted(years, reverse=True)
    assert ("LLaMA", "Feb 24, 2023") in found


def test_pages_with_nothing_to_list_say_so(corner: Corner) -> None:
    corner.write(
        "benchmark/b: {label: {en: B}}\norg/o: {label: {en: O}}\nfamily/f: {label: {en: F}}\n"
        "dataset/d: {label: {en: D}}\nmodel/m: {label: {en: M}}"
    )
    corner.build()
    with serving(corner.config) as app:
        client = app.test_client()
        for id in ("benchmark/b", "org/o", "family/f", "dataset/d"):
            text = browse(client, f"/{id}").text
            assert "No source read so far names" in text and "data/README.md" in text
            assert "지금까지 읽은 출처" in browse(client, f"/{id}", "ko").text
        assert "No scores on this benchmark" in browse(client, "/benchmark/b").text
        assert "Only the name of this is known" in browse(client, "/model/m").text


def test_an_unknown_id_can_be_searched(client: FlaskClient) -> None:
    text = browse(client, "/model/lama-7b").text
    assert 'href="/search?q=lama-7b"' in text and 'href="/model/llama-7b"' in text


def test_a_disputed_score_shows_both_values(corner: Corner) -> None:
    corner.write("benchmark/b: {label: {en: B}}\nmodel/m: {label: {en: M}}")
    id = "evaluation/t/b/m"
    run(
        corner,
        named(id),
        Claim(id, "evaluatedModel", Said(value="model/m", source="source/hub")),
        Claim(id, "onBenchmark", Said(value="benchmark/b", source="source/hub")),
        Claim(id, "score", Said(value=86.5, source="source/hub")),
        Claim(
            id,
            "score",
            Said(value=80.25, source="source/hub", rank="rejected", reason="of another model"),
        ),
    )
    corner.build()
    with serving(corner.config) as app:
        text = browse(app.test_client(), "/benchmark/b").text
    row = text.partition(f'href="/{id}"')[2].partition("</tr>")[0]
    assert "86.5" in row and "<s>80.25</s>" in row
    assert "rejected" in row and "of another model" in row
