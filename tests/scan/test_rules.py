"""data/scan fits its schema, and each rule means something."""

import re
from pathlib import Path

import pytest

from kg.errors import DataError
from kg.scan import _rules


def test_every_file_fits() -> None:
    assert sum(map(len, _rules.call_rules().values())) > 100
    assert _rules.command_rules() and _rules.key_rules() and _rules.name_rules().names
    for cue in (*_rules.text_rules().cues, *_rules.text_rules().calls):
        assert "id" in re.compile(cue.pattern).groupindex and cue.kind and cue.use
    for cue in _rules.text_rules().code:
        assert {"id", "key"} <= set(re.compile(cue.pattern).groupindex)
    assert {path.name for path in _rules.FOLDER.iterdir()} == {
        *("python.yaml", "keys.yaml", "commands.yaml", "names.yaml", "text.yaml", "folders.yaml"),
    }


def test_a_command_has_words_or_options_and_a_call_arguments() -> None:
    assert all(
        (rule.words and (rule.argument or rule.options)) or rule.options
        for rule in _rules.command_rules()
    )
    assert all(known.rule.arguments for rules in _rules.call_rules().values() for known in rules)


def test_an_unknown_field_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "folders.yaml"
    path.write_text("vendored: []\nnever: []\nlists: []\nmore: []\n")
    with pytest.raises(DataError, match="more"):
        _rules._read("folders.yaml", _rules.FolderRules, tmp_path)


def test_what_stands_beside_a_key_decides() -> None:
    named = frozenset({"uri"})
    assert _rules.asks_beside("name") and not _rules.asks_beside("model")
    beside = _rules.find_key("name", "a.yaml", ("model",), named, named)
    alone = _rules.find_key("name", "a.yaml", ("model",))
    assert beside and alone and (beside.kind, alone.kind) == ("none", "model")
