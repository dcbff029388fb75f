"""What a text that should name a parent model really is: Hub id, address, path, prose, itself, nothing.

Nothing is guessed: only a Hub id, or an address of the Hub, names a model. All other texts stay
texts. A local path may hold a user's name, so it is never published.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple
from urllib.parse import unquote, urlsplit

from kg.licenses.shared_names import LicenseBearer

Sort = Literal["hub", "url", "path", "prose", "self", "placeholder"]

_PART = r"[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_-])?"  # huggingface_hub's validate_repo_id
_HUB = re.compile(rf"(?:{_PART}/)?{_PART}")
_LOCAL = re.compile(
    r"[/~.\\]|[A-Za-z]:[\\/]|file:|\$|.*\\|.*/.*/|.*\s[/~]\w", re.DOTALL | re.IGNORECASE
)
_REVISION = re.compile(r"[\w./-]{1,100}")
_MAIL = re.compile(r"[^/@]+@[^/@]+\.[^/@]+")
_HOSTS = {"huggingface.co", "www.huggingface.co", "hf.co"}
_AREAS = {"datasets", "spaces", "docs", "papers", "collections", "blog", "models"}
_VIEWS = ("tree", "blob", "resolve")


class ParentReference(NamedTuple):
    """A text that should name a parent, classified."""

    sort: Sort
    value: str  # the Hub id, the address, or the text; "" for a path
    revision: str = ""


def classify(text: object, own: str = "", nothing: frozenset[str] = frozenset()) -> ParentReference:
    """Say what a text is.

    Args:
        text: what stands where a parent should; anything but text is a placeholder.
        own: Hub id of the model itself.
        nothing: folded words that stand for no value.

    >>> classify("meta-llama/Llama-2-7b-hf").value
    'meta-llama/Llama-2-7b-hf'
    >>> classify("https://huggingface.co/meta-llama/Llama-2-7b-chat-hf/tree/main")
    ParentReference(sort='hub', value='meta-llama/Llama-2-7b-chat-hf', revision='main')
    >>> classify("/root/autodl-tmp/models/qwythos-9b")
    ParentReference(sort='path', value='', revision='')
    >>> classify("my own mix of things").sort, classify("a/B", "A/b").sort, classify(" ").sort
    ('prose', 'self', 'placeholder')
    """
    if not isinstance(text, str) or not text.strip() or text.strip().casefold() in nothing:
        return ParentReference("placeholder", str(text or "").strip())
    text = text.strip()
    if re.match(r"https?://", text, re.IGNORECASE):
        return _address(text, own)
    if _LOCAL.match(text):
        return ParentReference("path", "")
    name, at, revision = text.partition("@")
    if not is_hub_id(name) or (at and not _REVISION.fullmatch(revision)) or _MAIL.fullmatch(text):
        return ParentReference("prose", text)
    return _named(name, revision, own)


def _address(text: str, own: str) -> ParentReference:
    path = _path(text)
    if not path or path[0] in _AREAS:
        return ParentReference("url", text)
    cut = 1 if len(path) == 1 else 2
    name = "/".join(path[:cut])
    revision = path[3] if len(path) > 3 and path[2] in _VIEWS else ""
    return _named(name, revision, own) if is_hub_id(name) else ParentReference("url", text)


def _path(address: str) -> list[str]:
    """The parts of an address of the Hub; none if it is of another site."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return []
    return [unquote(p) for p in parts.path.split("/") if p] if host in _HOSTS else []


def _named(name: str, revision: str, own: str) -> ParentReference:
    same = name.casefold() == own.casefold()
    return ParentReference("self" if same else "hub", name, revision)


def is_hub_id(text: str) -> bool:
    """Whether a text has the shape of a Hub id, `org/name` or an old `name`.

    >>> is_hub_id("gpt2"), is_hub_id("a/b/c"), is_hub_id("two words"), is_hub_id("a--b")
    (True, False, False, False)
    """
    return bool(_HUB.fullmatch(text)) and "--" not in text and ".." not in text


def license_bearer(subject: str, hub: str, parents: Iterable[ParentReference]) -> LicenseBearer:
    """Whose a license is, for names that several texts share.

    Args:
        subject: id of the thing that bears it.
        hub: its Hub id; "" if its id is made of it.
        parents: what it was made from.

    >>> license_bearer("model/hf/a/b", "", [classify("c/d"), classify("/home/me")])
    LicenseBearer(own=('a/b',), bases=('c/d', ''))
    """
    own = hub or (subject.partition("/hf/")[2])
    bases = tuple(
        parent.value
        if parent.sort == "hub"
        else ""  # "" = one that cannot be found decides nothing
        for parent in parents
        if parent.sort not in ("self", "placeholder")
    )
    return LicenseBearer((own,) if own else (), bases)


def hub_dataset(address: str) -> str:
    """The Hub id of the dataset whose page an address is; "" if it is none.

    >>> hub_dataset("https://huggingface.co/datasets/allenai/c4/tree/main"), hub_dataset("https://a.example/b")
    ('allenai/c4', '')
    """
    parts = _path(address)
    if len(parts) < 2 or parts[0] != "datasets":
        return ""
    beyond = len(parts) > 3 and parts[2] in _VIEWS
    name = parts[1] if len(parts) == 2 or beyond else "/".join(parts[1:3])
    return name if is_hub_id(name) else ""
