"""Templates are run with less work, and give the same text as Jinja's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template_string
from flask.templating import Environment
from jinja2 import pass_context
from markupsafe import Markup

from kg.config import Config
from tests.conftest import serving
from web.app import templates


class _Shown:
    def __html__(self) -> str:
        return "<i>&amp;</i>"


class _Text(str):
    """A text of a class of its own."""


@pass_context
def _with_context(context: Any, more: str = "") -> str:
    return f"<{context['word']}{more}>"


VALUES = {
    "word": "a<b>&\"'",
    "mark": Markup("<b>'</b>"),
    "shown": _Shown(),
    "text": _Text("<a>"),
    "number": 1.5,
    "nothing": None,
    "plain": lambda *words, **named: f"<{words}{sorted(named)}>",
    "mark_of": lambda word: Markup("<u>{}</u>").format(word),
    "wants": _with_context,
    "method": "<{}>".format,
    "kind": _Text,
}
TEMPLATES = (
    "{{ word }}{{ mark }}{{ shown }}{{ text }}{{ number }}{{ nothing }}{{ unknown }}",
    "{{ word ~ mark }}{{ word + 'x' }}{{ [word, mark] }}{{ {'a': word} }}",
    "{{ plain(word, a=1) }}{{ mark_of(word) }}{{ wants() }}{{ wants(more='m') }}{{ method(word) }}{{ kind(word) }}",
    "{% for x in [word, mark] %}{{ plain(x) }}{{ wants(more=x) }}{{ loop.index }}{% endfor %}",
    "{% macro m(x) %}{{ x }}{{ plain(x) }}{% endmacro %}{{ m(word) }}{{ m(mark) }}{% set s = m(word) %}{{ s }}{{ s|length }}",
    "{% set s %}{{ word }}{{ plain(word) }}{% endset %}{{ s }}{{ s ~ word }}",
    "{% macro m() %}[{{ caller(word) }}]{% endmacro %}{% call(x) m() %}{{ x }}{% endcall %}",
    "{{ word|upper }}{{ [word, mark]|join('<') }}{{ word|safe }}{{ mark|striptags }}{{ word|e }}",
    "{% autoescape false %}{{ word }}{{ mark }}{% endautoescape %}{{ word }}",
    "{% set on = number > 1 %}{% autoescape on %}{{ word }}{{ mark }}{% endautoescape %}",
    "{% block main %}{{ word }}{{ plain(word) }}{% endblock %}{{ self.main() }}",
)


def rendered(environment: type[Environment], template: str) -> str:
    app = Flask("test")
    app.jinja_environment = environment
    with app.test_request_context():
        return render_template_string(template, **VALUES)


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_gives_what_jinja_gives(template: str) -> None:
    ours = rendered(templates.TemplateEnvironment, template)
    assert ours == rendered(Environment, template)
    assert ours


def test_a_function_that_runs_out_is_no_silence() -> None:
    """Jinja shows nothing in its place; here it is the error that it is."""

    def first_of_none() -> str:
        return next(iter([]))

    app = Flask("test")
    app.jinja_environment = templates.TemplateEnvironment
    with app.test_request_context(), pytest.raises(RuntimeError):
        render_template_string("{{ first() }}|", first=first_of_none)


def test_what_pages_write_is_escaped_by_ours(snapshot_home: Path) -> None:
    with serving(Config(home=snapshot_home)) as app:
        assert isinstance(app.jinja_env, templates.TemplateEnvironment)
        code = app.jinja_env.compile("{{ word }}", filename="page.html", raw=True)
    assert "environment.escaped(" in code and " escape(" not in code


def test_numbers_and_classes_of_text_are_escaped() -> None:
    assert templates.escaped(_Text("<a>")) == "&lt;a&gt;"
    assert templates.escaped(_Shown()) == "<i>&amp;</i>"
    assert templates.escaped(None) == "None"


def test_compiled_templates_are_kept_for_this_program_alone(
    snapshot_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(templates, "cache_from_source", lambda path: str(tmp_path / "x.pyc"))
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    stale = tmp_path / "template-another-3.1-x.pyc"
    stale.write_bytes(b"")
    config = Config(home=snapshot_home)
    with serving(config) as app:
        first = app.test_client().get("/about").data
        tag = app.extensions["gyebo"].tag
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert kept and all(name.startswith(f"template-{tag}-") for name in kept)
    with serving(config) as app:
        monkeypatch.setattr(templates.TemplateEnvironment, "_compile", None)  # nothing is compiled
        assert app.test_client().get("/about").data == first


def test_where_nothing_can_be_written_templates_are_compiled(
    snapshot_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = tmp_path / "missing" / "x.pyc"
    monkeypatch.setattr(templates, "cache_from_source", lambda path: str(missing))
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    with serving(Config(home=snapshot_home)) as app:
        assert app.test_client().get("/about").status_code == 200
