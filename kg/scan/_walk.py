"""The files of a project that are scanned: without what git ignores, what others wrote, and what no reader takes.

No link is followed, so that no loop is run in and nothing outside the project is read.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kg.scan._rules import folder_rules, name_rules, one_of

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

MOST_FILES = 300_000
LARGEST = 2 << 20  # bytes of a text
LARGEST_NOTEBOOK = 32 << 20
_NEVER_TEXT = frozenset(
    ".png .jpg .jpeg .gif .webp .ico .bmp .tif .tiff .pdf .zip .gz .bz2 .xz .zst .tar .tgz .7z .rar .whl .jar .so .dll .dylib .exe .bin .pt .pth .ckpt .onnx .h5 .pkl .npy .npz .parquet .arrow .mp3 .mp4 .wav .flac .ogg .mov .avi .webm .woff .woff2 .ttf .otf .eot .pyc .o .a .class .db .sqlite .sqlite3 .glb .psd .tflite .msgpack .safetensors .gguf .ggml".split()
)


class ScanFile(NamedTuple):
    """A file that is to be read."""

    path: Path
    name: str  # below what is scanned, with /
    size: int
    weights: bool


class Walk:
    """Goes through a folder and counts what it passes over.

    Args:
        root: a folder, or one file.
        vendored: whether folders of others' code are read as well.
    """

    def __init__(self, root: Path, vendored: bool = False) -> None:
        self.skipped: Counter[str] = Counter()
        self._root = root
        rules = folder_rules()
        self._passed = one_of(rules.never if vendored else [*rules.never, *rules.vendored])
        self._lists = one_of(rules.lists)
        self._weights = tuple(name_rules().weights)

    def files(self) -> Iterator[ScanFile]:
        """The files, by name."""
        if self._root.is_file():
            yield from self._file(self._root, self._root.name, self._root.stat().st_size)
            return
        count = 0
        for entry in self._folder(self._root, "", ()):
            count += 1
            if count > MOST_FILES:
                self.skipped["beyond"] += 1
                continue
            yield entry

    def _folder(
        self, folder: Path, prefix: str, specs: tuple[tuple[str, GitIgnoreSpec], ...]
    ) -> Iterator[ScanFile]:
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError:
            self.skipped["unreadable"] += 1
            return
        names = {entry.name for entry in entries}
        if "pyvenv.cfg" in names and prefix:
            self.skipped["vendored"] += 1
            return
        if ".gitignore" in names and (spec := _spec(folder / ".gitignore")):
            specs = (*specs, (prefix, spec))
        for entry in entries:
            name = prefix + entry.name
            if entry.is_symlink():
                self.skipped["link"] += 1
            elif entry.is_dir(follow_symlinks=False):
                if self._passed.fullmatch(entry.name):
                    self.skipped["vendored"] += 1
                elif _ignored(name + "/", specs):
                    self.skipped["gitignore"] += 1
                else:
                    yield from self._folder(Path(entry.path), name + "/", specs)
            elif not entry.is_file(follow_symlinks=False):
                self.skipped["device"] += 1
            elif _ignored(name, specs):
                self.skipped["gitignore"] += 1
            else:
                try:
                    size = entry.stat(follow_symlinks=False).st_size
                except OSError:
                    self.skipped["unreadable"] += 1
                    continue
                yield from self._file(Path(entry.path), name, size)

    def _file(self, path: Path, name: str, size: int) -> Iterator[ScanFile]:
        low = path.name.casefold()
        suffix = path.suffix.casefold()
        if low.endswith(self._weights):
            yield ScanFile(path, name, size, True)
        elif suffix in _NEVER_TEXT:
            self.skipped["binary"] += 1
        elif self._lists.fullmatch(path.name):
            self.skipped["list"] += 1
        elif size > (LARGEST_NOTEBOOK if suffix == ".ipynb" else LARGEST):
            self.skipped["large"] += 1
        elif size:
            yield ScanFile(path, name, size, False)


def _spec(path: Path) -> GitIgnoreSpec | None:
    try:
        if path.stat().st_size > LARGEST or path.is_symlink():
            return None
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    from pathspec import GitIgnoreSpec  # who scans one text does without

    kept = []
    for line in lines:
        try:
            GitIgnoreSpec.from_lines([line])
            kept.append(line)
        except ValueError:  # a pattern that git itself passes over
            continue
    return GitIgnoreSpec.from_lines(kept)


def _ignored(name: str, specs: tuple[tuple[str, GitIgnoreSpec], ...]) -> bool:
    """Whether git ignores a path: the nearest file that says anything of it decides."""
    for prefix, spec in reversed(specs):
        said = spec.check_file(name[len(prefix) :]).include
        if said is not None:
            return said
    return False
