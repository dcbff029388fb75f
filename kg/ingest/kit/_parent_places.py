"""Addresses and paths that stand where a parent should: which repository they are of, and what may be told.

A path may hold the name of a user. Nothing is told of one below a home folder; of another that begins at a root or
with a dot only its last part, if that looks like a model's name; `output/checkpoint-500` is told whole.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from kg.ingest.kit._parent_words import parent_words

_PART = r"[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_-])?"  # huggingface_hub's validate_repo_id
_HUB = re.compile(rf"(?:{_PART}/)?{_PART}")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]{1,30})(?:://|::)", re.IGNORECASE)
_GIT = re.compile(r"(?:ssh://)?git@([\w.-]+)[:/](.+)")
_DOMAIN = re.compile(r"[\w-]+(\.[\w-]+)*\.[a-z]{2,6}|\d{1,3}(\.\d{1,3}){3}", re.IGNORECASE)
_ABSOLUTE = re.compile(r"[/~\\$%]|[A-Za-z]:(?:[\\/]|$)|[a-z]{2,10}:/(?!/)", re.IGNORECASE)
_LOCAL = re.compile(r"\.{1,2}(?:[\\/]|$)|file:", re.IGNORECASE)
# A path in the midst of words
_WITHIN = re.compile(r"\s(?:/[\w.]|~\w*/|[A-Za-z]:[\\/]|\.{1,2}/)|\\")
# Layouts of caches: https://huggingface.co/docs/huggingface_hub/guides/manage-cache,
# https://www.modelscope.cn/docs/models/download (a dot is written ___), LM Studio's folder of models.
_HUB_CACHE = re.compile(r"(?:^|/)models--([^/\s]+)(?:/snapshots/([\w.-]+))?")
_STUDIO = re.compile(rf"/\.?(?:lm-?studio)/models/({_PART})/({_PART})(?:/|$)")
_MODELSCOPE = re.compile(
    rf"(?:^|/)modelscope/(?:hub/(?:models/)?|models/)(?:\._+temp/)?({_PART})/({_PART})(?:/|$)"
)
_DOTTED = re.compile(rf"(?:^|/)({_PART})/([\w-]*\w___\w[\w.-]*)(?:/|$)")
_CHECKPOINT = re.compile(r"(checkpoint|ckpt|global_?step|step|epoch|iter)[-_]?\d+", re.IGNORECASE)
_MODEL_LIKE = re.compile(r"(?=.*[A-Za-z]{2})(?=.*\d)[\w.-]{3,80}")
_PLAIN = re.compile(r"[\w.+ -]{1,100}")
_VIEWS = ("tree", "blob", "resolve", "raw", "commit", "edit", "blame")


class Repository(NamedTuple):
    """A repository that an address or a path is of."""

    site: str  # hub, modelscope, or "" for an address of elsewhere
    name: str = ""
    revision: str = ""


def is_hub_id(text: str) -> bool:
    """Whether a text has the shape of a Hub id, `org/name` or an old `name`.

    >>> is_hub_id("gpt2"), is_hub_id("a/b/c"), is_hub_id("two words"), is_hub_id("a--b")
    (True, False, False, False)
    """
    return bool(_HUB.fullmatch(text)) and "--" not in text and ".." not in text


def read_address(text: str) -> Repository | None:
    """The repository of an address, with or without its scheme; None if the text is no address.

    >>> read_address("hf.co/a/b/tree/main"), read_address("https://github.com/a/b"), read_address("a/b")
    (Repository(site='hub', name='a/b', revision='main'), Repository(site='', name='', revision=''), None)
    """
    if re.search(r"\s", text):
        return None
    if git := _GIT.fullmatch(text):
        return _page(f"//{git[1]}/{git[2]}")
    scheme = _SCHEME.match(text)
    if not scheme:
        return _page(f"//{text.lstrip('/')}") if _begins_with_host(text) else None
    name, rest = scheme[1].casefold(), text[scheme.end() :]
    if name in ("hf", "huggingface"):
        return _repository("hub", rest.removeprefix("models/").partition("?")[0])
    if name in ("ms", "modelscope"):
        return _repository("modelscope", rest.removeprefix("models/").partition("?")[0])
    if name == "file" or "::" in scheme[0]:
        return None
    return _page(f"//{rest}") if name in ("http", "https", "git+https", "ssh") else Repository("")


def _begins_with_host(text: str) -> bool:
    first, slash, rest = text.lstrip("/").partition("/")
    host, colon, port = first.rpartition("@")[2].partition(":")
    if not slash or (text.startswith("/") and not text.startswith("//")):
        return False
    if any(
        host.casefold() in parent_words(f"{site}_hosts") for site in ("hub", "modelscope", "other")
    ):
        return True
    if colon:
        return port.isdecimal() and len(host) > 1
    return bool(_DOMAIN.fullmatch(host)) and "/" in rest.strip("/")


def _page(address: str) -> Repository:
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").casefold()
    except ValueError:
        return Repository("")
    path = unquote(parts.path)
    for site in ("hub", "modelscope"):
        if host in parent_words(f"{site}_hosts"):
            return _repository(site, _without_interface(site, path))
    return Repository("")


def _without_interface(site: str, path: str) -> str:
    """The path of a page, that of a programming interface as well."""
    if site == "hub":
        return path.removeprefix("/api/models/")
    return re.sub(r"^/(?:api/v1/)?models/", "", path)


def _repository(site: str, path: str) -> Repository:
    """What a path of a site names: a model, if it is neither an account nor another kind of page."""
    parts = [part for part in path.split("/") if part]
    if not parts or parts[0].casefold() in parent_words("areas"):
        return Repository("")
    if len(parts) > 2 and parts[1] in _VIEWS:  # of a model without an owner
        parts.insert(0, "")
    names = [part.partition(":")[0] for part in parts[:2] if part]
    last, _, revision = names[-1].partition("@")
    names[-1] = last.removesuffix(".git")
    if not is_hub_id("/".join(names)):
        return Repository("")
    if len(parts) > 3 and parts[2] in _VIEWS:
        revision = parts[3] if parts[3] != "refs" else "/".join(parts[3:6])
    return Repository(site, "/".join(names), revision)


def dataset_path(address: str) -> list[str]:
    """The parts of the path of an address of the Hub; none if it is of another site."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").casefold()
    except ValueError:
        return []
    on_hub = host in parent_words("hub_hosts")
    return [unquote(part) for part in parts.path.split("/") if part] if on_hub else []


def read_cache(text: str) -> Repository | None:
    """The repository whose copy lies at a path by the documented layout of a cache; None if that is none.

    >>> read_cache("/home/kim/hub/models--a--b/snapshots/0f1e")
    Repository(site='hub', name='a/b', revision='0f1e')
    >>> read_cache("/root/.cache/modelscope/hub/Qwen/Qwen2___5-7B").name
    'Qwen/Qwen2.5-7B'
    """
    path = text.replace("\\", "/")
    if found := _HUB_CACHE.search(path):
        name = found[1].replace("--", "/")
        return Repository("hub", name, found[2] or "") if is_hub_id(name) else None
    if found := _STUDIO.search(path):
        return Repository("hub", f"{found[1]}/{found[2]}")
    found = _MODELSCOPE.search(path) or _DOTTED.search(path)
    if found and found[1].casefold() not in parent_words("folders"):
        return Repository("modelscope", f"{found[1]}/{found[2]}".replace("___", "."))
    return None


def is_path(text: str) -> bool:
    """Whether a text is, or holds, a path of a disk, or is the name of a file or of a checkpoint.

    >>> is_path("output/checkpoint-500"), is_path("models/x"), is_path("a/b"), is_path("made from /home/me")
    (True, True, False, True)
    """
    if _ABSOLUTE.match(text) or _LOCAL.match(text) or _WITHIN.search(text):
        return True
    if re.search(r"\s", text):
        return any(part.casefold() in parent_words("homes") for part in text.split("/")[:-1])
    parts = text.rstrip("/").split("/")
    first, last = parts[0].casefold(), parts[-1]
    if len(parts) > 1 and (first in parent_words("folders") or first in parent_words("areas")):
        return True
    ending = last.rpartition(".")[2].casefold() if "." in last else ""
    return (
        len(parts) > 2
        or bool(_CHECKPOINT.fullmatch(last))
        or ending in parent_words("files")
        or "" in parts
    )


def told_path(text: str) -> str:
    """What of a path may be told; "" if it may hold the name of a user.

    >>> told_path("output/checkpoint-500"), told_path("/home/me/x7b"), told_path("/models/llama-7b")
    ('output/checkpoint-500', '', 'llama-7b')
    """
    parts = [part for part in re.split(r"[\\/]", text) if part not in ("", ".", "..")]
    words = [part.casefold() for part in parts]
    homes = any(word in parent_words("homes") for word in words)
    within = re.search(r"\s", text) and _WITHIN.search(text)
    if (
        not parts
        or homes
        or within
        or re.match(r"[~$%]|\\\\|//|file:", text, re.IGNORECASE)
        or "@" in text
    ):
        return ""
    if not (_ABSOLUTE.match(text) or _LOCAL.match(text)):
        return "/".join(parts) if all(map(_PLAIN.fullmatch, parts)) else ""
    if words[0] in parent_words("disks"):
        return ""
    return parts[-1] if _MODEL_LIKE.fullmatch(parts[-1]) else ""
