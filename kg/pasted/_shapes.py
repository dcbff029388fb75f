"""What a pasted text is: a bill of materials, a model card, a file of a project, or a list of names.

Whoever pastes a text seldom says of which file it is; a name that is given decides before what the text looks like.
"""

from __future__ import annotations

import re
from typing import Any, Literal, NamedTuple

import msgspec

from kg.ingest.sources.card import front_matter

PasteSort = Literal["list", "card", "bom", "code"]

_CARD = frozenset(
    "base_model base_model_relation license license_name datasets library_name pipeline_tag model-index".split()
)
_TELLING = ("base_model", "license", "datasets")  # of which bare fields have one
_BOM = re.compile(
    r'"bomFormat"|"spdxVersion"|spdx\.org/rdf|cyclonedx\.org/schema/bom|^SPDXVersion:', re.M
)
_HEAD = 4_000  # characters in which a bill of materials says what it is
_FIELD = re.compile(r"(?P<key>[A-Za-z_][\w-]*):(?:\s|$)")
_REQUIREMENT = re.compile(
    r"-[\w-]+(?:[ =].*)?|[A-Za-z0-9][\w.-]*(?:\[[\w,. -]*\])?\s*(?:(?:[=~!<>]=?=?|@\s)\s*[^\s].*)?(?:;.*)?"
)
_PINNED = re.compile(
    r"[\w\])]\s*(?:[=~!<>]=|<|>)\s*\d|^-(?:r|e|c|f|i)\b|^--[\w-]+|;\s*python_version"
)
_MARKS = (  # a line of this kind, and the name of a file that has such
    (re.compile(r"^#!.*\bpython", re.M), "pasted.py"),
    (re.compile(r"^#!", re.M), "pasted.sh"),
    (
        re.compile(
            r"^(?:from\s+[\w.]+\s+import\s|import\s+[\w.]+(?:\s+as\s+\w+)?\s*$|(?:async\s+)?def\s+\w+\(|class\s+\w+[(:])",
            re.M,
        ),
        "pasted.py",
    ),
    (
        re.compile(
            r"^\[(?:project|build-system|dependency-groups|tool\.[\w.-]+|[\w.-]+)\]\s*$", re.M
        ),
        "pyproject.toml",
    ),
    (re.compile(r"^(?:PARAMETER|TEMPLATE|SYSTEM|ADAPTER)\s+\S", re.M), "Modelfile"),
    (re.compile(r"^(?:RUN|COPY|CMD|ENTRYPOINT|WORKDIR)\s+\S", re.M), "Dockerfile"),
    (re.compile(r"^FROM\s+\S+", re.M), "Modelfile"),
    (
        re.compile(
            r"^\s*(?:import\s[^\n]*\sfrom\s+[\"']|(?:export\s+)?(?:const|let|var)\s+\w+\s*[=:]|export\s+default)",
            re.M,
        ),
        "pasted.ts",
    ),
    (
        re.compile(
            r"^\s*\$?\s*(?:pip3?|uv|vllm|huggingface-cli|hf|ollama|docker|python3?|curl|git)\s+[\w-]",
            re.M,
        ),
        "pasted.sh",
    ),
)
_VARIABLE = re.compile(r"(?:export\s+)?[A-Z][A-Z0-9_]*=\S*")
_SETTING = re.compile(r"\s*(?:-\s+)?[\w.\"'-]+:(?:\s|$)|\s*-\s+\S")
_WORDS = 8  # a line of more is a sentence
TEXT = "pasted.md"  # the name under which running text is read
_MOST_SETTINGS = 0.8  # the share of lines that makes a text YAML


class PasteShape(NamedTuple):
    """What a text is."""

    sort: PasteSort
    file: str = ""  # a name by which its reader is chosen, of code
    names: tuple[str, ...] = ()  # of a list that is written as JSON


def find_shape(text: str, file: str = "") -> PasteShape:
    """What a pasted text is.

    Args:
        text: what was pasted.
        file: the name of the file that it is from; "" if that is not said.
    """
    if _BOM.search(text[:_HEAD]) and text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[", "<", "S"):
        return PasteShape("bom")
    known = _json(text)
    if is_bom(known):
        return PasteShape("bom")
    if _is_card(text):
        return PasteShape("card")
    if file and not file.casefold().endswith((".txt", ".csv", ".md")):
        return PasteShape("code", file)
    if file.casefold().startswith("requirements"):
        return PasteShape("code", file)
    if isinstance(known, list) and known and all(isinstance(one, str) for one in known):
        return PasteShape("list", names=tuple(known))
    if isinstance(known, (dict, list)):
        notebook = isinstance(known, dict) and "nbformat" in known
        return PasteShape("code", "pasted.ipynb" if notebook else "pasted.json")
    return _of_lines(text)


def is_bom(document: Any) -> bool:
    """Whether something read as JSON is a bill of materials, of whatever version."""
    if isinstance(document, list):
        return any(isinstance(one, dict) and "@type" in one for one in document)
    if not isinstance(document, dict):
        return False
    named = document.keys() & {"bomFormat", "spdxVersion", "@graph"}
    return bool(named) or "spdx.org/rdf" in str(document.get("@context"))


def _json(text: str) -> Any:
    """A text as JSON; None if it is none."""
    try:
        return msgspec.json.decode(text.removeprefix("\ufeff").encode())
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return None


def _is_card(text: str) -> bool:
    """Whether a text is a model card, or only the fields at its head."""
    if _CARD & front_matter(text, "card").keys():
        return True
    keys = set()
    for line in text.strip().splitlines():
        top = line[:1] not in (" ", "\t", "-", "#", "")
        found = _FIELD.match(line)
        if top and not found:
            return False
        keys |= {found["key"]} if found else set()
    return bool(keys & _CARD) and any(key in keys for key in _TELLING)


def _of_lines(text: str) -> PasteShape:
    """What a text is by its lines."""
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    code = [line for line in lines if not line.lstrip().startswith("#") and line.strip() != "---"]
    if any(map(_PINNED.search, code)) and all(
        _REQUIREMENT.fullmatch(line.strip()) for line in code
    ):
        return PasteShape("code", "requirements.txt")
    if any(line.lstrip().startswith("```") for line in lines):
        return PasteShape("code", TEXT)
    for mark, file in _MARKS:
        if mark.search(text):
            return PasteShape("code", file)
    if code and all(map(_VARIABLE.fullmatch, code)):
        return PasteShape("code", ".env")
    sentences = sum(len(line.split()) > _WORDS and "://" not in line for line in lines)
    if 2 * sentences > len(lines):
        return PasteShape("code", TEXT)
    settings = sum(bool(_SETTING.match(line)) for line in code)
    fields = sum(bool(_FIELD.match(line.strip().removeprefix("- "))) for line in code)
    if len(code) > 1 and fields and settings >= _MOST_SETTINGS * len(code):
        return PasteShape("code", "pasted.yaml")
    return PasteShape("list")
