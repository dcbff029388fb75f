"""A lock comes back as it was written, whatever names hold, and what is damaged is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError
from kg.licenses.profile import Profile
from kg.watch.lock import Lock, LockLine, Question, is_lock, read_lock, write_lock

HEAD = '{"gyebo-lock": 1, "use": "commercial", "profile": {}}\n'
LINE = '{"model": "a", "verdict": "allowed", "release": "0"}\n'


@given(
    st.dictionaries(st.text(min_size=1).filter(str.isprintable), st.text(), max_size=4),
    st.sampled_from(["\u2028", "\r\n", '"', "\\", "{", "모델"]),
)
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, names: dict[str, str], odd: str
) -> None:
    path = tmp_path_factory.mktemp("lock") / "gyebo.lock"
    named = {**names, odd: "model/x"}
    held = {
        name: LockLine(model=name, id=id, verdict="contested", terms={odd: id}, release="0" * 12)
        for name, id in named.items()
    }
    lock = Lock(Question("relicense", Profile(revenue=1.5, competitor_of=("org/x",))), held)
    write_lock(path, lock)
    assert read_lock(path) == lock and is_lock(path)
    assert path.read_bytes().count(b"\n") == len(held) + 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ":1 is no line of a lock"),
        ("model/a\n", ":1 is no line of a lock"),
        ('{"gyebo-lock": 2, "whatever": []}\n', "format 2; this program reads up to 1"),
        ('{"gyebo-lock": 1, "use": "fun", "profile": {}}\n', ":1 is no line of a lock"),
        (
            '{"gyebo-lock": 1, "use": "commercial", "profile": {"country": "KOR"}}\n',
            "not a country",
        ),
        (HEAD + LINE + LINE, ":3: 'a' stands in the lock twice"),
        (HEAD + "<<<<<<< ours\n" + LINE, ":2 is no line of a lock"),
        (HEAD + LINE.replace("allowed", "fine"), ":2 is no line of a lock"),
        (HEAD + LINE[:20], ":2 is no line of a lock"),
        (HEAD + LINE.replace("release", "colour"), ":2 is no line of a lock"),
        (HEAD + LINE.replace('"a"', "7"), ":2 is no line of a lock"),
    ],
)
def test_what_is_damaged_is_told_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "gyebo.lock"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as found:
        read_lock(path)
    assert said in str(found.value) and "\n" not in str(found.value)


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "bytes").write_bytes(HEAD.encode() + b"\xff\n")
    for name in ("none", "bytes", "."):
        with pytest.raises(InputError):
            read_lock(tmp_path / name)
    assert not is_lock(tmp_path / "none") and not is_lock(tmp_path)
