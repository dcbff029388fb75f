"""What a query names and the data lacks is said first; what goes by another spelling is never said to lack."""

from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from kg.answers import search as search_answer
from kg.answers.contract import MissingAnswer
from kg.answers.missing import data_date, find_missing
from kg.answers.show import show
from kg.cli.main import main
from kg.errors import UnknownId
from kg.snapshot.snapshot import Snapshot
from tests.conftest import Corner

LACKING = """
Llama 5 | llama-5 | llama5 | Llama 5 Scout | Qwen 9.9 | qwen9 | gpt-99 | GPT 99 turbo | EXAONE 9 | gemma 9 | gemma 3 13b
llama 3.1 9b | Claude Opus 9.9 | claude 99 | Gemini 9 Pro | DeepSeek V9 | DeepSeek R9 | Kimi K9 | Solar Open 9 | Mistral 9
phi 9 | grok 99 | A.X 9.0 | Kanana 9 | HyperCLOVA X 9 | Falcon 9 | Zephyrion 7B | llama 5 license | EXAONE 4.0 99b
라마 5 | 라마5 | 라마 5를 | 라마 5 라이선스 | 라마 3.1 9B | 큐원 9 | 큐원9 8B | 지피티 99 | 엑사원 9 | 엑사원 9.0 | 젬마 9 | 젬마 3 13B
클로드 99 | 클로드 오퍼스 9.9 | 제미나이 9 | 제미나이 9 프로 | 딥시크 V9 | 딥시크 R9 | 키미 K9 | 솔라 오픈 9 | 미스트랄 9 | 파이 9 | 그록 99
에이닷엑스 9.0 | 카나나 9 | 하이퍼클로바X 9 | 팔콘 9 | 비쿠나 9 | 알파카 99b | 엑사원 4.0 99b
"""
THERE = """
llama3.1 | GPT4o | exaone 3.5 7.8b | Llama-3 70b | llama 3.1 405b | gemma 12b | gemma 3 12b | gpt-4 | GPT-40 | gpt2
claude 3.5 sonnet | claude sonnet 3.5 | claude-3-5-sonnet | gemini 2.5 pro | DeepSeek V3 | deepseek 3 | DeepSeek-R1 | Kimi K2
solar 10.7b | phi-3 | phi 4 | A.X 4.0 | kanana 1.5 8b | gpt-3 175b | mistral 7b v0.1 | Mistral 7B 0.1 | mixtral 8x7b
qwen2.5 72b | Qwen 3 | polyglot ko 12.8b | vicuna 13b v1.5 | dolly v2 | t5 large | llama 65b | llama 4 scout | gpt-oss 20b
top 10 models | 7b | GLM 4.5 | falcon 180b | gemini nano 2 | alpaca 52k | bert base | o3 | models of 2023
큐원3 8B | 큐원 3 | 라마 3.1 8B | 라마3 | 라마2 13B | 엑사원 4.0 | 엑사원 3.5 32b | 지피티4 | 지피티 3.5 터보 | 클로드 3.5 소네트
제미나이 2.5 프로 | 딥시크 V3 | 딥시크 R1 | 젬마 3 27b | 솔라 10.7B | 파이 4 | 에이닷엑스 4.0 | 카나나 2 | 폴리글랏 5.8b | 코알파카 5.8B
비쿠나 13b | 돌리 2.0 | 알파카 7B | 라마 4 매버릭 | 하이퍼클로바X 시드 3B | 믿음 2.0 | 팔콘 40b | 한국어 7b 모델 | 2023년 모델 | 모델 3개
라마로 만든 모델 5개 | 라마 2 라이선스 | 미세조정한 라마
"""
CORNER = """
family/llama:
  label: {en: Llama, ko: 라마}
family/llama-4:
  label: {en: Llama 4, ko: 라마 4}
  claims:
    license:
      - {value: license/llama-4, from: gyebo}
family/kimi-k2:
  label: {en: Kimi K2, ko: 키미 K2}
dataset/c4:
  label: {en: C4}
  description: {en: Web pages.}
license/llama-4:
  label: {en: Llama 4 Community License}
license/kimi-k3:
  label: {en: Kimi K3 License}
"""


def names(table: str) -> list[str]:
    return [name.strip() for line in table.splitlines() for name in line.split("|") if name.strip()]


@pytest.fixture
def few(corner: Corner) -> Iterator[Snapshot]:
    corner.write(CORNER)
    yield corner.build()


def lacks(snapshot: Snapshot, text: str, lang: str = "en") -> MissingAnswer:
    answer = search_answer.search(snapshot, text, lang=lang)
    assert answer.missing, text
    return answer.missing


def test_the_table_is_large_and_half_korean() -> None:
    for table in (LACKING, THERE):
        korean = sum(any("가" <= c <= "힣" for c in name) for name in names(table))
        assert len(names(table)) >= 55
        assert korean / len(names(table)) > 0.4


@pytest.mark.parametrize("name", names(LACKING))
def test_what_is_not_there_is_said(snapshot: Snapshot, name: str) -> None:
    assert find_missing(snapshot, name)


@pytest.mark.parametrize("name", names(THERE))
def test_what_is_there_is_never_said_to_lack(snapshot: Snapshot, name: str) -> None:
    assert find_missing(snapshot, name) is None


@pytest.mark.parametrize(
    ("text", "closest"),
    [
        ("Llama 5", "family/llama-4"),
        ("라마 5", "family/llama-4"),
        ("llama 3.1 9b", "model/llama-3.1-8b"),
        ("gemma 3 13b", "model/gemma-3-12b-it"),
    ],
)
def test_the_closest_is_the_nearest_version_or_size(
    snapshot: Snapshot, text: str, closest: str
) -> None:
    found = lacks(snapshot, text).closest
    assert found and found.id == closest


def test_all_of_it_is_said_first(few: Snapshot) -> None:
    told = lacks(few, "Llama 5")
    assert told.wanted == "Llama 5" and told.how == "ingest"
    assert told.closest and told.closest.id == "family/llama-4"
    assert told.license and told.license.id == "license/llama-4"
    assert told.date == data_date(few)
    assert told.text.startswith(f"No model Llama 5 is known (data of {told.date}).")
    assert "Llama 4; license: Llama 4 Community License" in told.text
    korean = lacks(few, "라마 5", "ko").text
    assert "라마 4" in korean and "No model" not in korean


def test_the_hits_are_for_what_is_left(few: Snapshot) -> None:
    answer = search_answer.search(few, "llama 5")
    assert [hit.id for hit in answer.hits][:1] == ["family/llama"]


def test_a_license_of_that_name_is_told(few: Snapshot) -> None:
    told = lacks(few, "Kimi K3")
    assert told.license and told.license.id == "license/kimi-k3"
    assert told.closest and told.closest.id == "family/kimi-k2"


def test_an_id_of_the_hub_is_told_with_the_command(few: Snapshot) -> None:
    told = lacks(few, "meta-llama/Llama-4-9B")
    assert (told.how, told.command) == ("ingest-hub", "gyebo ingest hub meta-llama/Llama-4-9B")
    assert told.command in told.text
    assert told.closest and told.closest.id == "family/llama-4"


def test_what_nobody_ever_named_has_no_closest(few: Snapshot) -> None:
    told = lacks(few, "zzqqxx 7b")
    assert told.closest is None and told.license is None
    assert search_answer.search(few, "zzqqxx 7b").total == 0


def test_a_number_matches_as_part_of_a_name_only(few: Snapshot) -> None:
    found = [hit.id for hit in search_answer.search(few, "llama 4").hits]
    assert found[0] == "family/llama-4" and "dataset/c4" not in found
    assert search_answer.search(few, "4").total == 0
    assert search_answer.search(few, "c").total == 0
    assert [hit.id for hit in search_answer.search(few, "c4").hits] == ["dataset/c4"]


def test_show_says_what_is_closest(few: Snapshot) -> None:
    with pytest.raises(UnknownId) as raised:
        show(few, "Llama 5")
    assert raised.value.near[0] == "family/llama-4"
    assert "No model Llama 5 is known" in str(raised.value)


def test_the_command_line_says_it_first(corner: Corner, few: Snapshot) -> None:
    home = ["--home", str(corner.config.home)]
    run = CliRunner()
    assert run.invoke(main, [*home, "search", "llama", "5"]).output.startswith("No model llama 5")
    korean = run.invoke(main, [*home, "search", "라마", "5", "--lang", "ko"]).output
    assert korean.startswith("라마 5: ") and "라마 4" in korean.partition("\n")[0]
    shown = run.invoke(main, [*home, "show", "nobody/llama-9b"])
    assert shown.exit_code == 2 and "gyebo ingest hub nobody/llama-9b" in shown.output


@pytest.mark.parametrize(
    "command",
    [
        ["license", "nobody/llama-9b"],
        ["license", "model/hf/nobody/llama-9b", "--use", "relicense"],
        ["lineage", "nobody/llama-9b"],
        ["notice", "nobody/llama-9b"],
        ["audit", "nobody/llama-9b"],
        ["export", "cyclonedx", "--model", "nobody/llama-9b", "--output", "-"],
    ],
    ids=lambda command: command[0],
)
def test_every_command_says_what_is_not_there(
    corner: Corner, few: Snapshot, command: list[str]
) -> None:
    run = CliRunner().invoke(main, ["--home", str(corner.config.home), *command])
    assert run.exit_code == 2 and "gyebo ingest hub nobody/llama-9b" in run.output
    assert "llama-9b is known (data of" in run.output


def test_a_page_that_is_not_there_says_what_is_not_there(client: FlaskClient) -> None:
    for address in ("/model/llama-5", "/license-check?id=llama-5", "/llama-5"):
        page = client.get(address, headers={"Accept": "text/html"}).text
        assert "No model llama 5 is known (data of" in page.replace("llama-5 is", "llama 5 is")
        assert 'href="/family/llama-4"' in page
    nothing = client.get("/no/such/page.php", headers={"Accept": "text/html"})
    assert nothing.status_code == 404 and "No model" not in nothing.text


def test_the_page_and_the_twin_say_it(client: FlaskClient) -> None:
    english = client.get("/search?q=Llama+5").text
    assert english.index('class="missing"') < english.index('class="hits"')
    assert '<a href="/family/llama-4"' in english
    korean = client.get("/search?q=라마+5&lang=ko").text
    assert "이 이름의 모델은 데이터에 없습니다" in korean
    twin = client.get("/search.json?q=Llama+5").json
    assert twin and twin["missing"]["closest"]["id"] == "family/llama-4"
    assert client.get("/search.json?q=Llama+4").json["missing"] is None  # type: ignore[index]


def test_an_address_of_what_is_not_there_leads_to_the_closest(client: FlaskClient) -> None:
    problem = client.get("/model/llama-5", headers={"Accept": "application/json"})
    assert problem.status_code == 404
    assert problem.json and problem.json["near"][0] == "family/llama-4"
    assert problem.json["id"] == "model/llama-5"
