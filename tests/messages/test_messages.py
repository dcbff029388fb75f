"""What people read is in their language: the catalog is whole, and no English sentence stands on a Korean
page, in a Korean problem or in a Korean answer of the command line.
"""

from __future__ import annotations

import ast
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import html5rdf
import pytest
from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.pofile import read_po, write_po
from click.testing import CliRunner
from flask.testing import FlaskClient

from kg import errors
from kg.cli.main import main
from kg.errors import DataError
from kg.files.parsing import json_text
from kg.files.yaml import parse_yaml
from kg.messages._catalog import read_catalog
from kg.messages.message import Message, catalog, pack_message, reason_of, unpack_message
from tests.genmessages import KEYWORDS, KOREAN, ROOT, extracted, known, updated
from tests.pages import PAGES, STATUS, in_language

_PLACE = re.compile(r"%\((\w+)\)([srdg])")


# ---- the catalog ----


def entries() -> list[Entry]:
    return [entry for entry in known() if entry.id]


def forms(text: Any) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def test_the_catalog_is_read_as_babel_reads_it() -> None:
    read = {forms(entry.id)[0]: forms(entry.string)[0] for entry in entries()}
    assert catalog("ko") == read and len(read) > 2_000


def test_a_catalog_of_every_form_is_read_as_babel_reads_it() -> None:
    written = Catalog(locale="ko")
    written.add("plain", "평범")
    written.add(("%(num)s model", "%(num)s models"), ("%(num)s개 모델",))
    written.add(
        '"quoted" \\ and\ttab,\nseveral lines ' + "long " * 40, '"인용" \\ 와\t탭,\n여러 줄'
    )
    written.add("not sure", "아마", flags=["fuzzy", "python-format"])
    written.add("not translated")
    file = io.BytesIO()
    write_po(file, written, width=76)
    known = {
        forms(entry.id)[0]: forms(entry.string)[0]
        for entry in read_po(io.BytesIO(file.getvalue()))
        if entry.id and entry.string and not entry.fuzzy
    }
    assert len(known) == 3 and read_catalog(file.getvalue().decode()) == known


def test_the_catalog_is_what_the_program_says() -> None:
    assert updated() == KOREAN.read_bytes(), "run `make messages` and write the Korean"


def test_every_message_has_its_korean_with_the_same_places() -> None:
    for entry in entries():
        assert not entry.fuzzy and all(forms(entry.string)), entry.id
        places = {name for name, _ in _PLACE.findall(forms(entry.id)[-1])}
        for korean in forms(entry.string):
            there = {name for name, _ in _PLACE.findall(korean)}
            assert there == places, entry.id


def calls() -> Iterator[tuple[str, ast.Call, list[str]]]:
    """Every call in kg and web that says something, with the sentences it names as they stand."""
    for package in ("kg", "web"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    count = len(KEYWORDS.get(node.func.id) or (1,))
                    first = node.args[:count] if node.func.id in KEYWORDS else []
                    said = [a.value for a in first if isinstance(a, ast.Constant)]
                    if said:
                        yield f"{path.relative_to(ROOT)}:{node.lineno}", node, said


def test_none_is_hidden_from_the_extraction() -> None:
    """Babel reads tokens, and sees no call inside an f-string."""
    there = {form for entry in extracted() if entry.id for form in forms(entry.id)}
    assert [(at, said) for at, _, said in calls() if not set(said) <= there] == []


def test_a_sentence_with_a_name_is_marked() -> None:
    """`told = "…"; Message(told)` says what nobody translated; `told = mark("…")` does not."""
    hidden = []
    for path in (path for package in ("kg", "web") for path in (ROOT / package).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for scope in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            nodes = [*ast.walk(scope)]
            said = {
                node.args[0].id
                for node in nodes
                if isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in KEYWORDS
                and node.args
                and isinstance(node.args[0], ast.Name)
            }
            hidden += [
                f"{path.relative_to(ROOT)}:{node.lineno}"
                for node in nodes
                if isinstance(node, ast.Assign)
                and isinstance(node.value, ast.Constant)
                and any(isinstance(one, ast.Name) and one.id in said for one in node.targets)
            ]
    assert hidden == []


def test_every_place_is_filled() -> None:
    for at, node, said in calls():
        assert isinstance(node.func, ast.Name)
        if node.func.id in ("Message", "counted"):
            given = {keyword.arg for keyword in node.keywords} - {"plural"}
            given |= {"num"} if node.func.id == "counted" else set()
            places = {name for text in said for name, _ in _PLACE.findall(text)}
            assert places <= given and given - places <= {"num"}, at


def test_one_term_has_one_translation() -> None:
    """The same English but for a capital and a stop is the same Korean but for these."""
    senses = {
        "text": {"텍스트", "본문"},  # a type of value; what a license says
        "comes from": {"상위 모델", "파생 경로"},  # the parents of one model; a filter of a search
        "rejected": {"기각", "기각된 주장"},  # of one claim; the heading of several
    }
    told: dict[str, set[str]] = {}
    for english, korean in catalog("ko").items():
        told.setdefault(english.rstrip(".:").lower(), set()).add(korean.rstrip(".:"))
    assert {k: v for k, v in told.items() if len(v) > 1 and senses.get(k) != v} == {}


# ---- one message ----


def test_a_message_is_rendered_in_the_language_of_the_reader() -> None:
    inner = Message("there is no file or folder %(path)s", path=Path("a/b"))
    message = Message("%(path)s cannot be read: %(why)s", path="x", why=inner)
    assert str(message) == "x cannot be read: there is no file or folder a/b"
    assert message.text("ko") == "x: 읽을 수 없습니다. a/b: 그런 파일이나 폴더가 없습니다"
    assert unpack_message(json.loads(json.dumps(pack_message(message)))) == message
    assert hash(message) and message != inner


@pytest.mark.parametrize(
    ("text", "korean"),
    [
        ('{"bomFormat": "Cyclone', "끝이 잘렸음"),
        ('{"a" 1}', "':'이 있어야 함(5바이트째)"),
        ("[1, 2,]", "배열 끝에 쉼표가 남아 있음(6바이트째)"),
    ],
)
def test_what_a_parser_says_of_json_is_in_the_language_of_the_reader(
    text: str, korean: str
) -> None:
    with pytest.raises(DataError) as wrong:
        json_text(text, "f")
    assert wrong.value.message.text("ko").endswith(f"JSON이 아닙니다: {korean}")


def test_what_a_parser_says_of_yaml_is_in_the_language_of_the_reader() -> None:
    with pytest.raises(DataError) as wrong:
        parse_yaml("a: [1", "f")
    assert wrong.value.message.text("ko").endswith("YAML이 아닙니다: 있어야 할 ',' 또는 ']'가 없음")


def test_lists_numbers_and_what_is_read_stay_as_they_are() -> None:
    message = Message(
        "unknown facet %(facet)r; known are: %(known)s", facet="100%(x)s", known=("a", "b")
    )
    assert str(message) == "unknown facet '100%(x)s'; known are: a, b"
    placed = Message(
        "%(file)s:%(line)d: %(what)s",
        file="f",
        line=12345,
        what=Message("a key must be plain text"),
    )
    assert str(placed) == "f:12345: a key must be plain text"


def test_an_error_keeps_its_message() -> None:
    error = errors.DataError(Message("a key must be plain text"), "a.yaml", 3)
    wrapped = Message("%(path)s is not a profile: %(why)s", path="p", why=error)
    assert str(error) == "a.yaml:3: a key must be plain text"
    assert wrapped.text("ko") == "p: 프로필 파일이 아닙니다. a.yaml:3: 키는 텍스트여야 합니다"


def test_what_the_system_says_is_told_in_our_words(tmp_path: Path) -> None:
    with pytest.raises(OSError) as caught:
        (tmp_path / "none").read_text()
    assert str(reason_of(caught.value)) == "No such file or directory"
    assert reason_of(caught.value).text("ko") == "그런 파일이나 폴더가 없습니다"
    assert reason_of(ValueError("odd thing")).text("ko") == "“odd thing”"


# ---- no English sentence for a Korean reader ----

# A sentence is four words or more in Latin letters with nothing but spaces between. What may hold one:
# quotes and code (a query, a command, what was typed, what another library says), and elements that the
# page marks as English, which are texts of the data: clauses, notes, names and definitions of terms.
_SENTENCE = re.compile(r"(?:[A-Za-z][A-Za-z’'-]*\s+){3,}[A-Za-z][A-Za-z’'-]*")
_QUOTED = re.compile(r"“[^”]*”|'[^']*'|\"[^\"]*\"|`[^`]*`|gyebo [^,.:]*")
_CODE = {"script", "style", "code", "pre", "textarea", "kbd", "samp"}
_SPOKEN = ("title", "alt", "aria-label", "placeholder")


def sentences(text: str) -> list[str]:
    return _SENTENCE.findall(_QUOTED.sub("·", text))


def texts(node: Any, lang: str = "ko") -> Iterator[tuple[str, str]]:
    """The visible texts of a page, and those read aloud, with the language they are marked with."""
    if not isinstance(node.tag, str) or node.tag.rpartition("}")[2] in _CODE:
        return
    lang = node.get("lang", lang)
    yield from ((lang, node.get(name)) for name in _SPOKEN if node.get(name))
    if node.text:
        yield lang, node.text
    for kid in node:
        yield from texts(kid, lang)
        if kid.tail:
            yield lang, kid.tail


def english_on(page: str) -> list[str]:
    """English sentences on a Korean page; a message of ours is one wherever it stands."""
    tree = html5rdf.HTMLParser(strict=False, namespaceHTMLElements=False).parse(page)
    ours = {
        english
        for english, korean in catalog("ko").items()
        if sentences(english) and english != korean
    }
    found = []
    for lang, text in texts(tree):
        whole = " ".join(text.split())
        found += [whole] if whole in ours else sentences(text) if lang == "ko" else []
    return found


def test_the_detector_sees_english() -> None:
    page = '<p lang="ko">안녕 <b>this is an English sentence</b></p><p lang="en">Too much asked in a short time</p>'
    assert len(english_on(page)) == 2
    assert (
        english_on(
            "<p>없는 정렬 'a b c d' <code>select a b c d</code> <q lang=\"en\">a b c d e</q></p>"
        )
        == []
    )


KO = {"Accept-Language": "ko"}


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_korean_pages(client: FlaskClient, path: str) -> None:
    answer = client.get(in_language(path, "ko"), headers={"Accept": "text/html"})
    assert answer.status_code == STATUS.get(path, 200) and english_on(answer.text) == []


HOSTILE = {
    "/search?sort=zzz": 400,
    "/search?q=a&page=abc": 400,
    "/search?q=a&cursor=%00": 400,
    "/search?q=a&page=99999": 200,
    "/search?q=colour:red+params:x+org:nobody&kind=model&license=zzz": 200,
    "/search?" + "&".join(f"org=org/{n}" for n in range(60)): 400,
    "/search?q=" + "가+" * 400: 200,
    "/suggest?q=a&limit=x": 400,
    "/suggest?q=a&format=zz": 400,
    "/source/survey-004?show=zz": 400,
    "/source/survey-004?show=order&page=x": 400,
    "/compare?id=model/alpaca-7b&id=model/none": 404,
    "/compare?id=model/alpaca-7b&id=org/meta": 400,
    "/compare.json?id=model/alpaca-7b": 400,
    "/model/none": 404,
    "/model/none.json": 404,
    "/no/such/page": 404,
    "/model/alpaca-7b/license.json?mau=x&country=zzz": 400,
    "/model/alpaca-7b?mau=x&country=zzz&use=zz&competitor-of=none&name=" + "n" * 200: 200,
    "/license-check.json": 400,
    "/license-check?id=none+such": 404,
    "/license-check?id=org/meta&mau=x": 400,
    "/license/mit/license.json": 400,
    "/license/mit/lineage": 404,
    "/family/llama/lineage.svg?lang=zz": 400,
    "/family/llama/lineage?view=zz&color=zz": 200,
    "/family/llama/lineage.png?theme=zz": 400,
    "/model/alpaca-7b/lineage.json?scope=zz": 400,
    "/model/alpaca-7b/lineage.json?limit=x": 400,
    "/model/alpaca-7b/card.md?lang=zz": 400,
    "/org/meta/card.md": 404,
    "/benchmark/kobest-copa/scores.svg?ranking=99": 404,
    "/trends/none.svg": 404,
    "/trends/parameters.svg?theme=zz": 400,
    "/data/none.gz": 404,
    "/ontology.zz": 404,
    "/sitemap-99.xml": 404,
    "/changes?only=zz": 400,
    "/sparql?query=SELECT+*+%7B+SERVICE+%3Chttp://x/%3E+%7B%7D+%7D": 400,
    "/sparql?query=SELECT+%3Fx+%7B+%3Fs+foo:bar+%3Fo+%7D": 400,
    "/sparql?query=SELECT+(SUM(%3Fx)+AS+%3Fy)+%3Fz+%7B+%3Fz+%3Fp+%3Fx+%7D": 400,
    "/sparql?query=INSERT+DATA+%7B%7D": 403,
    "/sparql?query=SELECT+*+%7B%7D&format=zz": 400,
    "/sparql?query=ASK+%7B%7D&format=turtle": 406,
    "/sparql?query=SELECT+*+%7B%7D&timeout=x": 400,
    "/sparql?query=a&query=b": 400,
    "/sparql?update=a": 403,
    "/sparql?query=SELECT+*+%7B+%3Fs+%3Fp+%3Fo+FILTER(%3Chttp://x/f%3E(%3Fs))+%7D": 400,
}


@pytest.mark.parametrize("path", HOSTILE)
def test_korean_answers_to_what_cannot_be_answered(client: FlaskClient, path: str) -> None:
    page = client.get(path, headers=KO | {"Accept": "text/html"})
    if page.mimetype == "text/html":
        assert english_on(page.text) == []
    data = client.get(path, headers=KO | {"Accept": "application/json"})
    assert HOSTILE[path] in (page.status_code, data.status_code), (
        page.status_code,
        data.status_code,
    )
    if data.status_code >= 400:
        problem = json.loads(data.data)
        assert re.search("[가-힣]", problem["title"]) and re.search("[가-힣]", problem["detail"])
        assert sentences(problem["title"]) == sentences(problem["detail"]) == []
        assert data.headers["Content-Language"] == "ko"


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("POST", "/about", {}, 405),
        ("GET", "/model/alpaca-7b", {"Accept": "image/png"}, 406),
        ("GET", "/sparql?query=SELECT+*+%7B%7D", {"Accept": "image/png"}, 406),
        ("POST", "/sparql", {"Content-Type": "text/csv"}, 415),
        ("POST", "/sparql", {"Content-Type": "application/sparql-query; charset=latin-1"}, 415),
        ("POST", "/sparql", {"Content-Type": "application/sparql-update"}, 403),
    ],
)
def test_korean_refusals(
    client: FlaskClient, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    answer = client.open(
        path, method=method, headers=KO | headers, data=b"x" if method == "POST" else None
    )
    assert answer.status_code == status
    told = (
        answer.text
        if answer.mimetype != "application/problem+json"
        else " ".join(str(answer.json[name]) for name in ("title", "detail"))
    )
    assert re.search("[가-힣]", told) and sentences(told) == []


def test_problems_stay_english_for_those_who_name_no_language(client: FlaskClient) -> None:
    problem = client.get("/search.json?sort=zzz").json
    assert problem and problem["title"] == "Bad Request"
    assert problem["detail"].startswith("unknown sort 'zzz'; known are: relevance")


def test_notes_of_a_search_are_in_the_language_of_the_answer(client: FlaskClient) -> None:
    path = "/search.json?q=colour:red&org=zzz"
    assert client.get(path).json["notes"][0].startswith("there is no field 'colour'")
    korean = client.get(path + "&lang=ko").json["notes"]
    assert (
        korean[0].startswith("없는 필드 'colour'")
        and korean[1] == "org 값이 'zzz'인 항목이 없습니다"
    )


# ---- the command line ----

WRONG = [
    "show nope",
    "search a --cursor zz",
    "search a --kind zz",
    "lineage alpaca-7b --kind zz",
    "lineage org/meta -o x.svg",
    "license",
    "license none",
    "license license/mit",
    "export zz -o -",
    "export card -o -",
    "export turtle --model a --family b -o -",
    "ingest",
    "ingest card /no/such/file",
    "changes --kind zz",
]


def run(home: Path, *args: str, **environ: str) -> Any:
    return CliRunner().invoke(
        main, ["--home", str(home), *args], env={"GYEBO_LANG": None} | environ
    )


@pytest.mark.parametrize("command", WRONG)
def test_errors_of_the_command_line(snapshot_home: Path, command: str) -> None:
    korean = run(snapshot_home, *command.split(), "--lang", "ko")
    assert korean.exit_code in (1, 2) and korean.output.startswith("gyebo: "), korean.output
    assert re.search("[가-힣]", korean.output) and sentences(korean.output) == []
    english = run(snapshot_home, *command.split())
    assert not re.search("[가-힣]", english.output)
    assert run(snapshot_home, *command.split(), GYEBO_LANG="ko").output == korean.output


def test_commands_without_a_language_go_by_the_variable(snapshot_home: Path) -> None:
    told = run(snapshot_home, "runs", "--remove", "zz", GYEBO_LANG="ko").output
    assert told == "gyebo: 'zz': 그런 수집 기록이 없습니다. 있는 기록: 없음\n"
    assert (
        "there is no run 'zz'; there are: none"
        in run(snapshot_home, "runs", "--remove", "zz").output
    )


ANSWERS = [
    "search alpaca org:zzz",
    "search qqqzzz",
    "lineage family/llama --limit 9",
    "license alpaca-7b",
    "license vicuna-7b --use relicense",
    "changes",
    "ingest --list",
]


@pytest.mark.parametrize("command", ANSWERS)
def test_answers_of_the_command_line(snapshot_home: Path, command: str) -> None:
    answer = run(snapshot_home, *command.split(), "--lang", "ko")
    assert answer.exit_code in (0, 3, 4), answer.output
    # Names of things keep their capitals: Model Openness Tool.
    said = [run.split() for run in sentences(answer.output)]
    assert [words for words in said if not all(word[0].isupper() for word in words)] == []


def test_show_says_in_korean_what_is_ours(snapshot_home: Path) -> None:
    """The values and the places in sources are the data's own, in the language of the source."""
    korean = run(snapshot_home, "show", "dolly-2", "--lang", "ko").output
    assert "(출처 간 불일치)" in korean and "기각: 기반인 Pythia는" in korean
    assert "sources disagree" not in korean and "rejected" not in korean
