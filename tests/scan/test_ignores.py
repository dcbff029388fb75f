"""What a project leaves out: gyebo.toml and comments."""

import datetime
from pathlib import Path

import pytest

from kg.config import load_config
from kg.errors import DataError
from kg.scan.ignores import read_ignores
from kg.scan.scan import scan_text


def toml(folder: Path, text: str) -> Path:
    (folder / "gyebo.toml").write_text(text)
    return folder


def test_entries_by_id_path_and_date(tmp_path: Path) -> None:
    entries = read_ignores(
        toml(
            tmp_path,
            '[[scan.ignore]]\nid = "gpt-*"\npath = "tests/"\nreason = "fake"\nuntil = 2026-01-31\n',
        )
    )
    (entry,) = entries
    (found,) = scan_text("model = 'gpt-4o'", "tests/a.py")
    (other,) = scan_text("model = 'gpt-4o'", "src/a.py")
    assert entry.covers(found) and not entry.covers(other)
    assert not entry.is_over(datetime.date(2026, 1, 31)) and entry.is_over(
        datetime.date(2026, 2, 1)
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[scan.ignore]]\nid = "x"\n', "gives no reason"),
        ('[[scan.ignore]]\nid = "x"\nreason = " "\n', "gives no reason"),
        ('[[scan.ignore]]\nreason = "x"\n', "leave out everything"),
        ('[[scan.ignore]]\nid = "*"\nreason = "x"\n', "leave out everything"),
        ('[[scan.ignore]]\npath = "**"\nreason = "x"\n', "leave out everything"),
        ('[[scan.ignore]]\nid = "**"\npath = "*"\nreason = "x"\n', "leave out everything"),
        ('[[scan.ignore]]\nid = "x"\nreason = "y"\nuntil = "soon"\n', "until"),
        ('[[scan.ignore]]\nid = "x"\nreason = "y"\nuntill = 2026-01-01\n', "untill"),
        ("[scan]\nignores = []\n", "ignores"),
        ("[scan", "not TOML"),
    ],
)
def test_an_entry_that_is_not_understood_is_an_error(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        read_ignores(toml(tmp_path, text))


def test_the_table_is_no_setting_of_the_program(tmp_path: Path) -> None:
    folder = toml(tmp_path, 'workers = 3\n[[scan.ignore]]\nid = "x"\nreason = "y"\n')
    assert load_config(folder / "gyebo.toml", {}).workers == 3
    assert read_ignores(tmp_path / "gyebo.toml")[0].reason == "y"
    assert read_ignores(tmp_path / "none" / "x") == ()


def test_a_file_of_an_editor_of_windows_is_read(tmp_path: Path) -> None:
    text = 'workers = 3\r\n[[scan.ignore]]\r\nid = "x"\r\nreason = "y"\r\n'
    (tmp_path / "gyebo.toml").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert load_config(tmp_path / "gyebo.toml", {}).workers == 3
    assert read_ignores(tmp_path)[0].reason == "y"


def test_a_comment_needs_a_reason() -> None:
    code = "a = f(model='gpt-4o')  # gyebo: ignore[only in a test]\nb = f(model='gpt-4')  # gyebo: ignore\nc = f(model='o3')  # gyebo: ignore[]\n"
    assert [f.ignored for f in scan_text(code, "a.py")] == ["only in a test", None, None]
    (found,) = scan_text("model: gpt-4o # gyebo: ignore[why]", "a.yaml")
    assert found.ignored == "why"
