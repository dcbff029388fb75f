"""Which reader a file belongs to, by its name."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from textwrap import dedent

import msgspec

from kg.scan._commands import scan_script
from kg.scan._keys import scan_json, scan_lines, scan_toml, scan_yaml
from kg.scan._notebook import scan_notebook
from kg.scan._places import ScannedText, style_of
from kg.scan._python import scan_python
from kg.scan._rules import find_key, name_rules
from kg.scan._text import scan_code, scan_marks, scan_prose
from kg.scan.finding import SURE, ScanCandidate, Sure

_PYTHON = (".py", ".pyi", ".pyw")
_SHELL = (".sh", ".bash", ".zsh", ".ksh", ".fish", ".slurm", ".sbatch", ".bat", ".cmd", ".ps1")
_CODE = (
    ".js",
    ".jsx",
    ".ts",
    ".tsx",
    ".mjs",
    ".cjs",
    ".vue",
    ".svelte",
    ".go",
    ".rs",
    ".java",
    ".kt",
    ".kts",
    ".scala",
    ".cs",
    ".rb",
    ".php",
    ".swift",
    ".dart",
    ".cpp",
    ".cc",
    ".c",
    ".h",
    ".hpp",
    ".lua",
    ".ex",
    ".exs",
    ".r",
    ".jl",
    ".tf",
    ".groovy",
    ".astro",
    ".jsonnet",
    ".nix",
    ".m",
    ".clj",
    ".hs",
    ".zig",
)
_PROSE = (".md", ".mdx", ".rst", ".txt", ".adoc", ".qmd", ".rmd", ".org")
_PAGES = (".html", ".htm", ".erb", ".ejs", ".hbs", ".twig", ".xml", ".cshtml", ".razor", ".heex")
_SETTINGS = (
    ".env",
    ".ini",
    ".cfg",
    ".conf",
    ".properties",
    ".j2",
    ".jinja",
    ".tpl",
    ".tmpl",
    ".gotmpl",
)
_BUILD = re.compile(
    r"(?:.*[.-])?(?:dockerfile|containerfile|makefile|justfile|procfile|earthfile|jenkinsfile)(?:[.-].*)?|gnumakefile|.*\.(?:dockerfile|mk|just)"
)
_HEREDOC = re.compile(r"(?<=[^<])<<-?\s*(?P<quote>[\"']?)(?P<end>[A-Za-z_]\w*)(?P=quote)")
_WRITTEN = re.compile(r"(?:>{1,2}|\btee\s)\s*[\"']?(?P<file>[^\s\"'<>|;&]+)")
_ENVIRON = re.compile(r"\.?env(?:rc)?(?:[.-].*)?|.*\.env(?:[.-].*)?")
_MODELFILE = re.compile(r"(?:.*[.-])?modelfile(?:[.-].*)?")
_FROM = re.compile(r"^\s*(?P<word>FROM|ADAPTER)\s+(?P<id>\S+)", re.IGNORECASE)
_LONGEST_LINE = 4_000  # characters
_LONGEST_FRONT = 400  # lines of what stands before a text, as a card of the Hub has it
_FENCE = re.compile(r"^\s*(?P<mark>```+|~~~+)\s*\{?\.?(?P<name>[\w+-]*)")


def read_source(source: ScannedText, within: bool = False) -> list[ScanCandidate]:
    """What a text names, by the reader that its name asks for; the surest where several found the same.

    Args:
        source: the text with its name; takes what could not be read as well.
        within: whether it is a here-document itself, in which none is looked for.
    """
    name = _without_copied(source.file.casefold())
    if not within and (name.endswith((".yaml", ".yml", *_SHELL)) or _BUILD.fullmatch(name)):
        _heredocs(source)
    if name.endswith(".ipynb"):
        scan_notebook(source, _python, scan_prose, read_source)
    elif name.endswith(_PYTHON):
        _python(source)
    elif name.endswith((".yaml", ".yml", ".cff")):
        scan_yaml(source)
    elif name.endswith((".json", ".jsonc", ".json5", ".webmanifest")):
        scan_json(source)
    elif name.endswith(".toml"):
        scan_toml(source)
    elif _MODELFILE.fullmatch(name):
        _modelfile(source)
    elif _BUILD.fullmatch(name) or name.endswith(_SHELL):
        _shell(source)
    elif _ENVIRON.fullmatch(name) or name.endswith(_SETTINGS):
        scan_lines(source)
    elif name.endswith(_CODE):
        scan_code(source)
    elif name.startswith("requirements"):
        scan_marks(source)
    elif name.endswith(_PAGES):
        scan_code(source)
    elif name.endswith(_PROSE):
        _prose(source)
        if name.endswith(".txt"):
            _list(source, name)
    elif source.text.startswith("#!"):
        _script(source)
    elif "." not in name:
        scan_prose(source)
    else:
        scan_code(source)
    return surest(source.found)


def _without_copied(name: str) -> str:
    """The name of a file that is there to be copied, without what says so.

    >>> _without_copied("settings.yaml.example"), _without_copied("a.j2")
    ('settings.yaml', 'a.j2')
    """
    plain = name.removesuffix(next((e for e in name_rules().copied if name.endswith(e)), ""))
    return plain if "." in plain.lstrip(".") else name


def _heredocs(source: ScannedText) -> None:
    """What a script writes into a file, or gives to Python or to Kubernetes, line by line after `<<`."""
    if "<<" not in source.text:
        return
    ends: dict[str, list[int]] = {}
    for at, line in enumerate(source.lines):
        ends.setdefault(line.strip(), []).append(at)
    after = 0  # the block before
    for at, line in enumerate(source.lines):
        found = _HEREDOC.search(line) if at >= after and len(line) < _LONGEST_LINE else None
        closing = ends.get(found["end"], []) if found else []
        following = bisect_right(closing, at)
        if found is None or following == len(closing):
            continue
        after = closing[following]
        block = source.lines[at + 1 : after]
        if name := _heredoc_name(line[: found.start()] + line[found.end() :], block):
            numbers = [source.number(one + 1) for one in range(at + 1, after)]
            inner = ScannedText(
                dedent("\n".join(block)), source.name, numbers, style=style_of(name)
            )
            inner.file = name
            read_source(inner, within=True)
            source.found += inner.found


def _heredoc_name(command: str, block: Sequence[str]) -> str:
    """A name of a file with what a command is given; "" if nothing tells which it is."""
    if not block:
        return ""
    if written := _WRITTEN.search(command):
        return written["file"].rpartition("/")[2]
    if re.search(r"\bpython[\d.]*\b", command):
        return "given.py"
    return "given.yaml" if any(one.lstrip().startswith("apiVersion:") for one in block) else ""


def is_telling_file(file: str) -> bool:
    """Whether a file is read whatever stands in it, by its name, in lower case."""
    return _MODELFILE.fullmatch(file) is not None


def surest(found: Iterable[ScanCandidate]) -> list[ScanCandidate]:
    """Of finds of one name in one line the surest, in the order of the file."""
    best: dict[tuple[str, int, str], ScanCandidate] = {}
    for one in found:
        key = one.finding.file, one.finding.line, one.finding.what
        held = best.get(key)
        if held is None or _weight(one) < _weight(held):
            best[key] = one
    return sorted(best.values())


def _weight(one: ScanCandidate) -> tuple[bool, int, bool]:
    finding = one.finding
    return one.needs_known, SURE.index(finding.sure), finding.kind == "model"


def _python(source: ScannedText) -> None:
    """A file of Python; one that is not is searched as other code is."""
    try:
        scan_python(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        source.unread = True
        scan_code(source)


def _script(source: ScannedText) -> None:
    if "python" in source.lines[0]:
        _python(source)
    else:
        _shell(source)


def _shell(source: ScannedText) -> None:
    """Commands, variables, and programs of other languages within them."""
    scan_script(source, source.text)
    scan_lines(source)
    scan_code(source)


def _modelfile(source: ScannedText) -> None:
    """Ollama's description of a model, docs/modelfile.md of ollama/ollama: FROM and ADAPTER name others."""
    for number, line in enumerate(source.lines, 1):
        if found := _FROM.match(line):
            adapter = found["word"].upper() == "ADAPTER"
            source.name_at(
                found["id"],
                number,
                f"Modelfile: {found['word'].upper()}",
                "command",
                kind="weights"
                if found["id"].casefold().endswith((".gguf", ".safetensors"))
                else "adapter"
                if adapter
                else "model",
                host="ollama",
                after=found.start("id"),
            )


def _prose(source: ScannedText) -> None:
    """A text for people; what its blocks of code use is told as text."""
    scan_prose(source)
    if source.lines[0].rstrip() == "---" and "---" in source.lines[1:_LONGEST_FRONT]:
        _block(source, "yaml", source.lines[1 : source.lines.index("---", 1)], 1)
    fence, language, start, block = "", "", 0, list[str]()
    for number, line in enumerate(source.lines, 1):
        found = _FENCE.match(line)
        if fence:
            if line.strip().startswith(fence):
                _block(source, language, block, start)
                fence = ""
            else:
                block.append(line)
        elif found:
            fence, language, start, block = found["mark"], found["name"].casefold(), number, []


def _list(source: ScannedText, name: str) -> None:
    """A text whose name says that its lines are models, such as models.txt."""
    rule = find_key(name.removesuffix(".txt"), source.file)
    for number, line in enumerate(source.lines, 1):
        if rule and rule.kind != "none":
            use = f"file: {source.file}"
            source.name_at(
                line, number, use, "key", kind=rule.kind, host=rule.host, accept="id", below=False
            )


def _block(source: ScannedText, language: str, block: list[str], start: int) -> None:
    text = "\n".join(block)
    lines = [start + at for at in range(1, len(block) + 1)]
    style = "python" if language.startswith("py") else style_of(f".{language}")
    inner = ScannedText(text, source.name, lines or [start], style=style)
    if language in ("python", "py", "python3", "pycon"):
        _python(inner)
    elif language in ("yaml", "yml"):
        scan_yaml(inner)
    elif language in ("json", "jsonc"):
        scan_json(inner)
    elif language in ("", "sh", "bash", "shell", "console", "zsh", "text", "cmd", "powershell"):
        plain = "\n".join(line.removeprefix("$ ") for line in block)
        scan_script(inner, plain)
    elif language in ("js", "javascript", "ts", "typescript"):
        scan_code(inner)
    elif language in ("env", "dotenv", "ini", "toml"):
        scan_lines(inner)
    text_sure: Sure = "text"
    for one in inner.found:
        source.found.append(
            one._replace(finding=msgspec.structs.replace(one.finding, sure=text_sure))
        )
