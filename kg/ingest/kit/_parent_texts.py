"""What one text that should name a parent is: it is undressed, and read as an address, a path, an id, or prose."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal, NamedTuple

from kg.ingest.kit._parent_places import (
    is_hub_id,
    is_path,
    read_address,
    read_cache,
    told_path,
)
from kg.ingest.kit._parent_words import canonical_models, parent_words
from kg.language.memo import remembered

Sort = Literal["hub", "modelscope", "url", "path", "prose", "self", "placeholder"]

NAMES: frozenset[Sort] = frozenset({"hub", "modelscope", "self"})  # sorts that name a model
NOT_TEXT = "not written as text"

_REVISION = re.compile(r"[\w./-]{1,100}")
_MAIL = re.compile(r"[^/@\s]+@[^/@\s]+\.[^/@\s]+")
_VIEW = re.compile(r"([^/\s]+/[^/\s]+)/(?:tree|blob|resolve|raw|commit)/([^/\s]+)(?:/.*)?")
_QUANTIZATION = re.compile(
    r"(?:UD-)?(?:I?Q\d\w*|TQ\d\w*|BF16|F16|F32|FP16|FP32|FP8|MXFP4\w*|NVFP4|INT[48])", re.IGNORECASE
)
_HTML = re.compile(r"<a\b[^>]*\bhref\s*=\s*[\"']?([^\"'\s>]+)[^>]*>.*?</a>", re.IGNORECASE | re.S)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\(\s*<?([^()<>\s]+)>?[^()]*\)")
_BULLET = re.compile(r"(?:[-*•‣]|\d{1,2}[.)])\s+")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_WRAPS = dict(zip("`'\"“‘«「『([<*", "`'\"”’»」』)]>*", strict=True))
_TEMPLATE = re.compile(r"\{\{.*\}\}|\{%.*%\}|\{[\w. -]*\}|<[\w. -]+>|\$\{?[A-Z_]+\}?", re.S)


class ParentReference(NamedTuple):
    """What should name a parent, classified."""

    sort: Sort
    value: str  # the id, the address, or the text; of a path only what holds no user's name
    revision: str = ""
    note: str = ""  # what else was written with it

    @property
    def model(self) -> str:
        """The id of the model that is named; "" if none is."""
        hub = {"hub": "hf", "modelscope": "ms"}.get(self.sort)
        return f"model/{hub}/{self.value}" if hub else ""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a claim says beside the id."""
        return tuple(filter(None, (self.note, self.revision and f"revision {self.revision}")))

    @property
    def page(self) -> str:
        """Its address, if it is not one of the Hub."""
        return f"https://modelscope.cn/models/{self.value}" if self.sort == "modelscope" else ""


def classify(
    text: object, own: str = "", nothing: Callable[[str], bool] = lambda text: False
) -> ParentReference:
    """Say what one text is.

    Args:
        text: what stands where a parent should; anything but text is a placeholder.
        own: Hub id of the model itself.
        nothing: whether a text stands for no value.

    >>> classify("meta-llama/Llama-2-7b-hf").value, classify("`hf.co/a/b:Q4_K_M`")[:2]
    ('meta-llama/Llama-2-7b-hf', ('hub', 'a/b'))
    >>> classify("https://huggingface.co/meta-llama/Llama-2-7b-chat-hf/tree/main").revision
    'main'
    >>> classify("/root/autodl-tmp/models/qwythos-9b")[:2], classify("output/checkpoint-500")[:2]
    (('path', ''), ('path', 'output/checkpoint-500'))
    >>> classify("my own mix of things").sort, classify("a/B", "A/b").sort, classify(" ").sort
    ('prose', 'self', 'placeholder')
    """
    if not isinstance(text, str):
        value = str(text) if isinstance(text, int | float) and text else ""
        return ParentReference("placeholder", value, note=NOT_TEXT if value else "")
    plain, found = _found_in(text)
    if found.sort == "placeholder" or nothing(plain) or (text != plain and nothing(text)):
        return ParentReference("placeholder", plain or text.strip())
    if found.sort == "hub" and found.value.casefold() == own.casefold():
        return found._replace(sort="self")
    return found


@remembered
def _found_in(text: str) -> tuple[str, ParentReference]:
    """A text without its dress, and what that is."""
    plain = _undressed(text)
    if not plain or _is_placeholder(plain):
        return plain, ParentReference("placeholder", plain)
    return plain, _read(plain)


def _is_placeholder(text: str) -> bool:
    return text.casefold() in parent_words("placeholders") or is_template(text)


@remembered
def is_template(text: str) -> bool:
    """Whether a text is a place of a template that nobody filled in.

    >>> is_template("{{ license }}"), is_template("<your license>"), is_template("mit")
    (True, True, False)
    """
    return bool(_TEMPLATE.fullmatch(text.strip()))


# ---- the dress of a text


def _undressed(text: str) -> str:
    """A text without quotation marks, brackets, markup of a link and marks at its ends."""
    text = _UNSEEN.sub("", text).replace("\u00a0", " ").strip()
    for _ in range(6):  # quotation marks inside brackets inside …
        before = text
        text = _without_marks(_of_link(text))
        if text == before:
            return text
    return text


def _of_link(text: str) -> str:
    """The address of a link; its text, if that is an id and the address none."""
    if html := _HTML.fullmatch(text):
        return html[1]
    link = _LINK.fullmatch(text)
    if not link:
        return text
    said, address = _without_marks(link[1].strip()), link[2]
    leads = _read(address).sort in NAMES
    return said if not leads and "/" in said and _read(said).sort in NAMES else address


def _without_marks(text: str) -> str:
    text = _BULLET.sub("", text, count=1) if _BULLET.match(text) else text
    for start, end in _WRAPS.items():
        inner = text[1:-1]
        wrapped = len(text) > 2 and text[0] == start and text[-1] == end
        within = inner.strip(start + end)
        if wrapped and not (start in within or end in within):
            if start != "<" or "/" in inner:
                text = inner
        elif start == "*" and re.fullmatch(r"\*\*[^*]+\*\*", text):
            text = text[2:-2]
    if re.search(r"[^./\s]", text):
        text = text.strip(",;:。、，").rstrip("." if not text.endswith("..") else "")
    return text.strip()


# ---- what a text names


def _read(text: str) -> ParentReference:
    if text.casefold().startswith("pkg:huggingface/"):
        text = text.partition("/")[2].partition("?")[0].partition("#")[0]
    if address := read_address(text):
        return _of_address(address.site, address.name, address.revision, text)
    if cached := read_cache(text):
        return _of_address(cached.site, cached.name, cached.revision, text)
    name, at, revision = text.partition("@")
    if at and _named(name) and _REVISION.fullmatch(revision) and not _MAIL.fullmatch(text):
        return _named(name, revision) or ParentReference("prose", text)
    bare, tag = _without_tag(text)
    viewed = _VIEW.fullmatch(bare)
    if found := _named(viewed[1], viewed[2]) if viewed else _named(bare):
        return found._replace(note=tag)
    if _is_kaggle(text) or not is_path(text):
        return ParentReference("prose", text)
    return ParentReference("path", told_path(text))


def _of_address(site: str, name: str, revision: str, text: str) -> ParentReference:
    if site == "modelscope" and "/" in name:
        return ParentReference("modelscope", name, revision)
    if site == "hub" and (found := _named(name, revision)):
        return found
    return ParentReference("url", text)


def _named(name: str, revision: str = "") -> ParentReference | None:
    """The Hub id that a name is; one without an owner only if the Hub kept it so."""
    name = name.removesuffix("/").removesuffix(".git")
    if not is_hub_id(name) or is_path(name):
        return None
    if "/" in name:
        return ParentReference("hub", name, revision)
    known = name.casefold()
    return ParentReference("hub", known, revision) if known in canonical_models() else None


def _without_tag(text: str) -> tuple[str, str]:
    """A text without a query, a fragment and the name of a quantization, and that name.

    >>> _without_tag("a/b-GGUF:Q4_K_M"), _without_tag("llama3:8b")
    (('a/b-GGUF', 'Q4_K_M'), ('llama3:8b', ''))
    """
    if re.match(r"[\w.-]+/[\w.-]+/?[?#]", text):
        text = re.split(r"[?#]", text)[0]
    name, colon, tag = text.partition(":")
    return (name, tag) if colon and "/" in name and _QUANTIZATION.fullmatch(tag) else (text, "")


def _is_kaggle(text: str) -> bool:
    parts = text.split("/")
    return len(parts) in (4, 5) and parts[2].casefold() in parent_words("kaggle")
