"""The text of a license that lies beside a model counts beside what its card says, where it bears on commercial use."""

from pathlib import Path

import pytest

from tests.ingest.test_source_folder import ME, stored

LLAMA = "LLAMA 2 COMMUNITY LICENSE AGREEMENT\nLlama 2 Version Release Date: July 18, 2023\n"
NC = "Attribution-NonCommercial 4.0 International\n\n=====\n\nCreative Commons Corporation\n"
MIT = "MIT License\n\nCopyright (c) 2026 somebody\n"


@pytest.mark.parametrize(
    ("file", "text", "licenses"),
    [
        ("LICENSE", LLAMA, {"license/mit", "license/llama-2-license"}),
        ("LICENSE.txt", "\n  # " + LLAMA, {"license/mit", "license/llama-2-license"}),
        ("License.md", NC, {"license/mit", "license/cc-by-nc-4.0"}),
        ("COPYING", MIT, {"license/mit"}),
        ("LICENSE", "We, the people, say nothing that is known.\n" * 50, {"license/mit"}),
        ("LICENSE", "", {"license/mit"}),
        ("notes.txt", LLAMA, {"license/mit"}),
    ],
)
def test_a_license_text_beside_a_card(
    tmp_path: Path, file: str, text: str, licenses: set[str]
) -> None:
    folder = tmp_path / "my-model"
    folder.mkdir()
    (folder / "README.md").write_text("---\nlicense: mit\n---\n# My model\n")
    (folder / file).write_text(text)
    found = stored(tmp_path, folder)
    assert {v for s, p, v, _ in found.said() if s == ME and p == "license"} == licenses


def test_what_is_no_text_tells_of_no_license(tmp_path: Path) -> None:
    folder = tmp_path / "my-model"
    folder.mkdir()
    (folder / "README.md").write_text("---\nlicense: mit\n---\n# My model\n")
    (folder / "LICENSE").write_bytes(b"\xff\xfe\x00" * 100)
    found = stored(tmp_path, folder)
    assert {v for s, p, v, _ in found.said() if s == ME and p == "license"} == {"license/mit"}
