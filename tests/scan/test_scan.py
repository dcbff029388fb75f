"""A project scanned: which files are read, what is passed over, and what never happens."""

import random
import time
from pathlib import Path

import pytest

from kg.errors import InputError
from kg.scan.scan import has_hint, scan_project, scan_text
from tests.scan.labels import read_cases

CALL = "A.from_pretrained('Qwen/Qwen3-8B')\n"


def write(root: Path, **files: str) -> Path:
    for name, text in files.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def files(root: Path, **options: bool) -> list[str]:
    return [finding.file for finding in scan_project(root, **options).findings]


def test_what_git_ignores_and_what_others_wrote_is_passed_over(tmp_path: Path) -> None:
    named = {
        "a.py": CALL,
        "out__b.py": CALL,
        "node_modules__c.py": CALL,
        "in__d.py": CALL,
        "in__keep.py": CALL,
        ".git__e.py": CALL,
        "env__pyvenv.cfg": "",
        "env__f.py": CALL,
    }
    write(tmp_path, **named)
    (tmp_path / ".gitignore").write_text("out/\n*.tmp\n")
    (tmp_path / "in" / ".gitignore").write_text("*.py\n!keep.py\n")
    scan = scan_project(tmp_path)
    assert [f.file for f in scan.findings] == ["a.py", "in/keep.py"]
    assert (scan.skipped["gitignore"], scan.skipped["vendored"]) == (2, 3)
    assert "node_modules/c.py" in files(tmp_path, vendored=True)
    assert ".git/e.py" not in files(tmp_path, vendored=True)


def test_links_binary_large_and_minified_files_are_counted(tmp_path: Path) -> None:
    write(
        tmp_path,
        **{
            "a.py": CALL,
            "m.js": "x=1;" * 9000 + "model='gpt-4o'",
            "big.py": CALL + "#" * (3 << 20),
        },
    )
    (tmp_path / "b.py").write_bytes(b"model\0" + CALL.encode())
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "outside.py").symlink_to("/etc/hostname")
    scan = scan_project(tmp_path)
    assert [f.file for f in scan.findings] == ["a.py"]
    assert scan.skipped == {"binary": 1, "large": 1, "link": 2, "minified": 1}


def test_a_folder_of_the_project_is_no_model(tmp_path: Path) -> None:
    write(
        tmp_path,
        **{
            "src__a.py": "A.from_pretrained('my/local')\nA.from_pretrained('my/other')",
            "my__local__config.json": "{}",
        },
    )
    assert [f.what for f in scan_project(tmp_path).findings] == ["my/other"]


def test_several_processes_find_the_same_in_the_same_order(tmp_path: Path) -> None:
    write(tmp_path, **{f"d{n % 7}__f{n}.py": CALL for n in range(60)})
    one, two = scan_project(tmp_path, jobs=1), scan_project(tmp_path, jobs=2)
    assert one == two and len(one.findings) == 60 and one.findings == sorted(one.findings)


def test_calls_known_at_run_time_and_unparsed_files_are_told(tmp_path: Path) -> None:
    write(
        tmp_path,
        **{"a.py": "A.from_pretrained(x)\n", "b.py": "model = (", "c.yaml": "model: {{ x }}\n"},
    )
    scan = scan_project(tmp_path)
    assert [(p.file, p.line) for p in scan.dynamic] == [("a.py", 1)]
    assert scan.unread == ["b.py", "c.yaml"]


def test_one_file_can_be_scanned_and_none_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, **{"a.py": CALL})
    assert files(tmp_path / "a.py") == ["a.py"]
    with pytest.raises(InputError, match="there is no file or folder"):
        scan_project(tmp_path / "none")


def test_the_project_does_not_run(tmp_path: Path) -> None:
    write(
        tmp_path,
        **{
            "a.py": f"open({str(tmp_path / 'ran')!r}, 'w')\n" + CALL,
            "setup.py": "raise SystemExit",
            "conftest.py": CALL,
        },
    )
    assert files(tmp_path) == ["a.py", "conftest.py"]
    assert not (tmp_path / "ran").exists()


def test_parts_of_weights_are_one(tmp_path: Path) -> None:
    for name in ("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors", "x.gguf"):
        (tmp_path / name).write_bytes(b"GGUF")
    (tmp_path / "a.sh").write_text("llama-cli -m x.gguf\n")
    found = [(f.what, f.kind, f.sure) for f in scan_project(tmp_path).findings]
    assert found == [
        ("model-00001-of-00002.safetensors", "weights", "file"),
        ("x.gguf", "weights", "file"),
    ]


def test_a_bare_name_that_is_a_folder_anywhere_is_local_unless_it_is_known(tmp_path: Path) -> None:
    code = "A.from_pretrained('mine')\nA.from_pretrained('roberta-base')\n"
    write(tmp_path, **{"src__a.py": code, "out__mine__x.txt": "x", "out__roberta-base__x.txt": "x"})
    named = scan_project(tmp_path, known=lambda what: "model" if what != "mine" else None)
    assert [f.what for f in named.findings] == ["roberta-base"]
    write(tmp_path, **{"out__mine__x.txt": "x"})
    assert [f.what for f in scan_project(tmp_path / "src").findings] == ["mine", "roberta-base"]


def test_files_of_any_kind_end_in_time(tmp_path: Path) -> None:
    """Texts cut, repeated and mixed: no reader raises, and none takes long."""
    chance = random.Random(21)
    parts = [
        *("model: ", "{", "[", "'", '"', "`", "/*", "<!--", '"""', "#", "//", "\\\n", "\n", "  "),
        *(
            "from_pretrained(",
            "A.load(model=",
            "gpt-4o",
            "Qwen/Qwen3-8B",
            "ollama run ",
            "--model ",
        ),
        *(
            "dict(a=1, b=c)",
            "for m in ",
            "&a ",
            "*a",
            "${X:-",
            "}",
            ")",
            "]",
            ",",
            "=",
            "한국어",
            "\ud7ff",
        ),
    ]
    suffixes = [
        ".py",
        ".yaml",
        ".json",
        ".toml",
        ".sh",
        ".ts",
        ".md",
        ".ipynb",
        ".env",
        ".html",
        ".sql",
    ]
    for suffix in suffixes:
        for number in range(12):
            text = "".join(chance.choice(parts) * chance.choice((1, 1, 1, 40)) for _ in range(300))
            (tmp_path / f"f{number}{suffix}").write_text(text, encoding="utf-8")
    for mark in ("/*", "'\\", '"""', "<!--", "`", "((", "[{", "a: [", "model=", "${", "x='a' + "):
        stem = "".join(c if c.isalnum() else "_" for c in mark) + str(ord(mark[0]))
        for suffix in suffixes:
            text = "model gpt-4o 'gpt-4o'\n" + f"{mark}\n" * 4_000 + mark * 4_000
            (tmp_path / f"{stem}{suffix}").write_text(text, encoding="utf-8")
    started = time.process_time()
    scan = scan_project(tmp_path, jobs=1, known=lambda what: "model")
    assert scan.files > 200 and time.process_time() - started < 60


def test_no_name_that_tells_by_itself_is_passed_over() -> None:
    named = {place.name for case in read_cases() for place in case.expected}
    telling = [name for name in named if scan_text(f'run("{name}")', "a.py")]
    assert len(telling) > 40
    assert [name for name in telling if not has_hint(f'run("{name}")')] == []


@pytest.mark.parametrize(
    "name",
    "bigscience/bloom-560m deepseek-r1 grok-4 kimi-k2 sonar-pro command-r phi4:14b HCX-005 voyage-3 glm-4.6 "
    "wow1/detr-base nova-lite wow1/x-13B tiiuae/Falcon3-7B jamba-1.5-large 01-ai/Yi-34B wow1/dinov2-large".split(),
)
def test_names_alone_let_a_file_be_read(name: str, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(f'run("{name}")\n')
    found = scan_project(tmp_path, known=lambda one: "model" if one == name else None).findings
    assert [one.what for one in found] == [name]
